//! Every kind of work that writes, each into a table where nothing keeps a row from being there twice.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use howdah::{
    Error, ErrorKind, Exec, PgInsert, Pool, TransactionOptions, Value, batch, copy::Csv, copy_in,
    query,
};

use super::bank::{self, Outcome};

/// A pool of each way to talk to a server, 8 connections together.
pub(super) struct Pools {
    pub(super) plain: Pool,
    unnamed: Pool,
    alone: Pool,
}

impl Pools {
    pub(super) fn new(url: &str) -> Self {
        let builder = |size| Pool::builder(url).unwrap().max_size(size);
        Self {
            plain: builder(4).build().unwrap(),
            unnamed: builder(2).unnamed_statements().build().unwrap(),
            alone: builder(2).single_statements().build().unwrap(),
        }
    }

    /// Opens a connection of each.
    pub(super) async fn warm_up(&self) {
        for pool in [&self.plain, &self.unnamed, &self.alone] {
            query("select 1").execute(pool).await.unwrap();
        }
    }

    pub(super) async fn are_whole(&self, what: &str) {
        for pool in [&self.plain, &self.unnamed, &self.alone] {
            bank::is_whole(pool, what).await;
        }
    }
}

/// Work that writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Single,
    Returning,
    Multiplexed,
    Unnamed,
    UnnamedTransaction,
    Alone,
    Transaction,
    Transfer,
    Batch,
    Pipelined,
    CopyRows,
    CopyText,
    InsertFew,
    InsertMany,
    InsertInBatches,
    Builder,
}

pub(super) const KINDS: [Kind; 16] = [
    Kind::Single,
    Kind::Returning,
    Kind::Multiplexed,
    Kind::Unnamed,
    Kind::UnnamedTransaction,
    Kind::Alone,
    Kind::Transaction,
    Kind::Transfer,
    Kind::Batch,
    Kind::Pipelined,
    Kind::CopyRows,
    Kind::CopyText,
    Kind::InsertFew,
    Kind::InsertMany,
    Kind::InsertInBatches,
    Kind::Builder,
];

/// Rows that are written together, all or none, and what their writer was told.
pub(super) struct Written {
    ids: Vec<i64>,
    pub(super) outcome: Outcome,
}

/// As `howdah generate` writes it.
mod entry {
    use howdah::{Column, ColumnDefault, Table, types};

    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "entry",
        columns: &[ID],
        constraints: &[],
        primary_key: None,
        hidden: &[],
    };
    pub(crate) const ID: Column = Column {
        table: "entry",
        name: "id",
        ty: types::INT8,
        nullable: false,
        default: ColumnDefault::None,
    };
}

#[derive(PgInsert)]
#[pg(table = entry)]
struct Entry {
    id: i64,
}

/// So many rows are copied rather than inserted.
const MANY: i64 = 600;

/// Does each kind of work once, as it can be done where nothing is in its way.
pub(super) async fn work_undisturbed(pools: &Pools) -> Vec<Written> {
    let mut written = Vec::new();
    for kind in KINDS {
        let done = write(kind, pools).await;
        assert!(
            done.iter().all(|written| written.outcome == Outcome::Done),
            "{kind:?}"
        );
        written.extend(done);
    }
    written
}

