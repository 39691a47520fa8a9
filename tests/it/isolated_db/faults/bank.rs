//! Data like money, on which every fault is checked: acknowledged writes are there, others are not there twice, and the
//! sum does not change.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use howdah::{Error, ErrorKind, Executor, Pool, TransactionOptions, Value, query};

/// The result of an operation, as far as its caller can know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed,
    Unknown,
}

/// Makes the tables.
pub(super) async fn open(pool: &Pool) {
    pool.batch_execute(
        "create table account (id int4 primary key, balance int8 not null);
         insert into account select n, 100 from generate_series(1, 4) n;
         create table entry (id int8 not null)",
    )
    .await
    .unwrap();
}

/// Moves money in a transaction, and notes the number `id`.
pub(super) async fn transfer(pool: &Pool, options: &TransactionOptions, id: i64) -> Outcome {
    let (from, to) = (
        id.rem_euclid(4) as i32 + 1,
        (id + 1).rem_euclid(4) as i32 + 1,
    );
    let done = pool
        .transaction_with(options, async |tx| {
            let add = "update account set balance = balance + $1 where id = $2";
            query(add).bind(-1_i64).bind(from).execute(tx).await?;
            query(add).bind(1_i64).bind(to).execute(tx).await?;
            query("insert into entry values ($1)")
                .bind(id)
                .execute(tx)
                .await
        })
        .await;
    outcome(done)
}

/// Notes the number `id` without a transaction around it. Whether a single statement was done is not known when its
/// connection is lost.
pub(super) async fn note(pool: &Pool, id: i64) -> Outcome {
    let within = pool.within(Duration::from_secs(2));
    match query("insert into entry values ($1)")
        .bind(id)
        .execute(&within)
        .await
    {
        Ok(_) => Outcome::Done,
        Err(_) => Outcome::Unknown,
    }
}

/// Reads some rows as a stream.
pub(super) async fn read(pool: &Pool) -> Result<i64, Error> {
    let within = pool.within(Duration::from_secs(2));
    let mut rows = query("select n from generate_series(1::int8, 50) n")
        .stream::<Value<i64>>(&within)
        .await?;
    let mut sum = 0;
    while let Some(n) = rows.next().await {
        sum += n?;
    }
    Ok(sum)
}

pub(super) fn outcome<T>(done: Result<T, Error>) -> Outcome {
    match done {
        Ok(_) => Outcome::Done,
        Err(error) if error.kind() == ErrorKind::OutcomeUnknown => Outcome::Unknown,
        Err(_) => Outcome::Failed,
    }
}

/// Checks the books with a pool that is not affected by faults.
pub(super) async fn audit(books: &Pool, outcomes: &[(i64, Outcome)], what: &str) {
    // The server may not have noticed yet that a client is gone.
    let open = "select concat_ws(' ', state, wait_event, query) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and backend_type = 'client backend' and state <> 'idle'";
    let began = Instant::now();
    loop {
        let left = query(open).fetch_all::<Value<String>>(books).await.unwrap();
        if left.is_empty() {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{what}: {left:?}"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let entries = entries(books).await;
    for (id, outcome) in outcomes {
        let count = entries.get(id).copied().unwrap_or_default();
        let right = match outcome {
            Outcome::Done => count == 1,
            Outcome::Failed => count == 0,
            Outcome::Unknown => count <= 1,
        };
        assert!(
            right,
            "{what}: {id} is {outcome:?}, and there {count} times"
        );
    }
    let sum = query("select sum(balance)::int8 from account")
        .fetch_one::<Value<i64>>(books)
        .await;
    assert_eq!(sum.unwrap(), 400, "{what}");
}

/// How often each number was noted.
pub(super) async fn entries(books: &Pool) -> HashMap<i64, i64> {
    let counts = query("select id, count(*) from entry group by id");
    let counts = counts.fetch_all::<(i64, i64)>(books).await.unwrap();
    counts.into_iter().collect()
}

/// Checks that a pool has lost no connection and no room for one, and still works.
pub(super) async fn is_whole(pool: &Pool, what: &str) {
    let began = Instant::now();
    loop {
        let within = pool.within(Duration::from_secs(5));
        let alive = query("select 1").execute(&within).await;
        let status = pool.status();
        if alive.is_ok() && status.size == status.idle {
            return;
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{what}: {alive:?}, {status:?}"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
