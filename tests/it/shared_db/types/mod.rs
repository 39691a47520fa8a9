//! Every type in both directions through a real server, which checks the values. Nothing here needs PostGIS, so that it
//! runs on every version of PostgreSQL.

mod basic;
mod calendars;
mod containers;
mod derived;
mod forms;
mod geometric;
mod network;
mod numbers;
pub(crate) mod round_trip;
mod search;
mod time;
mod user;
mod wrapped;

use std::fmt::Debug;

use howdah::{Decode, Pool, Value, query};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// Values of a strategy, the same ones each time; `HOWDAH_TYPE_VALUES` says how many times as many, and then
/// others each time.
pub(crate) fn samples<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let more = std::env::var("HOWDAH_TYPE_VALUES").map(|more| more.parse::<usize>().unwrap());
    let mut runner = match more {
        Ok(_) => TestRunner::default(),
        Err(_) => {
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(Config::default(), rng)
        }
    };
    (0..count * more.unwrap_or(1))
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The message of the error that reading `sql` into `T` ends in.
pub(crate) async fn refusal<T>(pool: &Pool, sql: &str) -> String
where
    T: for<'r> Decode<'r> + Debug + Send + 'static,
{
    let outcome = query(format!("select {sql} as x"))
        .fetch_one::<Value<T>>(pool)
        .await;
    outcome.unwrap_err().to_string()
}
