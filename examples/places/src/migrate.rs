//! Brings a database up to date: runs each migration that it has not seen, in a transaction of its own.
//!
//! The same files are what `howdah generate` checks the queries against.

use howdah::{Error, Pool};

const MIGRATIONS: [(&str, &str); 2] = [
    ("0001_places", include_str!("../migrations/0001_places.sql")),
    (
        "0002_countries",
        include_str!("../migrations/0002_countries.sql"),
    ),
];

/// Runs the migrations that are new to this database, and returns their names. Of processes that start at once, one runs
/// them, and the others wait for it.
///
/// # Errors
///
/// When the database cannot be reached, or a migration fails. Those before it stay.
pub async fn migrate(pool: &Pool) -> Result<Vec<&'static str>, Error> {
    // `if not exists` alone does not keep two processes from creating the same table.
    let mut lock = pool.lock("migrations of places").await?;
    let connection = lock.connection();
    connection
        .batch_execute(
            "create table if not exists migrations (name text primary key, run_at timestamptz not null default now())",
        )
        .await?;
    let mut run = Vec::new();
    for (name, sql) in MIGRATIONS {
        let is_new = connection
            .transaction(async |tx| {
                let noting = howdah::query(
                    "insert into migrations (name) values ($1) on conflict do nothing",
                );
                let is_new = noting.bind(name).execute(tx).await? == 1;
                if is_new {
                    tx.batch_execute(sql).await?;
                }
                Ok::<_, Error>(is_new)
            })
            .await?;
        if is_new {
            run.push(name);
        }
    }
    lock.release().await?;
    Ok(run)
}
