//! Both ends of a line: the server's answers, and the requests.

use std::{future::poll_fn, io, pin::Pin, task::Poll};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf};

use super::super::*;

pub(super) type Answered = Result<Vec<u8>, Error>;

pub(super) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (4 + body.len() as u32).to_be_bytes();
    [&[tag], &length[..], body].concat()
}

/// The answer to the request with this name: a row with the name, of a length that depends on it.
pub(super) fn row(name: &str) -> Vec<u8> {
    let length = name.len() * 2_003 % 9_000;
    message(b'D', &[name.as_bytes(), &vec![b'Z'; length]].concat())
}

/// The answer to a COPY of this many bytes.
pub(super) fn copied(bytes: usize) -> Vec<u8> {
    let begun = message(b'G', b"\x01\0\0");
    let ended = message(b'C', format!("COPY {bytes}\0").as_bytes());
    [begun, ended, ready()].concat()
}

/// The answer to a COPY that the server refuses, at once or after the data.
pub(super) fn refused() -> Vec<u8> {
    [message(b'E', b"refused"), ready()].concat()
}

/// The answer to a COPY whose data is given up.
pub(super) fn given_up() -> Vec<u8> {
    [message(b'G', b"\x01\0\0"), refused()].concat()
}

/// A COPY to the server, with this name.
pub(super) fn copy(name: &str) -> Request {
    let mut request = Request::new();
    request.copy_in(name).unwrap();
    request
}

pub(super) fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

/// The notice that [`serve`] sends before each third answer.
pub(super) fn notice() -> Vec<u8> {
    message(b'N', b"notice")
}

/// A server that sends a notice before each third answer. It knows simple queries; statements, which it runs at the
/// Sync after them; and COPY, which is an Execute, and which it refuses at once if the statement's name begins with
/// "no".
pub(super) async fn serve(mut stream: DuplexStream) {
    let mut parsed = String::new();
    let (mut asked, mut copying, mut is_failed) = (Vec::new(), None, false);
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
                asked = message(b'C', format!("COPY {bytes}\0").as_bytes());
                copying = None;
                continue;
            }
            (b'f', Some(_)) => {
                (copying, is_failed) = (None, true);
                message(b'E', b"refused")
            }
            (tag, Some(_)) => panic!("{tag} between data"),
            (b'Q', None) => [row(&name(&body)), ready()].concat(),
            (b'P', None) => {
                parsed = name(&body[1..]);
                continue;
            }
            (b'D', None) => {
                asked.extend(row(&parsed));
                continue;
            }
            (b'E', None) if parsed.starts_with("no") => {
                is_failed = true;
                message(b'E', b"refused")
            }
            (b'E', None) => {
                copying = Some(0);
                message(b'G', b"\x01\0\0")
            }
            (b'S', None) => {
                is_failed = false;
                [std::mem::take(&mut asked), ready()].concat()
            }
            (b'B', None) => continue,
            (b'X', None) => return,
            (tag, None) => panic!("{tag} out of place"),
        };
        if answered % 3 == 0 {
            answer = [notice(), answer].concat();
        }
        stream.write_all(&answer).await.unwrap();
    }
}

/// The client's side. With encryption, written bytes stay here until there are more, or they are flushed.
pub(super) struct Client {
    pub(super) stream: DuplexStream,
    pub(super) encrypts: bool,
    pub(super) written: BytesMut,
}

impl AsyncRead for Client {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Client {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.encrypts {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        if !self.written.is_empty() {
            std::task::ready!(self.as_mut().poll_flush(cx))?;
        }
        let some = bytes.len().min(500);
        self.written.extend_from_slice(&bytes[..some]);
        Poll::Ready(Ok(some))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while !this.written.is_empty() {
            let stream = Pin::new(&mut this.stream);
            let count = std::task::ready!(stream.poll_write(cx, &this.written))?;
            this.written.advance(count);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Reads to the end, and returns the messages that answer no request.
pub(super) async fn read(mut reader: Reader<Client>) -> Vec<Vec<u8>> {
    let mut unasked = Vec::new();
    while let Some(message) = reader.next().await {
        unasked.push(message.to_vec());
    }
    unasked
}

/// Reads the whole answer.
pub(super) async fn whole(mut reply: Reply<Client>) -> Answered {
    let mut all = Vec::new();
    loop {
        match poll_fn(|cx| reply.poll_messages(cx)).await? {
            messages if messages.is_empty() => return Ok(all),
            messages => all.extend_from_slice(&messages),
        }
    }
}

/// A request of this many groups, of the two kinds in turn, and the answer to it.
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
