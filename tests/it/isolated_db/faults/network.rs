//! Faults of the network, at every message of some workloads.

use std::time::Duration;

use howdah::{Error, ErrorKind, Executor, Pool, TransactionOptions, query};
use howdah_codegen::scratch::{Database, Server};

use super::bank::{self, Outcome};
use super::ledger::{self, KINDS, Pools};
use super::proxy::{Fault, Proxy};
use crate::waiting::in_time;

/// How long to wait for a connection that does not answer any more.
const PATIENCE: Duration = Duration::from_millis(150);

struct Bench {
    proxy: Proxy,
    books: Pool,
    _database: Database,
}

impl Bench {
    async fn new() -> Self {
        let server = Server::shared().unwrap();
        let database = server.database().unwrap();
        let books = Pool::connect(database.url()).await.unwrap();
        bank::open(&books).await;
        let proxy = Proxy::new(server.socket_dir(), database.name()).await;
        Self {
            proxy,
            books,
            _database: database,
        }
    }

    fn pool(&self) -> Pool {
        Pool::builder(&self.proxy.url())
            .unwrap()
            .max_size(2)
            .recovery_timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(2))
            .build()
            .unwrap()
    }

    /// Runs the workload, with its connection being made, under one fault.
    async fn run(&self, fault: Fault, id: &mut i64) {
        let what = format!("{fault:?}");
        let pool = self.pool();
        self.proxy.set(fault);
        let options = TransactionOptions::new()
            .timeout(Duration::from_secs(20))
            .retry(2);
        let quick = TransactionOptions::new().timeout(PATIENCE * 2);
        let options = match fault {
            Fault::Stall(_) => quick,
            _ => options,
        };
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            *id += 1;
            outcomes.push((*id, bank::transfer(&pool, &options, *id).await));
        }
        *id += 1;
        outcomes.push((*id, bank::note(&pool, *id).await));
        if let Ok(sum) = bank::read(&pool).await {
            assert_eq!(sum, 1275, "{what}");
        }
        if matches!(fault, Fault::None | Fault::SingleBytes | Fault::Delay(_)) {
            assert!(
                outcomes
                    .iter()
                    .all(|(_, outcome)| *outcome == Outcome::Done),
                "{outcomes:?}"
            );
        }
        bank::is_whole(&pool, &what).await;
        bank::audit(&self.books, &outcomes, &what).await;
    }

    /// Runs the workload with the fault at each message in turn. Returns the number of messages.
    async fn run_at_each(&self, fault: fn(usize) -> Fault, step: usize) -> usize {
        let mut id = 0;
        for (struck, n) in (1..).step_by(step).enumerate() {
            self.run(fault(n), &mut id).await;
            if !self.proxy.has_struck() {
                println!("{:?} …: {struck} faults", fault(1));
                return n - 1;
            }
        }
        unreachable!()
    }
}

/// Every message in long runs, or else some of them.
fn step() -> usize {
    match std::env::var_os("HOWDAH_TEST_LONG") {
        Some(_) => 1,
        None => 5,
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_at_any_message_costs_nothing_but_itself() {
    let bench = Bench::new().await;
    let messages = bench.run_at_each(Fault::Cut, step()).await;
    // Startup, three transactions or so, and fifty rows.
    assert!(messages > 60, "{messages}");
    bench.books.batch_execute("truncate entry").await.unwrap();
    bench.run_at_each(Fault::CutAfter, step()).await;
}

#[tokio::test]
async fn a_connection_that_is_cut_within_any_message_costs_nothing_but_itself() {
    let bench = Bench::new().await;
    bench.run_at_each(Fault::CutWithin, step()).await;
}

#[tokio::test]
async fn a_corrupted_message_ends_its_connection_only() {
    let bench = Bench::new().await;
    bench.run_at_each(Fault::Corrupt, step()).await;
}

#[tokio::test]
async fn a_connection_that_stalls_at_any_message_is_given_up_in_time() {
    let bench = Bench::new().await;
    bench.run_at_each(Fault::Stall, step() * 4).await;
}

/// BEGIN and what goes with it count, too.
#[tokio::test]
async fn a_transaction_that_stalls_as_it_begins_is_given_up_at_its_deadline() {
    let bench = Bench::new().await;
    let pool = bench.pool();
    drop(pool.get().await.unwrap());
    bench.proxy.set(Fault::Stall(1));
    let options = TransactionOptions::new().timeout(PATIENCE);
    let options = options.setting("app.tenant", "2");
    let work = pool.transaction_with(&options, async |_| Ok::<_, Error>(()));
    let late = in_time(work).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Timeout, "{late}");
    assert!(bench.proxy.has_struck());
    bank::is_whole(&pool, "stalled at BEGIN").await;
}

/// Neither a connection that stalls nor one that is never made was waited for in a queue.
#[tokio::test]
async fn a_connection_that_was_not_made_in_time_is_not_said_to_be_in_use() {
    let bench = Bench::new().await;
    bench.proxy.set(Fault::Stall(1));
    let pool = bench.pool();
    let soon = pool.within(PATIENCE);
    let late = query("select 1").execute(&soon).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Timeout, "{late}");
    let message = "query `select 1`: no connection was made within 150ms";
    assert_eq!(late.to_string(), message);
}

#[tokio::test]
async fn a_slow_or_choppy_network_changes_nothing() {
    let bench = Bench::new().await;
    let mut id = 0;
    for fault in [
        Fault::None,
        Fault::SingleBytes,
        Fault::Delay(Duration::from_millis(1)),
    ] {
        bench.run(fault, &mut id).await;
    }
}

/// Each way to write, on open connections, with each fault at each message.
#[tokio::test]
async fn whatever_message_is_lost_nothing_is_applied_twice() {
    let bench = Bench::new().await;
    for kind in KINDS {
        for (first, fault) in [Fault::Cut, Fault::CutAfter, Fault::CutWithin]
            .into_iter()
            .enumerate()
        {
            let pools = Pools::new(&bench.proxy.url());
            for (struck, n) in (1 + first..).step_by(step()).enumerate() {
                let what = format!("{kind:?}, {:?}", fault(n));
                pools.warm_up().await;
                bench.proxy.set(fault(n));
                let written = ledger::write(kind, &pools).await;
                let has_struck = bench.proxy.has_struck();
                bench.proxy.set(Fault::None);
                ledger::audit(&bench.books, &written, &what).await;
                if !has_struck {
                    let is_done = |written: &ledger::Written| written.outcome == Outcome::Done;
                    assert!(written.iter().all(is_done), "{what}");
                    println!("{kind:?}, {:?} …: {struck} faults", fault(1));
                    break;
                }
                pools.are_whole(&what).await;
            }
        }
    }
}
