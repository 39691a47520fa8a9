//! Waiting for what must come, and not for ever; and futures that are dropped on their way.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long a slow, loaded machine may take for what takes no time.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the work gives, which must not take long.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap()
}

/// Waits until `is_so`, which must not take long.
pub(crate) async fn wait_until(what: &str, is_so: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Polls `work` so many times, whenever it is woken, and drops it; whether it was done.
pub(crate) async fn poll_and_drop(work: impl Future<Output = ()>, polls: usize) -> bool {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|cx| {
        if left > 0 && work.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        match left {
            0 => Poll::Ready(false),
            _ => Poll::Pending,
        }
    })
    .await
}
