//! `instructions`: counts the user instructions of cases and peers with valgrind, and prints the table in Markdown.

use howdah_benches::count::{Counter, each};
use howdah_benches::database::prepare;
use howdah_benches::peers::{Case, Failure, connect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let peers = connect(database.url()).await?;
    print!("| case |");
    for peer in &peers {
        print!(" {} |", peer.name());
    }
    println!("\n|{}", " --- |".repeat(peers.len() + 1));
    for (number, case) in Case::ALL.into_iter().enumerate() {
        print!("| {} |", case.title());
        let mut base = 0.0;
        for (at, peer) in peers.iter().enumerate() {
            if peer.run(case, 0).is_none() {
                print!(" |");
                continue;
            }
            let count = each(
                Counter::Instructions,
                database.url(),
                at,
                number,
                case.times(),
            )?;
            if at == 0 {
                base = count;
                print!(" {count:.0} |");
            } else {
                print!(" {:.2} |", count / base);
            }
        }
        println!();
    }
    Ok(())
}
