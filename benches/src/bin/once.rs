//! `once PEER CASE TIMES`: does one case with one peer, both by their numbers, and nothing else. It is what `instructions`
//! and `gate` count; call it by hand under `valgrind --tool=callgrind` to see where the instructions go.

use howdah_benches::peers::{Case, Failure, connect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let numbers: Result<Vec<usize>, _> = std::env::args().skip(1).map(|n| n.parse()).collect();
    let [peer, case, times] = numbers?[..] else {
        return Err("usage: DATABASE_URL=… once PEER CASE TIMES".into());
    };
    // A process of one thread takes fewer instructions to lock and to allocate. Apps have several, and a pool has one.
    std::thread::spawn(std::thread::park);
    let peers = connect(&std::env::var("DATABASE_URL")?).await?;
    if let Some(running) = peers[peer].run(Case::ALL[case], times) {
        running.await?;
    }
    Ok(())
}
