//! `howdah-benches [ROUNDS [CASE [WORKERS]]]`: runs every case with every peer, or those whose title contains CASE, and prints
//! the table in Markdown. With WORKERS, it runs in a task of a runtime with this many threads, otherwise on one thread.

use howdah_benches::database::prepare;
use howdah_benches::measure::compare;
use howdah_benches::peers::{Case, Failure, connect};
use tokio::runtime::Builder;

const ROUNDS: usize = 25;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().map_or(Ok(ROUNDS), |n| n.parse())?;
    let wanted = arguments.next().unwrap_or_default();
    match arguments.next() {
        None => {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(table(rounds, wanted))
        }
        Some(workers) => {
            let mut runtime = Builder::new_multi_thread();
            let runtime = runtime.worker_threads(workers.parse()?).enable_all();
            let runtime = runtime.build()?;
            runtime.block_on(runtime.spawn(table(rounds, wanted)))?
        }
    }
}

async fn table(rounds: usize, wanted: String) -> Result<(), Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let peers = connect(database.url()).await?;
    print!("| case |");
    for peer in &peers {
        print!(" {} |", peer.name());
    }
    println!("\n|{}", " --- |".repeat(peers.len() + 1));
    for case in Case::ALL {
        if !case.title().contains(&wanted) {
            continue;
        }
        print!("| {} |", case.title());
        for (at, medians) in compare(&peers, case, rounds).await?.iter().enumerate() {
            match medians {
                None => print!(" |"),
                Some(medians) if at == 0 => print!(" {:.1?} |", medians.each),
                Some(medians) => print!(" {:.2} / {:.2} |", medians.wall, medians.cpu),
            }
        }
        println!();
    }
    Ok(())
}
