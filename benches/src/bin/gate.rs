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
    instructions: f64,
    system_calls: f64,
}

const LIMITS: &[Limit] = &[
    limit("howdah (pool)", Case::Item, 1.10, 1.0),
    limit("howdah (pool)", Case::Document, 1.06, 1.0),
    limit("howdah (pool)", Case::Items(1_000), 0.85, 1.0),
    limit("howdah (pool)", Case::Documents(1_000), 0.95, 1.0),
    limit("howdah (pool)", Case::KeysAtOnce, 1.10, 1.1),
    limit("howdah (pool)", Case::Transaction, 0.80, 0.7),
    limit("howdah (lean)", Case::Document, 0.80, 1.0),
    limit("howdah (lean)", Case::Documents(1_000), 0.45, 1.0),
];

const fn limit(peer: &'static str, case: Case, instructions: f64, system_calls: f64) -> Limit {
    Limit {
        peer,
        case,
        instructions,
        system_calls,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let peers = connect(database.url()).await?;
    let mut passed = true;
    for limit in LIMITS {
        let allowed = [
            (Counter::Instructions, limit.instructions),
            (Counter::SystemCalls, limit.system_calls),
        ];
        for (counter, most) in allowed {
            let ratio = ratio(counter, database.url(), &peers, limit)?;
            // What a timer adds to a system call or two is no cost of a case.
            let holds = ratio <= most + 0.02;
            passed &= holds;
            println!(
                "{} {counter:?}, {}, {}: {ratio:.3} of {most:.2}",
                if holds { "ok    " } else { "FAILED" },
                limit.peer,
                limit.case.title(),
            );
        }
    }
    Ok(ExitCode::from(u8::from(!passed)))
}

fn ratio(
    counter: Counter,
    url: &str,
    peers: &[Box<dyn Peer>],
    limit: &Limit,
) -> Result<f64, Failure> {
    let peer = peers.iter().position(|peer| peer.name() == limit.peer);
    let case = Case::ALL.iter().position(|case| *case == limit.case);
    let (Some(peer), Some(case)) = (peer, case) else {
        return Err(format!("no such peer or case: {}", limit.peer).into());
    };
    let times = limit.case.times();
    let base = each(counter, url, 0, case, times)?;
    Ok(each(counter, url, peer, case, times)? / base)
}
