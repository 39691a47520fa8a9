//! A stream that keeps the driver from asking about types. Before it hands out rows, the driver asks what each type is that it
//! does not know, with statements of its own: behind a pooler another server may get them, and behind a long result nobody
//! answers. So what it reads of such a type is that it is `unknown`, which a column can never be, and its number stands where a
//! column's modifier does. The session asks for itself.

use std::{
    io::{self, IoSlice},
    ops::Range,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use postgres_types::{Oid, Type};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Column;
#[cfg(feature = "tls")]
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// The number of a column's type.
pub(crate) fn type_oid(column: &Column) -> Oid {
    match (column.type_(), column.type_modifier()) {
        // What is no number of a type is -1.
        (&Type::UNKNOWN, number) if number != -1 => number.cast_unsigned(),
        (ty, _) => ty.oid(),
    }
}

/// A socket, or what is encrypted over it.
pub(crate) struct Unasked<S> {
    stream: S,
    reading: Reading,
    /// What was read and not yet handed out.
    read: BytesMut,
    /// How much of that can be.
    ready: usize,
    /// How much of a message is yet to come, which is handed out as it comes.
    rest: usize,
}

/// What the server sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Whatever it is, it is handed out as it comes.
    Anything,
    /// Whether it encrypts, and messages if it does not.
    Answer,
    Messages,
}

/// How much is read at once.
const CHUNK: usize = 8 * 1024;

/// What each message begins with: what it is, and its length, which counts itself.
const HEADER: usize = 5;

impl<S> Unasked<S> {
    /// One from which messages are read.
    pub(crate) fn messages(stream: S) -> Self {
        Self::new(stream, Reading::Messages)
    }

    /// One of which the server may say first that it will be encrypted, in which case this one reads nothing.
    #[cfg(feature = "tls")]
    pub(crate) fn unless_encrypted(stream: S) -> Self {
        Self::new(stream, Reading::Answer)
    }

    fn new(stream: S, reading: Reading) -> Self {
        Self {
            stream,
            reading,
            read: BytesMut::new(),
            ready: 0,
            rest: 0,
        }
    }

    /// Looks at what was read.
    fn advance(&mut self) {
        if self.reading == Reading::Answer {
            self.ready = self.read.len().min(1);
            self.reading = match self.read.first() {
                Some(b'N') => Reading::Messages,
                _ => Reading::Anything,
            };
        }
        if self.reading == Reading::Anything {
            self.ready = self.read.len();
            return;
        }
        loop {
            let passed = self.rest.min(self.read.len() - self.ready);
            self.ready += passed;
            self.rest -= passed;
            let message = &mut self.read[self.ready..];
            let [tag, a, b, c, d, ..] = *message else {
                return;
            };
            let length = (1 + u32::from_be_bytes([a, b, c, d]) as usize).max(HEADER);
            match tag {
                b'T' | b't' if message.len() < length => return,
                // What is malformed is the driver's matter.
                b'T' => drop(hide_columns(&mut message[HEADER..length])),
                b't' => drop(hide_parameters(&mut message[HEADER..length])),
                _ => {}
            }
            self.rest = length;
        }
    }
}

/// Hides the types in the body of a RowDescription.
fn hide_columns(mut body: &mut [u8]) -> Option<()> {
    body = body.get_mut(2..)?;
    while !body.is_empty() {
        let name = body.iter().position(|byte| *byte == 0)?;
        // Behind the numbers of table and column: those of the type, its size, its modifier and its format.
        let column = body.get_mut(name + 1..)?;
        let oid = column.get(6..10)?.try_into().ok()?;
        if !is_known(oid) {
            put(column, 6..10, Type::UNKNOWN.oid())?;
            put(column, 12..16, Oid::from_be_bytes(oid))?;
        }
        body = column.get_mut(18..)?;
    }
    Some(())
}

/// Hides the types in the body of a ParameterDescription.
fn hide_parameters(body: &mut [u8]) -> Option<()> {
    let parameters = body.get_mut(2..)?;
    for parameter in parameters.chunks_exact_mut(4) {
        if !is_known((&*parameter).try_into().ok()?) {
            put(parameter, 0..4, Type::UNKNOWN.oid())?;
        }
    }
    Some(())
}

