//! `gate`: counts what howdah's own paths cost beside bare tokio-postgres, in user instructions and system calls, and fails
//! where a limit is passed. It runs in CI; a change that needs a higher limit says why.

use std::process::ExitCode;

use howdah_benches::count::{Counter, each};
use howdah_benches::database::prepare;
use howdah_benches::peers::{Case, Failure, Peer, connect};

/// The most that a case may cost, as a multiple of what it costs bare tokio-postgres.
struct Limit {
    peer: &'static str,
    case: Case,
    counter: Counter,
    most: f64,
}

/// System calls of a single small answer do not depend on how the answer is cut into reads; those of more do.
const LIMITS: &[Limit] = &[
    limit("howdah (pool)", Case::Item, Counter::Instructions, 1.16),
    limit("howdah (pool)", Case::Document, Counter::Instructions, 1.08),
    limit(
        "howdah (pool)",
        Case::Items(1_000),
        Counter::Instructions,
        0.90,
    ),
    limit(
        "howdah (pool)",
        Case::Documents(1_000),
        Counter::Instructions,
        0.95,
    ),
    limit(
        "howdah (pool)",
        Case::KeysAtOnce,
        Counter::Instructions,
        1.20,
    ),
    limit(
        "howdah (pool)",
        Case::Transaction,
        Counter::Instructions,
        1.12,
    ),
    limit(
        "howdah (pool)",
        Case::InsertMany(10_000),
        Counter::Instructions,
        0.90,
    ),
    limit("howdah (lean)", Case::Document, Counter::Instructions, 0.85),
    limit(
        "howdah (lean)",
        Case::Documents(1_000),
        Counter::Instructions,
        0.35,
    ),
    limit("howdah (pool)", Case::Item, Counter::SystemCalls, 1.10),
    limit(
        "howdah (pool)",
        Case::Transaction,
        Counter::SystemCalls,
        0.75,
    ),
];

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
        let ratio = ratio(database.url(), &peers, limit)?;
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

fn ratio(url: &str, peers: &[Box<dyn Peer>], limit: &Limit) -> Result<f64, Failure> {
    let peer = peers.iter().position(|peer| peer.name() == limit.peer);
    let case = Case::ALL.iter().position(|case| *case == limit.case);
    let (Some(peer), Some(case)) = (peer, case) else {
        return Err(format!("no such peer or case: {}", limit.peer).into());
    };
    let times = limit.case.times();
    let base = each(limit.counter, url, 0, case, times)?;
    Ok(each(limit.counter, url, peer, case, times)? / base)
}
