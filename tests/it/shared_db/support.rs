//! A pool on a database of the test's own.

use howdah::Pool;
use howdah_codegen::scratch::{Database, Server};

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
