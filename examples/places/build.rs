//! Writes the query modules to `OUT_DIR`, from the `.sql` files and what `howdah.lock` knows of them.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    howdah_codegen::Config::from_file("howdah.toml")?
        .offline()
        .generate()?;
    Ok(())
}
