//! Whoever asks gets the answer to that and to nothing else, whoever asks in between, and however messages are cut.

use std::{future::poll_fn, pin::Pin};

use bytes::Bytes;
use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc,
    task::{JoinHandle, yield_now},
};

use super::{
    super::messages::{HEADER, length},
    incoming::MOST_CHUNK,
    *,
};

type TestLine = Arc<Line<DuplexStream>>;

type Answered = Result<Vec<u8>, Error>;

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (4 + body.len() as u32).to_be_bytes();
    [&[tag], &length[..], body].concat()
}

/// What is answered to a question of this name: a row that says it, of a length that it decides.
fn row(name: &str) -> Vec<u8> {
    let length = name.len() * 2_003 % 9_000;
    message(b'D', &[name.as_bytes(), &vec![b'Z'; length]].concat())
}

/// What is answered to a COPY of so much data.
fn copied(bytes: usize) -> Vec<u8> {
    message(b'C', format!("COPY {bytes}\0").as_bytes())
}

fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

/// A server, which says something unasked before each third answer. It knows simple queries; statements, which it runs when there
/// is a Sync behind them; and COPY, which is Execute of what was bound: from it, to it, or one that fails at once.
async fn serve(mut stream: DuplexStream) {
    let mut asked = Vec::new();
    let (mut bound, mut copying, mut is_failed) = (Vec::new(), None, false);
    for answered in 0.. {
        let Ok(tag) = stream.read_u8().await else {
            return;
        };
        let length = stream.read_u32().await.unwrap() as usize - 4;
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let name = |body: &[u8]| {
            let end = body.iter().position(|byte| *byte == 0).unwrap();
            String::from_utf8(body[..end].to_vec()).unwrap()
        };
        if is_failed && tag != b'S' {
            continue;
        }
        let mut answer = match (tag, &mut copying) {
            (b'd', Some(bytes)) => {
                *bytes += length;
                continue;
            }
            (b'c', Some(bytes)) => {
                asked.push(copied(*bytes));
                copying = None;
                continue;
            }
            (b'H', _) => continue,
            (tag, Some(_)) => panic!("{tag} between data"),
            (b'B', None) => {
                bound = body;
                continue;
            }
            (b'E', None) => match &bound[..] {
                b"in" => {
                    copying = Some(0);
                    message(b'G', b"\x01\0\0")
                }
                b"out" => {
                    asked.push(copied(0));
                    continue;
                }
                _ => {
                    is_failed = true;
                    message(b'E', b"refused")
                }
            },
            (b'Q', None) => [row(&name(&body)), ready()].concat(),
            (b'P', None) => {
                asked.push(row(&name(&body[1..])));
                continue;
            }
            (b'S', None) => {
                is_failed = false;
                [asked.concat(), ready()].concat()
            }
            _ => continue,
        };
        if tag == b'S' {
            asked.clear();
        }
        if answered % 3 == 0 {
            answer = [message(b'N', b"notice"), answer].concat();
        }
        stream.write_all(&answer).await.unwrap();
    }
}

/// The driver: sends what it is told to, and reads until so many answers are there.
async fn drive(
    mut driven: Driven<DuplexStream>,
    mut told: mpsc::UnboundedReceiver<Vec<u8>>,
    answers: usize,
    at_once: usize,
) -> Vec<Vec<u8>> {
    driven
        .write_all(&8_u32.to_be_bytes()[..])
        .await
        .unwrap_err();
    let start = [&8_u32.to_be_bytes()[..], b"user"].concat();
    driven.write_all(&start).await.unwrap();
    let (mut read, mut write) = tokio::io::split(driven);
    let writing = async {
        loop {
            // It flushes whenever it is woken, as the driver does.
            let next = poll_fn(|cx| {
                let _ = Pin::new(&mut write).poll_flush(cx);
                told.poll_recv(cx)
            });
            let Some(messages) = next.await else { return };
            write.write_all(&messages).await.unwrap();
        }
    };
    let reading = async {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; at_once];
        loop {
            let read = read.read(&mut buffer).await.unwrap();
            bytes.extend_from_slice(&buffer[..read]);
            let messages = split(&bytes);
            let ended = messages.iter().filter(|message| message[0] == b'Z').count();
            if read == 0 || ended == answers {
                return messages;
            }
        }
    };
    tokio::select! { messages = reading => messages, () = writing => Vec::new() }
}

/// The messages, as far as they are whole.
fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some(header) = bytes.first_chunk::<HEADER>()
        && let Some((message, rest)) = bytes.split_at_checked(length(header))
    {
        messages.push(message.to_vec());
        bytes = rest;
    }
    messages
}

