//! Runs peers in turn, and compares their times with the first one's. It knows nothing about databases.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::peers::{Case, Failure, Peer};

/// The time of one run of a case.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Wall time.
    pub wall: Duration,
    /// CPU time of this process, in user and kernel mode, of all threads.
    pub cpu: Duration,
}

/// A peer's medians over the rounds.
#[derive(Clone, Copy, Debug)]
pub struct Medians {
    /// Wall time for one operation.
    pub each: Duration,
    /// Wall time divided by the first peer's in the same round.
    pub wall: f64,
    /// CPU time divided by the first peer's in the same round.
    pub cpu: f64,
}

/// The CPU time of this process, or of its children that were waited for.
///
/// # Errors
///
/// When the system does not tell it.
pub fn cpu_time(who: UsageWho) -> Result<Duration, Failure> {
    let usage = getrusage(who)?;
    let time = |time: TimeVal| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    Ok(time(usage.user_time()) + time(usage.system_time()))
}

/// Runs a case with every peer in turn, `rounds` times, beginning each round with another peer, and going backwards in
/// every second round. `None` for a peer that does not support the case. A peer runs it once before each turn, and the
/// first round only warms up.
///
/// # Errors
///
/// When a peer fails.
pub async fn compare(
    peers: &[Box<dyn Peer>],
    case: Case,
    rounds: usize,
) -> Result<Vec<Option<Medians>>, Failure> {
    let times = case.times();
    let mut all: Vec<Vec<Taken>> = vec![Vec::new(); peers.len()];
    for round in 0..=rounds {
        for turn in 0..peers.len() {
            let step = if round % 2 == 0 {
                turn
            } else {
                peers.len() - turn
            };
            let at = (round + step) % peers.len();
            let (Some(once), Some(running)) = (peers[at].run(case, 1), peers[at].run(case, times))
            else {
                continue;
            };
            once.await?;
            let (cpu, wall) = (cpu_time(UsageWho::RUSAGE_SELF)?, Instant::now());
            running.await?;
            let taken = Taken {
                wall: wall.elapsed(),
                cpu: cpu_time(UsageWho::RUSAGE_SELF)?.saturating_sub(cpu),
            };
            if round > 0 {
                all[at].push(taken);
            }
        }
    }
    let base = &all[0];
    let medians = all.iter().map(|taken| {
        let ratios = |of: fn(&Taken) -> Duration| {
            let pairs = taken.iter().zip(base);
            pairs.map(move |(own, base)| of(own).as_secs_f64() / of(base).as_secs_f64())
        };
        let each = taken.iter().map(|t| t.wall.as_secs_f64() / times as f64);
        Some(Medians {
            each: Duration::from_secs_f64(median(each)?),
            wall: median(ratios(|t| t.wall))?,
            cpu: median(ratios(|t| t.cpu))?,
        })
    });
    Ok(medians.collect())
}

/// The number of times that [`beside`] runs both.
const ROUNDS: usize = 9;

/// The shortest duration of a measurement of [`beside`]. Short work is repeated.
const LONG_ENOUGH: Duration = Duration::from_millis(10);

/// Runs both in turn, and prints the size, howdah's time for one unit, and the ratio, as a line of a table.
///
/// # Errors
///
/// When one of them fails.
pub async fn beside(
    size: usize,
    units: usize,
    howdah: impl AsyncFn() -> Result<(), Failure>,
    bare: impl AsyncFn() -> Result<(), Failure>,
) -> Result<(), Failure> {
    howdah().await?;
    bare().await?;
    let once = took(1, &bare).await?;
    let times = 1 + LONG_ENOUGH.div_duration_f64(once.max(Duration::from_nanos(1))) as usize;
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        // The first goes second the next time.
        rounds.push(if round % 2 == 0 {
            let own = took(times, &howdah).await?;
            (own, took(times, &bare).await?)
        } else {
            let base = took(times, &bare).await?;
            (took(times, &howdah).await?, base)
        });
    }
    let each = rounds
        .iter()
        .map(|(own, _)| own.as_secs_f64() / (times * units) as f64);
    let ratios = rounds.iter().map(|(own, base)| own.div_duration_f64(*base));
    let each = Duration::from_secs_f64(median(each).unwrap_or_default());
    println!(
        "| {size} | {each:.2?} | {:.2} |",
        median(ratios).unwrap_or_default()
    );
    Ok(())
}

async fn took(
    times: usize,
    work: impl AsyncFn() -> Result<(), Failure>,
) -> Result<Duration, Failure> {
    let start = Instant::now();
    for _ in 0..times {
        work().await?;
    }
    Ok(start.elapsed())
}

/// The middle value; `None` if there is none.
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
