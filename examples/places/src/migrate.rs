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

/// Runs the migrations that are new to this database, and returns their names.
///
/// # Errors
///
/// When the database cannot be reached, or a migration fails. Those before it stay.
pub async fn migrate(pool: &Pool) -> Result<Vec<&'static str>, Error> {
    pool.batch_execute(
        "create table if not exists migrations (name text primary key, run_at timestamptz not null default now())",
    )
    .await?;
    let mut run = Vec::new();
    for (name, sql) in MIGRATIONS {
        let is_new = pool
            .transaction(async |tx| {
                // A second process that comes to this line waits for the first.
                let noted = howdah::query(
                    "insert into migrations (name) values ($1) on conflict do nothing",
                )
                .bind(name)
                .execute(tx)
                .await?;
                if noted == 1 {
                    tx.batch_execute(sql).await?;
                }
                Ok::<_, Error>(noted == 1)
            })
            .await?;
        if is_new {
            run.push(name);
        }
    }
    Ok(run)
}
