//! Runs schema and migration files in a database, each on a clean session, and converts the server's errors to a
//! [`SchemaError`] that points into the file.

use bytes::Bytes;
use futures_util::SinkExt;
use std::ops::Range;
use std::pin::pin;
use tokio_postgres::Client;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::error::{SchemaError, ScratchError};
use super::extensions;
use super::install::{self, System};
use super::session::{self, Session};
use super::statements::{self, Step};
use crate::catalog::quoted;
use crate::migrations::{SqlFile, Transaction};

/// Runs `files` in order in the database at `url`, and stops at the first error.
///
/// Each file starts with a clean session: the `search_path` that one file sets, like those of pg_dump, does not affect
/// the next. If a file should run in one transaction, but has a statement that cannot (such as `CREATE INDEX
/// CONCURRENTLY`), it is run again, statement by statement.
///
/// # Errors
///
/// The first statement that fails, as [`ScratchError::schema_error`]; or the database cannot be reached.
pub fn load(url: &str, files: &[SqlFile]) -> Result<(), ScratchError> {
    session::block_on(async {
        let connected = Session::open(url).await;
        let session =
            connected.map_err(|error| ScratchError::sql("connect to the scratch server", error))?;
        let result = load_files(&session, files).await;
        session.close().await;
        result
    })
}

async fn load_files(session: &Session, files: &[SqlFile]) -> Result<(), ScratchError> {
    let asked = session.server_major().await;
    let major = asked.map_err(|error| ScratchError::sql("ask for the server's version", error))?;
    for file in files {
        load_file(
            &Target {
                client: &session.client,
                major,
            },
            file,
        )
        .await?;
    }
    Ok(())
}

/// The database and connection that files are run on.
struct Target<'a> {
    client: &'a Client,
    major: u32,
}

async fn load_file(target: &Target<'_>, file: &SqlFile) -> Result<(), ScratchError> {
    let steps = statements::plan(&file.sql).map_err(|refused| {
        let mut error = SchemaError::new(&file.path, &file.sql, refused.place, refused.message);
        error.hint = Some(refused.hint.to_owned());
        error
    })?;
    let mut result = run(target, file, &steps, file.transaction).await;
    if file.transaction == Transaction::PerFile
        && result.as_ref().is_err_and(cannot_run_in_transaction)
    {
        clean(target.client, "rollback; discard all").await?;
        result = run(target, file, &steps, Transaction::PerStatement).await;
    }
    result?;
    target
        .client
        .batch_execute("discard all")
        .await
        .map_err(|error| {
            if error.code() == Some(&SqlState::ACTIVE_SQL_TRANSACTION) {
                let end = file.sql.trim_end().len();
                let message = "the file ends inside the transaction that it began";
                SchemaError::new(&file.path, &file.sql, end..end, message).into()
            } else {
                ScratchError::sql("clean the session", error)
            }
        })
}

/// `sql` is sent statement by statement, because DISCARD ALL must be alone.
async fn clean(client: &Client, sql: &str) -> Result<(), ScratchError> {
    for statement in sql.split(';') {
        let done = client.batch_execute(statement).await;
        done.map_err(|error| ScratchError::sql("clean the session", error))?;
    }
    Ok(())
}

async fn run(
    target: &Target<'_>,
    file: &SqlFile,
    steps: &[Step],
    transaction: Transaction,
) -> Result<(), SchemaError> {
    let Target { client, major } = *target;
    let whole = 0..file.sql.len();
    let control = async |sql: &str| {
        let done = if transaction == Transaction::PerFile {
            client.batch_execute(sql).await
        } else {
            Ok(())
        };
        done.map_err(|error| refusal(file, &whole, major, &error))
    };
    control("begin").await?;
    for step in steps {
        match step {
            Step::Statement(range) => {
                let Some(sql) = understood(&file.sql[range.clone()], major) else {
                    continue;
                };
                let done = client.batch_execute(sql).await;
                done.map_err(|error| refusal(file, range, major, &error))?;
            }
            Step::Copy { statement, data } => {
                let done = copy(
                    client,
                    &file.sql[statement.clone()],
                    &file.sql[data.clone()],
                )
                .await;
                done.map_err(|error| refusal(file, statement, major, &error))?;
            }
        }
    }
    control("commit").await
}

