//! A proxy between client and server that knows PostgreSQL's messages, and does at the N-th what networks do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to a message, or to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// All goes well.
    None,
    /// The N-th message is not passed on, and both sides find the connection closed.
    Cut(usize),
    /// The N-th message is passed on, and then both sides find the connection closed.
    CutAfter(usize),
    /// Half of the N-th message is passed on, and then the connection is closed.
    CutWithin(usize),
    /// From the N-th message on, nothing is passed on, and no side notices until the other has gone.
    Stall(usize),
    /// The N-th message has an impossible length.
    Corrupt(usize),
    /// Every byte is sent by itself.
    SingleBytes,
    /// Every message is late.
    Delay(Duration),
}

/// A running proxy. It ends when this is dropped.
pub(super) struct Proxy {
    port: u16,
    database: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

struct State {
    fault: Fault,
    /// Messages since the fault was set.
    messages: usize,
    struck: bool,
    /// Ends what was begun before the last [`Proxy::cut_all`].
    generation: watch::Sender<usize>,
}

/// What to do with a message.
enum Verdict {
    Pass,
    Cut,
    CutAfter,
    CutWithin,
    Stall,
    Corrupt,
    SingleBytes,
    Delay(Duration),
}

impl Proxy {
    /// A proxy in front of a scratch server.
    pub(super) async fn new(socket_dir: &Path, database: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            fault: Fault::None,
            messages: 0,
            struck: false,
            generation: watch::channel(0).0,
        }));
        let socket = socket_dir.join(".s.PGSQL.5432");
        let task = tokio::spawn(accept(listener, socket, Arc::clone(&state)));
        Self {
            port,
            database: database.to_owned(),
            state,
            task,
        }
    }

    pub(super) fn url(&self) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{}?sslmode=disable",
            self.port, self.database
        )
    }

    /// Restarts the count of messages, on all connections, for this fault, which happens once.
    pub(super) fn set(&self, fault: Fault) {
        let mut state = self.state.lock().unwrap();
        state.fault = fault;
        state.messages = 0;
        state.struck = false;
    }

    /// Whether the N-th message has come.
    pub(super) fn has_struck(&self) -> bool {
        self.state.lock().unwrap().struck
    }

    /// Closes all connections.
    pub(super) fn cut_all(&self) {
        self.state
            .lock()
            .unwrap()
            .generation
            .send_modify(|n| *n += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut_all();
        self.task.abort();
    }
}

impl State {
    fn judge(&mut self) -> Verdict {
        self.messages += 1;
        let at = |n: usize| self.messages == n;
        let verdict = match self.fault {
            Fault::Cut(n) if at(n) => Verdict::Cut,
            Fault::CutAfter(n) if at(n) => Verdict::CutAfter,
            Fault::CutWithin(n) if at(n) => Verdict::CutWithin,
            Fault::Stall(n) if at(n) => Verdict::Stall,
            Fault::Corrupt(n) if at(n) => Verdict::Corrupt,
            Fault::SingleBytes => return Verdict::SingleBytes,
            Fault::Delay(delay) => return Verdict::Delay(delay),
            _ => return Verdict::Pass,
        };
        self.struck = true;
        verdict
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, state: Arc<Mutex<State>>) {
    while let Ok((client, _)) = listener.accept().await {
        client.set_nodelay(true).unwrap();
        let Ok(server) = UnixStream::connect(&socket).await else {
            continue;
        };
        let mut generation = state.lock().unwrap().generation.subscribe();
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            tokio::select! {
                () = pump(client, server, &state) => {}
                _ = generation.changed() => {}
            }
        });
    }
}

/// Passes messages on in both directions until either side, or a fault, ends it.
async fn pump(client: TcpStream, server: UnixStream, state: &Mutex<State>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let stalled = watch::channel(false).0;
    tokio::select! {
        () = pass(from_client, to_server, true, state, &stalled) => {}
        () = pass(from_server, to_client, false, state, &stalled) => {}
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut untyped: bool,
    state: &Mutex<State>,
    stalled: &watch::Sender<bool>,
) {
    loop {
        let Some(mut message) = read_message(&mut from, untyped).await else {
            return;
        };
        // The first message of a client has no type. A cancel request, of 16 bytes, is not part of any workload.
        let is_cancel = untyped && message.len() == 16;
        untyped = false;
        let verdict = match is_cancel {
            true => Verdict::Pass,
            false => state.lock().unwrap().judge(),
        };
        if *stalled.borrow() {
            return swallow(from).await;
        }
        let sent = match verdict {
            Verdict::Cut => return,
            Verdict::Stall => {
                stalled.send_replace(true);
                return swallow(from).await;
            }
            Verdict::CutAfter => {
                let _ = to.write_all(&message).await;
                return;
            }
            Verdict::CutWithin => {
                let _ = to.write_all(&message[..message.len() / 2]).await;
                return;
            }
            Verdict::Corrupt => {
                let at = usize::from(message[0] != 0);
                message[at..at + 4].copy_from_slice(&1_i32.to_be_bytes());
                to.write_all(&message).await
            }
            Verdict::SingleBytes => {
                let mut sent = Ok(());
                for byte in message {
                    sent = to.write_all(&[byte]).await;
                    tokio::task::yield_now().await;
                }
                sent
            }
            Verdict::Delay(delay) => {
                tokio::time::sleep(delay).await;
                to.write_all(&message).await
            }
            Verdict::Pass => to.write_all(&message).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Reads and passes nothing on, until one side is gone: its keepalive would tell the other in the end.
async fn swallow(mut from: impl AsyncReadExt + Unpin) {
    let mut ignored = [0; 1024];
    while matches!(from.read(&mut ignored).await, Ok(1..)) {}
}

/// A message with its header; `None` at the end.
async fn read_message(from: &mut (impl AsyncReadExt + Unpin), untyped: bool) -> Option<Vec<u8>> {
    let header = if untyped { 4 } else { 5 };
    let mut message = vec![0; header];
    from.read_exact(&mut message).await.ok()?;
    let length = u32::from_be_bytes(message[header - 4..].try_into().unwrap()) as usize;
    message.resize(header - 4 + length, 0);
    from.read_exact(&mut message[header..]).await.ok()?;
    Some(message)
}
