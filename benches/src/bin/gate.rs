//! `gate`: counts the cost of howdah's paths compared with bare tokio-postgres, in user instructions and system calls,
//! and fails if a limit is exceeded. It runs in CI; a change that needs a higher limit says why.

use std::process::ExitCode;

use howdah_benches::count::Counter::{self, Instructions, SystemCalls};
use howdah_benches::count::each;
use howdah_benches::database::prepare;
use howdah_benches::peers::{Case, Failure, Peer, connect};

/// The highest cost of a case, as a multiple of its cost with bare tokio-postgres.
struct Limit {
    peer: &'static str,
    case: Case,
    counter: Counter,
    most: f64,
}

const POOL: &str = "howdah (pool)";
const LEAN: &str = "howdah (lean)";

/// The cost of a single small answer does not depend on how it is split into reads; that of larger answers does. The
/// number of times that a task is woken varies, by up to a tenth of the instructions of a single row.
const LIMITS: &[Limit] = &[
    limit(POOL, Case::Item, Instructions, 0.80),
    limit(POOL, Case::Document, Instructions, 0.90),
    limit(POOL, Case::Items(1_000), Instructions, 0.60),
    limit(POOL, Case::Documents(1_000), Instructions, 0.95),
    limit(POOL, Case::KeysAtOnce, Instructions, 0.80),
    limit(POOL, Case::Transaction, Instructions, 0.65),
    limit(POOL, Case::InsertMany(10_000), Instructions, 0.48),
    limit(LEAN, Case::Document, Instructions, 0.60),
    limit(LEAN, Case::Documents(1_000), Instructions, 0.25),
    limit(POOL, Case::Item, SystemCalls, 1.05),
    limit(POOL, Case::Transaction, SystemCalls, 0.75),
];

/// The number of times that a case is counted before its limit counts as exceeded.
const TRIES: usize = 5;

const fn limit(peer: &'static str, case: Case, counter: Counter, most: f64) -> Limit {
    Limit {
        peer,
        case,
        counter,
        most,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let peers = connect(database.url()).await?;
    let mut passed = true;
    for limit in LIMITS {
        // If the server is slow to answer, waiting costs more, so the smallest of several counts is the cost of the
        // code.
        let mut ratio = f64::INFINITY;
        for _ in 0..TRIES {
            ratio = ratio.min(measure(database.url(), &peers, limit)?);
            if ratio <= limit.most {
                break;
            }
        }
        let holds = ratio <= limit.most;
        passed &= holds;
        println!(
            "{} {:?}, {}, {}: {ratio:.3} of {:.2}",
            if holds { "ok    " } else { "FAILED" },
            limit.counter,
            limit.peer,
            limit.case.title(),
            limit.most,
        );
    }
    Ok(ExitCode::from(u8::from(!passed)))
}

fn measure(url: &str, peers: &[Box<dyn Peer>], limit: &Limit) -> Result<f64, Failure> {
    let peer = peers.iter().position(|peer| peer.name() == limit.peer);
    let case = Case::ALL.iter().position(|case| *case == limit.case);
    let (Some(peer), Some(case)) = (peer, case) else {
        return Err(format!("no such peer or case: {}", limit.peer).into());
    };
    let times = limit.case.times();
    let base = each(limit.counter, url, 0, case, times)?;
    Ok(each(limit.counter, url, peer, case, times)? / base)
}
