//! Has cornucopia generate its module against a throw-away database.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use howdah_codegen::scratch::Server;

const SCHEMA: &str = "../schema.sql";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed=queries");
    let generated = PathBuf::from(std::env::var("OUT_DIR")?).join("generated");
    let database = Server::shared()?.database()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let client = runtime.block_on(async {
        let connecting = tokio_postgres::connect(database.url(), tokio_postgres::NoTls);
        let (client, connection) = connecting.await?;
        tokio::spawn(connection);
        client.batch_execute(&fs::read_to_string(SCHEMA)?).await?;
        Ok::<_, Box<dyn Error>>(client)
    })?;
    let config = cornucopia::config::Config::builder()
        .queries("queries")
        .destination(generated)
        .build();
    cornucopia::gen_live(&client, config)?;
    Ok(())
}
