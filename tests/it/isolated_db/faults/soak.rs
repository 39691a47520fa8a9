//! Many tasks, mixed work, random cancels and killed backends: a second of it in CI, and as many as `HOWDAH_TEST_SOAK`
//! says elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use howdah::{Pool, TransactionOptions, Value, query};
use howdah_codegen::scratch::Server;

use super::bank::{self, Outcome};

const TASKS: u64 = 64;

/// Small numbers without a pattern that matters.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

async fn work(pool: Pool, next: Arc<AtomicI64>, seed: u64, until: Instant) -> Vec<(i64, Outcome)> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
    let options = TransactionOptions::new()
        .timeout(Duration::from_secs(20))
        .retry(10);
    let mut outcomes = Vec::new();
    while Instant::now() < until {
        let id = next.fetch_add(1, Relaxed);
        let patience = Duration::from_micros(dice.roll(20_000));
        let outcome = match dice.roll(8) {
            0..3 => bank::transfer(&pool, &options, id).await,
            3 => bank::note(&pool, id).await,
            // Given up at some point: what came of it is not known.
            4..6 => tokio::time::timeout(patience, bank::transfer(&pool, &options, id))
                .await
                .unwrap_or(Outcome::Unknown),
            6 => {
                let _ = tokio::time::timeout(patience, bank::read(&pool)).await;
                Outcome::Failed
            }
            _ => {
                let slow = query("select pg_sleep(0.05)").execute(&pool);
                let _ = tokio::time::timeout(patience, slow).await;
                Outcome::Failed
            }
        };
        outcomes.push((id, outcome));
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_with_cancels_and_kills_keep_the_books_right() {
    let seconds = std::env::var("HOWDAH_TEST_SOAK").map_or(1, |seconds| seconds.parse().unwrap());
    let database = Server::shared().unwrap().database().unwrap();
    let books = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    bank::open(&books).await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(8)
        .build()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(seconds);
    let next = Arc::new(AtomicI64::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|seed| tokio::spawn(work(pool.clone(), Arc::clone(&next), seed, until)))
        .collect();
    let one =
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid() and backend_type = 'client backend' order by random() limit 1";
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(40)).await;
        query(one).fetch_opt::<Value<bool>>(&books).await.unwrap();
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.extend(task.await.unwrap());
    }
    let done = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome == Outcome::Done)
        .count();
    println!("{} operations, {done} acknowledged writes", outcomes.len());
    assert!(done > 0);
    bank::is_whole(&pool, "soak").await;
    bank::audit(&books, &outcomes, "soak").await;
}
