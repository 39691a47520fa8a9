//! What many tests begin with: a database of their own, a pool on it; and futures that are dropped on their way.

use std::{future::poll_fn, pin::pin, task::Poll};

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

/// Polls `work` so many times, whenever it is woken, and drops it; whether it was done.
pub(crate) async fn poll_and_drop(work: impl Future<Output = ()>, polls: usize) -> bool {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|cx| {
        if left > 0 && work.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        match left {
            0 => Poll::Ready(false),
            _ => Poll::Pending,
        }
    })
    .await
}