fn put(bytes: &mut [u8], place: Range<usize>, number: Oid) -> Option<()> {
    bytes.get_mut(place)?.copy_from_slice(&number.to_be_bytes());
    Some(())
}

/// Whether the driver need not ask about this type.
fn is_known(oid: [u8; 4]) -> bool {
    Type::from_oid(Oid::from_be_bytes(oid)).is_some()
}

impl<S: AsyncRead + Unpin> AsyncRead for Unasked<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.reading == Reading::Anything && this.read.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        }
        loop {
            let taken = this.ready.min(buffer.remaining());
            if taken > 0 {
                buffer.put_slice(&this.read[..taken]);
                this.read.advance(taken);
                this.ready -= taken;
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0; CHUNK];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.read.extend_from_slice(chunk.filled());
            this.advance();
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unasked<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(feature = "tls")]
impl<S: TlsStream + Unpin> TlsStream for Unasked<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

/// A handshake after which messages are read.
#[cfg(feature = "tls")]
pub(crate) struct UnaskedTls<T>(pub(crate) T);

#[cfg(feature = "tls")]
impl<S, T> TlsConnect<S> for UnaskedTls<T>
where
    T: TlsConnect<S, Future: Send + 'static> + 'static,
{
    type Stream = Unasked<T::Stream>;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, T::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let handshake = self.0.connect(stream);
        Box::pin(async move { handshake.await.map(Unasked::messages) })
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = (4 + body.len() as u32).to_be_bytes();
        [&[tag], &length[..], body].concat()
    }

    fn column(ty: Oid, modifier: i32) -> Vec<u8> {
        let (ty, modifier) = (ty.to_be_bytes(), modifier.to_be_bytes());
        [b"name\0", &[0; 6][..], &ty, &[255; 2], &modifier, &[0; 2]].concat()
    }

    /// A description of columns and one of parameters, between other messages.
    fn described(columns: [(Oid, i32); 2], params: [Oid; 2]) -> Vec<u8> {
        let columns = columns.map(|(ty, modifier)| column(ty, modifier)).concat();
        let params = params.map(Oid::to_be_bytes).concat();
        [
            message(b'D', b"a row of which T may be a part"),
            message(b't', &[&[0, 2], &params[..]].concat()),
            message(b'T', &[&[0, 2], &columns[..]].concat()),
            message(b'1', b""),
            message(b'D', &[b'T'; 20_000]),
        ]
        .concat()
    }

    #[tokio::test]
    async fn types_are_hidden_wherever_messages_are_cut() {
        let sent = described([(20, -1), (70_000, 12)], [70_000, 25]);
        let expected = described([(20, -1), (705, 70_000)], [705, 25]);
        for cut in 1..200 {
            let mut read = Vec::new();
            let mut stream = Unasked::messages(Pieces(sent.chunks(cut)));
            stream.read_to_end(&mut read).await.unwrap();
            assert!(read == expected, "in pieces of {cut}");
        }
    }

    #[cfg(feature = "tls")]
    #[tokio::test]
    async fn what_is_encrypted_is_left_as_it_is() {
        let sent = described([(20, -1), (70_000, 12)], [70_000, 25]);
        for (answer, expected) in [
            (b"S", sent.clone()),
            (b"N", described([(20, -1), (705, 70_000)], [705, 25])),
        ] {
            let all = [&answer[..], &sent[..]].concat();
            let mut read = Vec::new();
            let mut stream = Unasked::unless_encrypted(&all[..]);
            stream.read_to_end(&mut read).await.unwrap();
            assert!(read == [&answer[..], &expected[..]].concat());
        }
    }

    /// Each is read by itself.
    struct Pieces<'p>(std::slice::Chunks<'p, u8>);

    impl AsyncRead for Pieces<'_> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buffer.put_slice(self.0.next().unwrap_or_default());
            Poll::Ready(Ok(()))
        }
    }
}
