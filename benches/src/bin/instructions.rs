//! `instructions`: counts the user instructions of each case and peer with valgrind, and prints the table in Markdown.
//! Unlike times these do not depend on what else the machine does. `instructions PEER CASE TIMES` is what it counts, to
//! be called by itself, or by hand under `valgrind --tool=callgrind` to see where they go.

use std::process::Command;

use howdah_benches::database::prepare;
use howdah_benches::peers::{Case, Failure, Peer, connect};

const CASES: [(Case, usize); 6] = [
    (Case::Item, 300),
    (Case::Items(1_000), 10),
    (Case::Items(10_000), 1),
    (Case::Documents(1_000), 4),
    (Case::KeysAtOnce, 4),
    (Case::Transaction, 200),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let args: Vec<usize> = std::env::args()
        .skip(1)
        .map(|number| number.parse())
        .collect::<Result<_, _>>()?;
    if let [peer, case, times] = args[..] {
        let peers = connect(&std::env::var("DATABASE_URL")?).await?;
        if let Some(running) = peers[peer].run(CASES[case].0, times) {
            running.await?;
        }
        return Ok(());
    }
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    table(database.url(), &connect(database.url()).await?)
}

fn table(url: &str, peers: &[Box<dyn Peer>]) -> Result<(), Failure> {
    print!("| case |");
    for peer in peers {
        print!(" {} |", peer.name());
    }
    println!("\n|{}", " --- |".repeat(peers.len() + 1));
    for (case, (what, times)) in CASES.iter().enumerate() {
        print!("| {} |", what.title());
        let mut base = 0;
        for (at, peer) in peers.iter().enumerate() {
            if peer.run(*what, 0).is_none() {
                print!(" |");
                continue;
            }
            // The difference leaves out what starting and connecting cost.
            let few = count(url, at, case, *times)?;
            let all = count(url, at, case, times * 2)?;
            let each = all.saturating_sub(few) / *times as u64;
            if at == 0 {
                base = each;
                print!(" {each} |");
            } else {
                print!(" {:.2} |", each as f64 / base as f64);
            }
        }
        println!();
    }
    Ok(())
}

/// The instructions of one run.
fn count(url: &str, peer: usize, case: usize, times: usize) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([peer, case, times].map(|number| number.to_string()))
        .env("DATABASE_URL", url)
        .output()?;
    let report = String::from_utf8(output.stderr)?;
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let Some((_, collected)) = collected else {
        return Err(format!("valgrind counted nothing:\n{report}").into());
    };
    Ok(collected.trim().parse()?)
}
