//! Tests that need a server, or databases, that nothing else is using.

mod authentication;
mod faults;
#[cfg(target_os = "linux")]
mod memory;
mod pgbouncer;
mod schema_files;
mod scratch;
mod scratch_owner;
mod soundness;
mod tls;

use howdah_codegen::migrations::{SqlFile, Transaction};
use howdah_codegen::scratch::{Database, SchemaError, ScratchError, Server};
use tokio_postgres::NoTls;

/// The first column of the first row of `sql`, as text.
fn ask(database: &Database, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
            .await
            .unwrap();
        let driver = tokio::spawn(connection);
        let rows = client.simple_query(sql).await.unwrap();
        drop(client);
        driver.await.unwrap().unwrap();
        let first = rows.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => {
                Some(row.get(0).unwrap_or("NULL").to_owned())
            }
            _ => None,
        });
        first.unwrap_or_default()
    })
}

fn file(sql: &str, transaction: Transaction) -> SqlFile {
    SqlFile {
        path: "schema.sql".into(),
        sql: sql.to_owned(),
        transaction,
    }
}

/// Loads `files` into a database of their own.
fn load(files: &[SqlFile]) -> Result<Database, ScratchError> {
    let database = Server::shared().unwrap().database()?;
    database.load(files).map(|()| database)
}

#[track_caller]
fn refused(sql: &str) -> SchemaError {
    load(&[file(sql, Transaction::PerStatement)])
        .unwrap_err()
        .schema_error()
        .unwrap()
        .clone()
}