/// All of an answer.
async fn whole(mut reply: Reply<DuplexStream>) -> Answered {
    let mut all = Vec::new();
    loop {
        match poll_fn(|cx| reply.poll_messages(cx)).await? {
            messages if messages.is_empty() => return Ok(all),
            messages => all.extend_from_slice(&messages),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody asks, in so many groups.
    Ask(u8),
    /// The same, and does not wait for the answer.
    AskInVain(u8),
    Forget,
    /// The driver asks.
    Drive,
    /// The driver copies so many pieces to the server.
    CopyIn(usize),
    /// The same, where the server refuses.
    CopyInVain(usize),
    /// The driver copies from the server.
    CopyOut,
    Yield,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..4_u8).prop_map(Step::Ask),
        1 => (1..3_u8).prop_map(Step::AskInVain),
        1 => Just(Step::Forget),
        2 => Just(Step::Drive),
        1 => (0..5_usize).prop_map(Step::CopyIn),
        1 => (0..3_usize).prop_map(Step::CopyInVain),
        1 => Just(Step::CopyOut),
        2 => Just(Step::Yield),
    ];
    prop::collection::vec(step, 1..40)
}

/// A request of so many groups, of one kind and of the other in turn; and the answer to it.
fn request(name: usize, groups: u8) -> (Request, Vec<u8>) {
    let mut request = Request::new();
    let mut expected = Vec::new();
    for group in 0..groups {
        let name = format!("{name}{}", "x".repeat(usize::from(group)));
        match (name.len() + usize::from(group)) % 2 {
            0 => request.script(&name).unwrap(),
            _ => request.description("", &name).unwrap(),
        }
        expected.extend([row(&name), ready()].concat());
    }
    (request, expected)
}

struct Play {
    line: TestLine,
    to_driver: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Vec<(JoinHandle<Answered>, Vec<u8>)>,
    of_driver: Vec<Vec<u8>>,
}

impl Play {
    async fn take(&mut self, number: usize, step: Step) {
        match step {
            Step::Ask(groups) => {
                let (request, expected) = request(number, groups);
                let reply = self.line.send(&request).unwrap();
                self.waiting.push((tokio::spawn(whole(reply)), expected));
            }
            Step::AskInVain(groups) => drop(self.line.send(&request(number, groups).0).unwrap()),
            Step::Forget => self.line.send_and_forget(&request(number, 1).0),
            Step::Drive => {
                let name = number.to_string();
                self.of_driver.extend([row(&name), ready()]);
                let asked = message(b'Q', format!("{name}\0").as_bytes());
                self.to_driver.send(asked).unwrap();
            }
            Step::CopyIn(pieces) => {
                let answer = [message(b'G', b"\x01\0\0"), copied(pieces * 100), ready()];
                self.of_driver.extend(answer);
                self.copy_in(b"in", pieces).await;
            }
            Step::CopyInVain(pieces) => {
                self.of_driver.extend([message(b'E', b"refused"), ready()]);
                self.copy_in(b"in vain", pieces).await;
            }
            Step::CopyOut => {
                self.line.expect_copy(Copying::Out);
                self.of_driver.extend([copied(0), ready()]);
                self.tell([
                    message(b'B', b"out"),
                    message(b'E', b""),
                    message(b'S', b""),
                ]);
            }
            Step::Yield => yield_now().await,
        }
    }
}

impl Play {
    fn tell<const N: usize>(&self, messages: [Vec<u8>; N]) {
        self.to_driver.send(messages.concat()).unwrap();
    }

    async fn copy_in(&self, what: &[u8], pieces: usize) {
        self.line.expect_copy(Copying::In);
        self.tell([message(b'B', what), message(b'E', b""), message(b'S', b"")]);
        for _ in 0..pieces {
            yield_now().await;
            self.tell([message(b'd', &[b'S'; 100])]);
        }
        self.tell([message(b'c', b""), message(b'S', b"")]);
    }
}

async fn play(steps: Vec<Step>, room: usize, at_once: usize) {
    let (client, server) = tokio::io::duplex(room);
    let (line, driven) = Line::over(client, b"");
    let (to_driver, told) = mpsc::unbounded_channel();
    let answers = |step: &&Step| {
        matches!(
            step,
            Step::Drive | Step::CopyIn(_) | Step::CopyInVain(_) | Step::CopyOut
        )
    };
    let answers = steps.iter().filter(answers).count() + 1;
    let server = tokio::spawn(serve(server));
    let driver = tokio::spawn(drive(driven, told, answers, at_once));
    let mut play = Play {
        line,
        to_driver,
        waiting: Vec::new(),
        of_driver: Vec::new(),
    };
    for (number, step) in steps.into_iter().enumerate() {
        play.take(number, step).await;
    }
    for (reply, expected) in std::mem::take(&mut play.waiting) {
        assert!(reply.await.unwrap().unwrap() == expected);
    }
    play.take(1_000, Step::Drive).await;
    let messages = driver.await.unwrap();
    let is_answer = |message: &Vec<u8>| message[0] != b'N';
    let seen: Vec<_> = messages.into_iter().filter(is_answer).collect();
    assert!(seen == play.of_driver);
    assert!(play.line.lock().answers.len() == 0);
    // Without the driver, nobody reads.
    assert!(play.line.send(&request(0, 1).0).is_err());
    server.await.unwrap();
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let limit = std::time::Duration::from_secs(20);
    runtime.block_on(async { tokio::time::timeout(limit, future).await.expect("it hangs") })
}

