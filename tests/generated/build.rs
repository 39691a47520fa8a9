//! Makes a module of each golden case's expected output, so that all of it is compiled with the tests.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn folders(dir: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo:rerun-if-changed={}", dir.display());
    let mut folders = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../golden");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("golden.rs");
    let mut out = fs::File::create(out)?;
    for feature in folders(&root)? {
        for case in folders(&feature)? {
            println!("cargo:rerun-if-changed={}", case.display());
            let module = case.join("expected/mod.rs");
            if !module.exists() {
                continue;
            }
            let name = |path: &Path| {
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .replace('-', "_")
            };
            writeln!(
                out,
                "/// Generated from `{}/{}`.",
                name(&feature),
                name(&case)
            )?;
            writeln!(out, "#[path = {:?}]", module.display().to_string())?;
            writeln!(out, "pub mod {}_{};", name(&feature), name(&case))?;
        }
    }
    Ok(())
}
