//! Descriptions are hidden, and all else is handed out as it came, however the stream is cut.

use std::collections::VecDeque;

use postgres_types::Oid;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (4 + body.len() as u32).to_be_bytes();
    [&[tag], &length[..], body].concat()
}

fn column(ty: Oid, modifier: i32) -> Vec<u8> {
    let (ty, modifier) = (ty.to_be_bytes(), modifier.to_be_bytes());
    [b"name\0", &[0; 6][..], &ty, &[255; 2], &modifier, &[0; 2]].concat()
}

fn columns(columns: &[(Oid, i32)]) -> Vec<u8> {
    let count = (columns.len() as u16).to_be_bytes();
    let columns: Vec<_> = columns.iter().map(|(ty, n)| column(*ty, *n)).collect();
    message(b'T', &[&count[..], &columns.concat()].concat())
}

fn parameters(types: &[Oid]) -> Vec<u8> {
    let count = (types.len() as u16).to_be_bytes();
    let types: Vec<_> = types.iter().map(|ty| ty.to_be_bytes()).collect();
    message(b't', &[&count[..], &types.concat()].concat())
}

/// What the server sends, and what the driver is to see of it.
type Sent = (Vec<u8>, Vec<u8>);

fn unchanged(message: Vec<u8>) -> Sent {
    (message.clone(), message)
}

/// Descriptions of columns and of parameters, between other messages.
fn described() -> Sent {
    let rows = |length| unchanged(message(b'D', &vec![b'T'; length]));
    let all = [
        rows(31),
        (parameters(&[70_000, 25]), parameters(&[705, 25])),
        (
            columns(&[(20, -1), (70_000, 12)]),
            columns(&[(20, -1), (705, 70_000)]),
        ),
        unchanged(message(b'1', b"")),
        unchanged(columns(&[])),
        rows(1_000),
    ];
    joined(all)
}

fn joined(all: impl IntoIterator<Item = Sent>) -> Sent {
    let (sent, seen): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    (sent.concat(), seen.concat())
}

/// What arrives piece by piece, and not at once.
#[derive(Debug)]
struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    waits: bool,
}

