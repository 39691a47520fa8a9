//! Every table of `schema.sql` is filled with random rows through the builders, which are read, updated, upserted and deleted,
//! one by one and in bulk; after each step the table holds what the same in plain SQL makes of a copy of it.

mod check;
mod keyed;
mod plain;
mod steps;

use howdah::Pool;
use howdah_codegen::scratch::Server;

use check::Counts;

include!(concat!(env!("OUT_DIR"), "/every.rs"));

#[tokio::test]
async fn builders_do_what_plain_sql_does_on_tables_of_every_kind() {
    let database = Server::shared().unwrap().database().unwrap();
    let setup = Pool::connect(database.url()).await.unwrap();
    for sql in [
        include_str!("../../schema.sql"),
        include_str!("../../src/random.sql"),
        include_str!("../../src/free.sql"),
    ] {
        setup.batch_execute(sql).await.unwrap();
    }
    let pool = Pool::connect(database.url()).await.unwrap();
    let found = every(&pool).await;
    let mut total = Counts::default();
    let mut wrong = Vec::new();
    for (table, result) in &found {
        match result {
            Ok(counts) => total.add(counts),
            Err(message) => wrong.push(format!("{table}: {message}")),
        }
    }
    println!("{} tables: {total:?}", found.len() - wrong.len());
    assert!(!found.is_empty());
    assert!(
        wrong.is_empty(),
        "{} of {} tables:\n{}",
        wrong.len(),
        found.len(),
        wrong.join("\n")
    );
}