proptest! {
    #[test]
    fn each_gets_the_answer_to_what_was_asked(
        steps in steps(),
        room in prop_oneof![1..80_usize, 1_000..40_000_usize],
        at_once in prop_oneof![1..50_usize, Just(8_192)],
    ) {
        block_on(play(steps, room, at_once));
    }
}

/// A line, and the server's side of it, whose driver reads.
fn driven() -> (TestLine, DuplexStream, JoinHandle<Vec<Vec<u8>>>) {
    let (client, server) = tokio::io::duplex(1 << 20);
    let (line, driven) = Line::over(client, b"");
    let (to_driver, told) = mpsc::unbounded_channel();
    let driver = tokio::spawn(async move {
        let _to_driver = to_driver;
        drive(driven, told, usize::MAX, 8_192).await
    });
    (line, server, driver)
}

/// Somebody who has asked, as the server knows.
async fn asked(line: &TestLine, server: &mut DuplexStream) -> Reply<DuplexStream> {
    let (request, _) = request(1, 1);
    let reply = line.send(&request).unwrap();
    let mut messages = vec![0; request.messages.len()];
    server.read_exact(&mut messages).await.unwrap();
    assert!(messages == request.messages);
    reply
}

async fn next(reply: &mut Reply<DuplexStream>) -> Result<Bytes, Error> {
    poll_fn(|cx| reply.poll_messages(cx)).await
}

#[test]
fn what_came_is_there_before_the_end_of_the_line_is() {
    block_on(async {
        let (line, mut server, driver) = driven();
        let mut reply = asked(&line, &mut server).await;
        let refused = message(b'E', b"FATAL");
        server.write_all(&refused).await.unwrap();
        drop(server);
        assert_eq!(next(&mut reply).await.unwrap(), refused);
        let error = next(&mut reply).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        driver.await.unwrap();
    });
}

#[test]
fn rows_are_handed_out_before_the_last_is_there() {
    block_on(async {
        let (line, mut server, _driver) = driven();
        let mut reply = asked(&line, &mut server).await;
        let row = row("1");
        let (begun, rest) = row.split_at(20);
        server.write_all(&[&row, begun].concat()).await.unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), row);
        server.write_all(rest).await.unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), row);
    });
}

/// Should the server answer once more than it was asked, nobody gets what is another's.
#[test]
fn an_answer_to_nothing_closes_the_line() {
    block_on(async {
        let (line, mut server, driver) = driven();
        let mut reply = asked(&line, &mut server).await;
        server.write_all(&ready()).await.unwrap();
        let error = next(&mut reply).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(line.send(&request(2, 1).0).is_err());
        driver.await.unwrap();
    });
}

/// Those who wait for the driver are told by its end.
#[test]
fn the_driver_ends_with_the_line() {
    block_on(async {
        let (line, mut server, driver) = driven();
        let reply = asked(&line, &mut server).await;
        reply.close();
        driver.await.unwrap();
    });
}

/// Nobody is to need more memory for being slow.
#[test]
fn no_more_is_read_than_there_is_room_for() {
    block_on(async {
        let (client, mut server) = tokio::io::duplex(1_000);
        let (line, driven) = Line::over(client, b"");
        let (_to_driver, told) = mpsc::unbounded_channel();
        let _driver = tokio::spawn(drive(driven, told, usize::MAX, 8_192));
        let mut reply = asked(&line, &mut server).await;
        let rows = vec![row("1"); 1_000].concat();
        let expected = [rows, ready()].concat();
        let sent = expected.clone();
        let sending = tokio::spawn(async move { server.write_all(&sent).await.map(|()| server) });
        for _ in 0..10_000 {
            yield_now().await;
        }
        let received = |line: &TestLine| line.lock().answers.get(0).unwrap().received.len();
        assert!((ROOM..ROOM + 2 * MOST_CHUNK).contains(&received(&line)));
        let mut all = Vec::new();
        while all.len() < expected.len() {
            all.extend_from_slice(&next(&mut reply).await.unwrap());
        }
        assert!(all == expected);
        sending.await.unwrap().unwrap();
    });
}

#[test]
fn a_driver_that_begins_otherwise_is_not_passed_over() {
    for start in [
        &b""[..],
        b"abc",
        &9_u32.to_be_bytes(),
        b"\0\0\0\x08user and more",
    ] {
        block_on(async {
            let (_, mut driven) = Line::over(tokio::io::duplex(8).0, b"");
            let written = poll_fn(|cx| Pin::new(&mut driven).poll_write(cx, start));
            assert!(written.await.is_err(), "{start:?}");
        });
    }
}
