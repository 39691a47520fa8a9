//! A proxy between client and server that counts the client's requests, and can hold back answers until a number of
//! them came. A client that then waits for an answer before its next request waits for ever. It can also drop notices,
//! delay a cancel request, make a statement slow, and break the connection after one.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, oneshot},
};

/// The byte that every Sync message begins with.
const SYNC: u8 = b'S';

/// What a cancel request begins with, behind its length.
const CANCEL: &[u8] = &80_877_102_u32.to_be_bytes();

/// The byte that every notice begins with.
const NOTICE: u8 = b'N';

pub(super) struct Proxy {
    folder: tempfile::TempDir,
    database: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// How many Sync messages came.
    asked: AtomicUsize,
    /// How many Sync messages have yet to come before answers go through.
    missing: AtomicUsize,
    changed: Notify,
    keeps_notices: AtomicBool,
    /// Until when the next cancel request is held up.
    held_up: Mutex<Option<oneshot::Receiver<()>>>,
    /// The SQL of a statement that takes long.
    slow: Mutex<Option<&'static str>>,
    /// The SQL of a script behind which the connection breaks.
    last: Mutex<Option<&'static str>>,
    /// What the client is told then.
    farewell: Mutex<Option<&'static [u8]>>,
}

/// What PgBouncer says to a client whose server is gone.
const CRASHED: &[u8] = b"E\0\0\0\x29SFATAL\0C08P01\0Mserver conn crashed?\0\0";

impl Proxy {
    /// A proxy to the server of this URL, `postgres://user@%2Fsocket%2Ffolder/database`.
    pub(super) async fn new(url: &str) -> Self {
        let (rest, database) = url.rsplit_once('/').unwrap();
        let server = rest.rsplit_once('@').unwrap().1.replace("%2F", "/");
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(format!("{server}/.s.PGSQL.5432")).await;
                tokio::spawn(pass(client, server.unwrap(), Arc::clone(&shared)));
            }
        });
        Self {
            folder,
            database: database.to_owned(),
            state,
        }
    }

    pub(super) fn url(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}/{}", self.database)
    }

    /// From now on no notice goes through.
    pub(super) fn keep_notices(&self) {
        self.state.keeps_notices.store(true, SeqCst);
    }

    /// The next cancel request goes through only when this is sent to or dropped.
    pub(super) fn hold_up_a_cancel_request(&self) -> oneshot::Sender<()> {
        let (release, held_up) = oneshot::channel();
        *self.state.held_up.lock().unwrap() = Some(held_up);
        release
    }

    /// The next statement with this SQL takes a minute, unless it is cancelled.
    pub(super) fn slow_down(&self, sql: &'static str) {
        *self.state.slow.lock().unwrap() = Some(sql);
    }

    /// How many questions came: each but those of the simple protocol ends in a Sync message.
    pub(super) fn asked(&self) -> usize {
        self.state.asked.load(SeqCst)
    }

    /// The connection breaks behind the next script that is this one, to which there is no answer.
    pub(super) fn break_behind(&self, sql: &'static str) {
        *self.state.last.lock().unwrap() = Some(sql);
    }

    /// The same, and the client is told so as PgBouncer does.
    pub(super) fn crash_behind(&self, sql: &'static str) {
        *self.state.farewell.lock().unwrap() = Some(CRASHED);
        self.break_behind(sql);
    }

    /// From now on no answer goes through before so many questions came.
    pub(super) fn hold_back_until(&self, questions: usize) {
        self.state.missing.store(questions, SeqCst);
        self.state.changed.notify_one();
    }
}

impl State {
    /// Whether the connection is to break behind this message.
    fn is_last(&self, message: &[u8]) -> bool {
        let mut last = self.last.lock().unwrap();
        let is_it = |sql: &mut &str| message.strip_suffix(b"\0") == Some(sql.as_bytes());
        last.take_if(is_it).is_some()
    }

    /// What is sent in place of a statement that is to take long.
    fn slow_version(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut slow = self.slow.lock().unwrap();
        let sql = (*slow)?;
        let is_it = [format!("{sql}\0"), format!("\0{sql}\0\0\0")]
            .iter()
            .any(|it| it.as_bytes() == message);
        is_it.then(|| {
            *slow = None;
            let text = String::from_utf8_lossy(message);
            text.replace(sql, "select pg_sleep(60)").into()
        })
    }
}

async fn pass(client: UnixStream, server: UnixStream, state: Arc<State>) {
    let (from_client, mut to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // Whatever ends first ends both.
    tokio::select! {
        _ = questions(from_client, to_server, &state) => {}
        _ = answers(from_server, &mut to_client, &state) => {}
    }
    let farewell = state.farewell.lock().unwrap().take();
    let _ = to_client.write_all(farewell.unwrap_or_default()).await;
}

async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
) -> std::io::Result<Infallible> {
    // The first message has no byte that says what it is.
    let mut kind = None;
    loop {
        let length = from.read_u32().await?;
        let mut message = vec![0; length as usize - 4];
        from.read_exact(&mut message).await?;
        if kind.is_none() && message.starts_with(CANCEL) {
            let held_up = state.held_up.lock().unwrap().take();
            if let Some(held_up) = held_up {
                let _ = held_up.await;
            }
        }
        if let Some(slow) = state.slow_version(&message) {
            message = slow;
        }
        if let Some(kind) = kind {
            to.write_u8(kind).await?;
        }
        to.write_u32(message.len() as u32 + 4).await?;
        to.write_all(&message).await?;
        if state.is_last(&message) {
            return Err(std::io::ErrorKind::ConnectionReset.into());
        }
        if kind == Some(SYNC) {
            state.asked.fetch_add(1, SeqCst);
            let one_less = |missing: usize| missing.checked_sub(1);
            let _ = state.missing.fetch_update(SeqCst, SeqCst, one_less);
            state.changed.notify_one();
        }
        kind = Some(from.read_u8().await?);
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    state: &State,
) -> std::io::Result<Infallible> {
    loop {
        let kind = from.read_u8().await?;
        let length = from.read_u32().await?;
        let mut message = vec![0; length as usize - 4];
        from.read_exact(&mut message).await?;
        while state.missing.load(SeqCst) > 0 {
            state.changed.notified().await;
        }
        if kind != NOTICE || !state.keeps_notices.load(SeqCst) {
            to.write_u8(kind).await?;
            to.write_u32(length).await?;
            to.write_all(&message).await?;
        }
    }
}
