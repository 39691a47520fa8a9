//! `once PEER CASE TIMES`: runs one case with one peer, both given by number, and nothing else. `instructions` and
//! `gate` count this command; call it by hand under `valgrind --tool=callgrind` to see where the instructions go.

use howdah_benches::peers::{Case, Failure, connect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let numbers: Result<Vec<usize>, _> = std::env::args().skip(1).map(|n| n.parse()).collect();
    let [peer, case, times] = numbers?[..] else {
        return Err("usage: DATABASE_URL=… once PEER CASE TIMES".into());
    };
    // A process with one thread needs fewer instructions for locks and allocations. Apps have several threads, and a
    // pool has one.
    std::thread::spawn(std::thread::park);
    let peers = connect(&std::env::var("DATABASE_URL")?).await?;
    if let Some(running) = peers[peer].run(Case::ALL[case], times) {
        running.await?;
    }
    Ok(())
}