/// The statement to send instead of `sql`, if any: pg_dump also writes what each new database has, and settings that an
/// older server does not know. psql goes on after their errors.
fn understood(sql: &str, major: u32) -> Option<&str> {
    let folded = |word: &str| match word.starts_with('"') {
        true => word.to_owned(),
        false => word.to_ascii_lowercase(),
    };
    let words = sql.trim_end_matches(';').split_whitespace();
    let words: Vec<String> = words.take(4).map(folded).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["create", "schema", "public" | "\"public\""] => Some("create schema if not exists public"),
        ["set", "transaction_timeout", ..] if major < 17 => None,
        _ => Some(sql),
    }
}

async fn copy(client: &Client, statement: &str, data: &str) -> Result<(), tokio_postgres::Error> {
    let mut sink = pin!(client.copy_in(statement).await?);
    sink.send(Bytes::copy_from_slice(data.as_bytes())).await?;
    sink.finish().await?;
    Ok(())
}

fn cannot_run_in_transaction(error: &SchemaError) -> bool {
    let states = [
        SqlState::ACTIVE_SQL_TRANSACTION,
        SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE,
    ];
    error
        .sqlstate
        .as_ref()
        .is_some_and(|code| states.iter().any(|state| state.code() == code))
}

/// The server's error about the statement at `place`.
fn refusal(
    file: &SqlFile,
    place: &Range<usize>,
    major: u32,
    error: &tokio_postgres::Error,
) -> SchemaError {
    let Some(db) = error.as_db_error() else {
        return SchemaError::new(&file.path, &file.sql, place.clone(), error.to_string());
    };
    let mut refusal = SchemaError::new(&file.path, &file.sql, place.clone(), db.message());
    refusal.sqlstate = Some(db.code().code().to_owned());
    refusal.detail = detail(db);
    refusal.hint = missing_extension(db.message(), major)
        .or_else(|| of_extension(db.message()))
        .or_else(|| missing_object(db.message()).map(str::to_owned))
        .or_else(|| db.hint().map(str::to_owned));
    if let Some(ErrorPosition::Original(position)) = db.position() {
        // The server counts characters from 1.
        let sql = &file.sql[place.clone()];
        let offset = sql
            .char_indices()
            .nth(*position as usize - 1)
            .map_or(sql.len(), |(offset, _)| offset);
        refusal.point_at(&file.sql, place.start + offset);
    }
    refusal
}

/// The server's DETAIL and CONTEXT, such as the position in functions or COPY data.
fn detail(db: &DbError) -> Option<String> {
    match (db.detail(), db.where_()) {
        (Some(detail), Some(context)) => Some(format!("{detail}\n{context}")),
        (detail, context) => detail.or(context).map(str::to_owned),
    }
}

/// What to install, if the message says that an extension's files are missing.
fn missing_extension(message: &str, major: u32) -> Option<String> {
    let name = message
        .strip_prefix("extension \"")?
        .strip_suffix("\" is not available")?;
    Some(install::extension_advice(System::current(), name, major))
}

/// Where something comes from that extensions bring, and that the schema does not have.
fn of_extension(message: &str) -> Option<String> {
    let extension = extensions::missed(message)?;
    Some(format!(
        "it comes with an extension: run `create extension {}` before this, here or in a file before this one",
        quoted(extension)
    ))
}

/// What to do about what only other servers have.
fn missing_object(message: &str) -> Option<&'static str> {
    let kind = message.strip_suffix("does not exist")?.split(' ').next()?;
    Some(match kind {
        "role" => {
            "a new server has none but its own: leave owners and grants out, as `pg_dump --no-owner --no-privileges` does, \
             or have a file before this one create it"
        }
        "language" => "have a file before this one run `create extension` for it",
        "collation" => {
            "a new server has the locales of this machine: have a file before this one `create collation`, or check \
             against a database that has it, with --database-url"
        }
        _ => return None,
    })
}
