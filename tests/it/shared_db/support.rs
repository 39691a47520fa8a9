//! The start of many tests: a separate database, and a pool on it.

use howdah::Pool;
use howdah_codegen::{
    migrations::{SqlFile, Transaction},
    scratch::{Database, Server},
};

/// The pool, and the database that lives as long as it is held.
pub(crate) async fn pool() -> (Pool, Database) {
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    (pool, database)
}

/// The same, with PostGIS.
pub(crate) async fn spatial_pool() -> (Pool, Database) {
    Server::shared()
        .unwrap()
        .require_extension("postgis")
        .unwrap();
    let (pool, database) = pool().await;
    pool.batch_execute("create extension postgis")
        .await
        .unwrap();
    (pool, database)
}

/// A database of the test's own with this schema.
pub(crate) fn database_with(schema: &str) -> Database {
    let database = Server::shared().unwrap().database().unwrap();
    let file = SqlFile {
        path: "schema.sql".into(),
        sql: schema.to_owned(),
        transaction: Transaction::PerFile,
    };
    database.load(&[file]).unwrap();
    database
}
