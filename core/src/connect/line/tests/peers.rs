//! Both ends of a line: what a server answers, and what a driver and others ask.

use std::{future::poll_fn, pin::Pin};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc,
};

use super::super::{
    super::messages::{HEADER, length},
    *,
};

pub(super) type Answered = Result<Vec<u8>, Error>;

pub(super) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (4 + body.len() as u32).to_be_bytes();
    [&[tag], &length[..], body].concat()
}

/// What is answered to a question of this name: a row that says it, of a length that it decides.
pub(super) fn row(name: &str) -> Vec<u8> {
    let length = name.len() * 2_003 % 9_000;
    message(b'D', &[name.as_bytes(), &vec![b'Z'; length]].concat())
}

/// What is answered to a COPY of so much data.
pub(super) fn copied(bytes: usize) -> Vec<u8> {
    message(b'C', format!("COPY {bytes}\0").as_bytes())
}

pub(super) fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

/// A server, which says something unasked before each third answer. It knows simple queries; statements, which it runs when there
/// is a Sync behind them; and COPY, which is Execute of what was bound: from it, to it, or one that fails at once.
pub(super) async fn serve(mut stream: DuplexStream) {
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
pub(super) async fn drive(
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
pub(super) fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
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
pub(super) async fn whole(mut reply: Reply<DuplexStream>) -> Answered {
    let mut all = Vec::new();
    loop {
        match poll_fn(|cx| reply.poll_messages(cx)).await? {
            messages if messages.is_empty() => return Ok(all),
            messages => all.extend_from_slice(&messages),
        }
    }
}

/// A request of so many groups, of one kind and of the other in turn; and the answer to it.
pub(super) fn request(name: usize, groups: u8) -> (Request, Vec<u8>) {
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