impl Pieces {
    fn new(pieces: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        Self {
            pieces: pieces.into_iter().map(Into::into).collect(),
            waits: false,
        }
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        assert!(
            buffer.remaining() > 0,
            "a read of nothing looks like the end"
        );
        self.waits = !self.waits;
        if self.waits {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(mut piece) = self.pieces.pop_front() {
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.pieces.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// One over which a session was started, to which nothing more is to be said.
fn started<S>(stream: S) -> Unasked<S> {
    Unasked {
        reading: Reading::Messages,
        ..Unasked::started(stream, Vec::new())
    }
}

/// All that is read of the stream, so much at once.
async fn read(mut stream: impl AsyncRead + Unpin, at_once: usize) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = vec![0; at_once];
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => return all,
            count => all.extend_from_slice(&buffer[..count]),
        }
    }
}

const SIZES: [usize; 7] = [1, 2, 5, 6, 29, 64, 8_192];

#[tokio::test]
async fn types_are_hidden_wherever_messages_are_cut() {
    let (sent, seen) = described();
    for at_once in SIZES {
        for cut in 1..200 {
            let stream = started(Pieces::new(sent.chunks(cut)));
            assert!(read(stream, at_once).await == seen, "pieces of {cut}");
        }
        for cut in 1..sent.len() {
            let (one, other) = sent.split_at(cut);
            let stream = started(Pieces::new([one, other]));
            assert!(read(stream, at_once).await == seen, "cut at {cut}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_ends_within_a_message_is_handed_out_to_its_end() {
    let (sent, _) = described();
    for end in 1..sent.len() {
        let stream = started(Pieces::new([&sent[..end]]));
        assert_eq!(read(stream, 16).await.len(), end);
    }
}

/// Nothing waits for what comes later, and nothing is put together.
#[tokio::test]
async fn other_messages_are_handed_out_as_they_come() {
    let (sent, _) = joined((0..300).map(|n| unchanged(message(b'D', &vec![b'T'; n]))));
    for cut in [1, 3, 64, 1_000] {
        let mut stream = started(Pieces::new(sent.chunks(cut)));
        let mut buffer = [0; 8_192];
        for piece in sent.chunks(cut) {
            let count = stream.read(&mut buffer).await.unwrap();
            assert!(buffer[..count] == *piece, "pieces of {cut}");
        }
    }
}

#[tokio::test]
async fn what_the_driver_begins_with_is_passed_over_and_was_answered() {
    let (sent, seen) = described();
    let start = [&8_u32.to_be_bytes()[..], b"user"].concat();
    for at_once in SIZES {
        let (server, client) = tokio::io::duplex(64);
        let mut stream = Unasked::started(client, b"let in".to_vec());
        let (mut requests, mut answers) = tokio::io::split(server);
        stream.write_all(&start).await.unwrap();
        stream.write_all(b"query").await.unwrap();
        let mut request = [0; 5];
        requests.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"query");
        let answered = async {
            answers.write_all(&sent).await.unwrap();
            answers.shutdown().await.unwrap();
        };
        let ((), read) = tokio::join!(answered, read(stream, at_once));
        assert!(read == [&b"let in"[..], &seen].concat());
    }
}

#[tokio::test]
async fn a_driver_that_begins_otherwise_is_not_passed_over() {
    for start in [
        &b""[..],
        b"abc",
        &9_u32.to_be_bytes(),
        b"\0\0\0\x08user and more",
    ] {
        let mut stream = Unasked::started(tokio::io::empty(), Vec::new());
        let slices = [IoSlice::new(start)];
        let written =
            std::future::poll_fn(|cx| Pin::new(&mut stream).poll_write_vectored(cx, &slices));
        assert!(written.await.is_err(), "{start:?}");
    }
}

fn any_message() -> impl Strategy<Value = Sent> {
    let number = prop_oneof![Just(23_u32), Just(70_000), Just(3_000_000_000)];
    let hidden = |ty: Oid| if ty == 23 { ty } else { 705 };
    let types = prop::collection::vec((number, -1..9_i32), 0..40);
    (types, prop::collection::vec(any::<u8>(), 0..300), 0..4).prop_map(
        move |(types, body, kind)| match kind {
            0 => {
                let seen = types.iter().map(|(ty, modifier)| match ty {
                    23 => (23, *modifier),
                    ty => (705, ty.cast_signed()),
                });
                (columns(&types), columns(&seen.collect::<Vec<_>>()))
            }
            1 => {
                let types: Vec<_> = types.iter().map(|(ty, _)| *ty).collect();
                let seen: Vec<_> = types.iter().map(|ty| hidden(*ty)).collect();
                (parameters(&types), parameters(&seen))
            }
            _ => unchanged(message(b'D', &body)),
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_sent_and_however_it_is_cut_the_driver_sees_the_same(
        messages in prop::collection::vec(any_message(), 1..12),
        cuts in prop::collection::vec(1..200_usize, 1..20),
        at_once in 1..300_usize,
    ) {
        let (sent, seen) = joined(messages);
        let mut rest = &sent[..];
        let mut pieces = Vec::new();
        for cut in cuts.into_iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stream = started(Pieces::new(pieces));
        prop_assert!(runtime.block_on(read(stream, at_once)) == seen);
    }

    /// Whatever it is, it is the driver's to refuse.
    #[test]
    fn what_is_malformed_is_handed_out_too(
        mut sent in prop::collection::vec(any::<u8>(), 0..100),
        at_once in 1..50_usize,
    ) {
        for byte in sent.iter_mut().filter(|byte| **byte < 60) {
            *byte = [0, 0, 0, 1, 5, 20, b'T', b't'][usize::from(*byte % 8)];
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stream = started(Pieces::new(sent.chunks(7)));
        prop_assert_eq!(runtime.block_on(read(stream, at_once)).len(), sent.len());
    }
}
