//! The peers: each runs the same cases over its own connections, written as its documentation recommends.

mod bare;
#[cfg(feature = "peers")]
mod cornucopia;
#[cfg(feature = "peers")]
mod deadpool;
#[cfg(feature = "peers")]
mod diesel;
mod floor;
mod howdah;
mod lean;
mod rows;
#[cfg(feature = "peers")]
mod sea_orm;
#[cfg(feature = "peers")]
mod sqlx;

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::queries::schema;

/// The error of a peer.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A running case.
pub type Running<'p> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'p>>;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// One row of plain columns by its key.
    Item,
    /// This many rows of plain columns into a `Vec` of structs.
    Items(i64),
    /// One row with a text array, jsonb, numeric and timestamptz by its key.
    Document,
    /// This many of these rows.
    Documents(i64),
    /// One row inserted.
    Insert,
    /// This many rows inserted at once, in the library's own way.
    InsertMany(usize),
    /// A hundred rows by key, one after the other.
    KeysInTurn,
    /// A hundred rows by key over one connection at once.
    KeysAtOnce,
    /// A hundred rows by key in one statement.
    KeysGathered,
    /// 64 tasks on 8 connections, four rows by key each.
    Tasks,
    /// BEGIN, a row by key, COMMIT.
    Transaction,
}

/// The number of keys in one scope.
pub const MANY: usize = 100;

/// The number of tasks that share the connections. Each reads [`READS`] rows.
pub const TASKS: usize = 64;
/// See [`TASKS`].
pub const READS: usize = 4;

/// The number of connections of a pool.
pub const CONNECTIONS: usize = 8;

impl Case {
    /// All cases in the order of the table.
    pub const ALL: [Self; 15] = [
        Self::Item,
        Self::Document,
        Self::Items(10),
        Self::Items(100),
        Self::Items(1_000),
        Self::Items(10_000),
        Self::Documents(1_000),
        Self::Insert,
        Self::InsertMany(100),
        Self::InsertMany(10_000),
        Self::KeysInTurn,
        Self::KeysAtOnce,
        Self::KeysGathered,
        Self::Tasks,
        Self::Transaction,
    ];

    /// Its name in the table.
    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Item => "one row by key".to_owned(),
            Self::Document => "one full row by key".to_owned(),
            Self::Items(count) => format!("{count} plain rows"),
            Self::Documents(count) => format!("{count} full rows"),
            Self::Insert => "insert 1 row".to_owned(),
            Self::InsertMany(count) => format!("insert {count} rows"),
            Self::KeysInTurn => format!("{MANY} rows by key, in turn"),
            Self::KeysAtOnce => format!("{MANY} rows by key, pipelined"),
            Self::KeysGathered => format!("{MANY} rows by key, in one statement"),
            Self::Tasks => format!("{TASKS} tasks on {CONNECTIONS} connections"),
            Self::Transaction => "BEGIN, row, COMMIT".to_owned(),
        }
    }

    /// The number of operations in one run: enough for some ten milliseconds, and at least several.
    #[must_use]
    pub fn times(self) -> usize {
        match self {
            Self::Item | Self::Document | Self::Items(10) | Self::Insert => 200,
            Self::Transaction => 60,
            Self::Items(100) => 60,
            Self::InsertMany(100) | Self::KeysGathered => 20,
            Self::InsertMany(_) => 4,
            Self::Items(1_000) => 10,
            Self::Items(_) => 4,
            Self::Documents(_) => 4,
            Self::KeysInTurn | Self::KeysAtOnce => 2,
            Self::Tasks => 1,
        }
    }
}

/// A library in the comparison.
pub trait Peer: Send + Sync {
    /// Its name in the table.
    fn name(&self) -> &'static str;

    /// Runs a case this many times. `None` if the library does not support it.
    fn run(&self, case: Case, times: usize) -> Option<Running<'_>>;
}

/// Connects every peer. The others are compared with the first.
///
/// # Errors
///
/// When one cannot connect.
pub async fn connect(url: &str) -> Result<Vec<Box<dyn Peer>>, Failure> {
    #[cfg_attr(not(feature = "peers"), expect(unused_mut))]
    let mut peers: Vec<Box<dyn Peer>> = vec![
        Box::new(bare::Bare::connect(url).await?),
        Box::new(howdah::Howdah::connect(url)?),
        Box::new(lean::Lean::connect(url)?),
        Box::new(floor::Floor::connect(url)?),
    ];
    #[cfg(feature = "peers")]
    peers.extend([
        Box::new(cornucopia::Cornucopia::connect(url)?) as Box<dyn Peer>,
        Box::new(deadpool::Deadpool::connect(url)?),
        Box::new(diesel::Diesel::connect(url)?),
        Box::new(sqlx::Sqlx::connect(url, sqlx::Acquire::Once)?),
        Box::new(sqlx::Sqlx::connect(url, sqlx::Acquire::EachTime)?),
        Box::new(sea_orm::SeaOrm::connect(url).await?),
    ]);
    Ok(peers)
}

/// The next key of `items`, in turn.
fn next_key() -> i64 {
    static KEY: AtomicI64 = AtomicI64::new(0);
    KEY.fetch_add(1, Ordering::Relaxed) % 10_000 + 1
}

/// A hundred keys for [`Case::KeysGathered`].
fn next_keys() -> Vec<i64> {
    (0..MANY).map(|_| next_key()).collect()
}

/// The next key of `documents`.
fn next_document() -> i64 {
    next_key() % 1_000 + 1
}

/// A row that [`Case::InsertMany`] inserts.
#[derive(::howdah::PgInsert)]
#[pg(table = schema::entries, crate = ::howdah)]
struct Entry {
    name: String,
    quantity: i32,
}

/// The most rows that [`Case::InsertMany`] asks for.
const MOST_ENTRIES: usize = 10_000;

/// The first `count` rows to insert.
fn entries(count: usize) -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| {
        let entries = (0..).take(MOST_ENTRIES).map(|quantity| Entry {
            name: format!("entry {quantity}"),
            quantity,
        });
        entries.collect()
    });
    &entries[..count]
}

/// Runs the tasks of [`Case::Tasks`], each of which calls `read` [`READS`] times with the task's number.
async fn tasks<F>(read: impl Fn(usize) -> F + Clone + Send + 'static) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send,
{
    let tasks = (0..TASKS).map(|task| {
        let read = read.clone();
        tokio::spawn(async move {
            for _ in 0..READS {
                read(task).await?;
            }
            Ok::<_, Failure>(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}
