//! What the tests of golden cases start with.

use std::error::Error;
use std::fs;
use std::path::Path;

use howdah::Pool;
use howdah_codegen::scratch::{Database, Server};

/// A pool of a new database with the schema of a golden case, such as `types/records`.
pub(crate) async fn pool(case: &str) -> Result<(Pool, Database), Box<dyn Error>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden");
    let schema = fs::read_to_string(golden.join(case).join("schema.sql"))?;
    let database = Server::shared()?.database()?;
    let pool = Pool::connect(database.url()).await?;
    pool.batch_execute(&schema).await?;
    Ok((pool, database))
}