/// Writes rows whose numbers nobody else has.
pub(super) async fn write(kind: Kind, pools: &Pools) -> Vec<Written> {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let first = NEXT.fetch_add(MANY, Relaxed);
    let three: Vec<i64> = (first..first + 3).collect();
    let entries = |count| {
        (first..first + count)
            .map(|id| Entry { id })
            .collect::<Vec<_>>()
    };
    let pool = &pools.plain;
    let one = |outcome| vec![written([first], outcome)];
    let all = |outcome| vec![written(three.clone(), outcome)];
    match kind {
        Kind::Single => one(statement(insert(first).execute(pool).await)),
        Kind::Returning => {
            let returning = query("insert into entry values ($1) returning id").bind(first);
            one(statement(returning.fetch_one::<Value<i64>>(pool).await))
        }
        Kind::Multiplexed => {
            let shared = pool.multiplexed(1);
            one(statement(insert(first).execute(&shared).await))
        }
        Kind::Unnamed => one(statement(insert(first).execute(&pools.unnamed).await)),
        Kind::Alone => one(statement(insert(first).execute(&pools.alone).await)),
        Kind::UnnamedTransaction => all(transaction(&pools.unnamed, &three).await),
        Kind::Transaction => all(transaction(pool, &three).await),
        Kind::Transfer => one(bank::transfer(pool, &options(), first).await),
        Kind::Batch => {
            let work: Vec<_> = three
                .iter()
                .map(|id| insert(*id).yields::<Exec>())
                .collect();
            match batch(work).fetch_each(pool).await {
                Ok(results) => each(&three, results),
                Err(error) => all(statement::<()>(Err(error))),
            }
        }
        Kind::Pipelined => match pool.get().await {
            Ok(connection) => {
                let work = three.iter().map(|id| insert(*id).execute(&connection));
                each(&three, futures_util::future::join_all(work).await)
            }
            Err(_) => all(Outcome::Failed),
        },
        Kind::CopyRows => {
            let copy = copy_in("entry").columns(["id"]);
            all(statement(
                copy.from_rows(three.iter().map(|id| (*id,)), pool).await,
            ))
        }
        Kind::CopyText => {
            let text = three.iter().map(|id| format!("{id}\n")).collect::<String>();
            let copy = copy_in("entry").from_reader(Csv::new(), text.as_bytes(), pool);
            all(statement(copy.await))
        }
        Kind::InsertFew => all(statement(
            Entry::insert_many(&entries(3)).execute(pool).await,
        )),
        Kind::InsertMany => {
            let done = Entry::insert_many(&entries(MANY)).execute(pool).await;
            vec![written(first..first + MANY, statement(done))]
        }
        Kind::InsertInBatches => {
            let entries = entries(3);
            let insert = Entry::insert_many(&entries).in_batches_of(1);
            let results = match insert.execute(pool).await {
                Ok(_) => vec![Outcome::Done; 3],
                Err(error) => {
                    let mut outcomes = vec![Outcome::Done; error.rows_written() as usize];
                    outcomes.push(statement::<()>(Err(error)));
                    outcomes.resize(3, Outcome::Failed);
                    outcomes
                }
            };
            three
                .iter()
                .zip(results)
                .map(|(id, outcome)| written([*id], outcome))
                .collect()
        }
        Kind::Builder => one(statement(Entry::insert().id(first).execute(pool).await)),
    }
}

fn written(ids: impl IntoIterator<Item = i64>, outcome: Outcome) -> Written {
    let ids = ids.into_iter().collect();
    Written { ids, outcome }
}

fn each(ids: &[i64], results: Vec<Result<u64, Error>>) -> Vec<Written> {
    let results = ids.iter().zip(results);
    results
        .map(|(id, result)| written([*id], statement(result)))
        .collect()
}

fn insert<'a>(id: i64) -> howdah::DynamicQuery<'a> {
    query("insert into entry values ($1)").bind(id)
}

fn options() -> TransactionOptions {
    TransactionOptions::new()
        .timeout(Duration::from_secs(20))
        .retry(3)
}

/// With a savepoint in it, which is most of it.
async fn transaction(pool: &Pool, ids: &[i64]) -> Outcome {
    let options = options();
    let done = pool.transaction_with(&options, async |tx| {
        insert(ids[0]).execute(tx).await?;
        tx.transaction(async |tx| {
            insert(ids[1]).execute(tx).await?;
            insert(ids[2]).execute(tx).await
        })
        .await
    });
    bank::outcome(done.await)
}

/// What is known of a statement by itself, which may have been done when its connection was lost.
fn statement<T>(done: Result<T, Error>) -> Outcome {
    match done {
        Ok(_) => Outcome::Done,
        Err(error) if error.kind() == ErrorKind::Connection => Outcome::Unknown,
        Err(_) => Outcome::Failed,
    }
}

/// Writes in every way at once, until `end` is done.
pub(super) async fn work(pools: &Pools, end: impl Future<Output = ()>) -> Vec<Written> {
    let stop = AtomicBool::new(false);
    let worker = async |kind| {
        let mut all = Vec::new();
        while !stop.load(Relaxed) {
            let written = write(kind, pools).await;
            if written
                .iter()
                .any(|written| written.outcome != Outcome::Done)
            {
                // The server may be down for long.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            all.extend(written);
            tokio::task::yield_now().await;
        }
        all
    };
    let workers = futures_util::future::join_all(KINDS.map(worker));
    let (written, ()) = tokio::join!(workers, async {
        end.await;
        stop.store(true, Relaxed);
    });
    written.into_iter().flatten().collect()
}

/// Checks that each row is there once, or not at all, or either, as its writer was told, and none without the others.
pub(super) async fn audit(books: &Pool, written: &[Written], what: &str) {
    let outcomes: Vec<_> = written
        .iter()
        .flat_map(|written| written.ids.iter().map(|id| (*id, written.outcome)))
        .collect();
    bank::audit(books, &outcomes, what).await;
    let there = bank::entries(books).await;
    for written in written {
        let counts = written.ids.iter().map(|id| there.get(id));
        let differ = counts
            .clone()
            .any(|count| count != there.get(&written.ids[0]));
        assert!(
            !differ,
            "{what}: of {:?} there are {:?}",
            written.ids,
            counts.collect::<Vec<_>>()
        );
    }
}
