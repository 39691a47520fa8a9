//! Descriptions are hidden, rows packed, and all else is handed out as it came, however the stream is cut.

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

/// A statement that is described, and rows of it; rows of a simple query, between which nothing is packed.
fn described() -> Vec<u8> {
    let row = |length| message(b'D', &[&[0, 1][..], &vec![b'T'; length]].concat());
    let simple = message(b'T', b"\0\0");
    [
        message(b'1', b""),
        parameters(&[70_000, 25]),
        message(b'N', b"notice"),
        message(b'S', b"status"),
        columns(&[(20, -1), (70_000, 12)]),
        message(b'Z', b"I"),
        message(b'2', b""),
        row(31),
        row(0),
        message(b'N', b"notice"),
        row(1_000),
        row(3),
        message(b'C', b"SELECT 4\0"),
        message(b'Z', b"I"),
        simple,
        row(7),
        row(8),
        message(b'C', b"SELECT 2\0"),
        message(b'Z', b"I"),
        parameters(&[]),
        message(b'n', b""),
        message(b'2', b""),
        message(b'C', b"UPDATE 0\0"),
        message(b'Z', b"I"),
        message(b'2', b""),
        parameters(&[70_000]),
        columns(&[(70_000, -1)]),
        row(5),
        row(6),
        message(b'C', b"SELECT 2\0"),
    ]
    .concat()
}

/// The messages of `all`, and what is no message any more at its end.
fn messages(mut all: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut messages = Vec::new();
    while let Some(header) = all.first_chunk()
        && let Some((message, rest)) = all.split_at_checked(length(header))
    {
        messages.push(message);
        all = rest;
    }
    (messages, all)
}

/// What the server sent, but for the types of parameters, of what the driver sees.
fn sent_behind(seen: &[u8]) -> Vec<u8> {
    let mut sent = Vec::new();
    let mut about = About::Other;
    let (messages, rest) = messages(seen);
    for message in messages {
        match (message[0], about) {
            (b'T', About::Statement | About::Rows) => {
                let name = &message[HEADER + 2..message.len() - 19];
                let hidden = str::from_utf8(name).unwrap().chars();
                sent.extend(hidden.map(|c| (u32::from(c) - 0x100) as u8));
            }
            (b'D', About::Rows) => {
                let (header, rows) = message.split_at(HEADER + 6);
                assert_eq!(header, pack_header(rows.len()));
                sent.extend(rows);
            }
            _ => sent.extend(message),
        }
        about = about.after(message[0]);
    }
    sent.extend(rest);
    sent
}

/// The same, with the types of parameters that the driver is to see.
fn with_parameters_hidden(sent: &[u8]) -> Vec<u8> {
    let (messages, rest) = messages(sent);
    let hidden = messages.into_iter().map(|message| match message[0] {
        b't' => columns::hidden(message),
        _ => message.to_vec(),
    });
    let mut all: Vec<u8> = hidden.flatten().collect();
    all.extend(rest);
    all
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
fn started<S>(stream: S) -> Beneath<S> {
    Beneath::started(stream, Vec::new())
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
async fn what_is_changed_is_so_wherever_messages_are_cut() {
    let sent = described();
    let expected = with_parameters_hidden(&sent);
    assert!(expected != sent);
    for at_once in SIZES {
        for cut in 1..200 {
            let stream = started(Pieces::new(sent.chunks(cut)));
            let seen = read(stream, at_once).await;
            assert!(sent_behind(&seen) == expected, "pieces of {cut}");
        }
        for cut in 1..sent.len() {
            let (one, other) = sent.split_at(cut);
            let stream = started(Pieces::new([one, other]));
            let seen = read(stream, at_once).await;
            assert!(sent_behind(&seen) == expected, "cut at {cut}");
        }
    }
}

#[tokio::test]
async fn rows_that_come_together_are_one() {
    let row = |n: usize| {
        message(
            b'D',
            &[&[0, 1, 0, 0, 0][..], &[n as u8], &vec![7; n]].concat(),
        )
    };
    let rows: Vec<_> = (0..40).map(row).collect();
    let sent = [
        message(b'2', b""),
        rows.concat(),
        message(b'C', b"SELECT 40\0"),
    ]
    .concat();
    let seen = read(started(&sent[..]), 10_000).await;
    let (messages, _) = messages(&seen);
    let tags: Vec<u8> = messages.iter().map(|message| message[0]).collect();
    assert_eq!(tags, *b"2DC");
    assert_eq!(messages[1][HEADER + 6..], rows.concat());
}

#[tokio::test]
async fn a_row_that_was_cut_does_not_keep_those_before_it_back() {
    let row = message(b'D', &[0, 1, 0, 0, 0, 1, 7]);
    let (begun, rest) = row.split_at(8);
    let first = [message(b'2', b""), row.clone(), row.clone(), begun.to_vec()].concat();
    let mut stream = started(Pieces::new([&first[..], rest]));
    let mut buffer = [0; 8_192];
    let count = stream.read(&mut buffer).await.unwrap();
    let (whole, cut) = messages(&buffer[..count]);
    assert_eq!(whole[1][HEADER + 6..], [&row[..], &row].concat());
    assert_eq!(cut[HEADER + 6..], *begun);
}

/// A row that is larger than what is read at once is not kept until it is whole.
#[tokio::test]
async fn a_large_row_is_handed_out_as_it_comes() {
    let large = message(b'D', &vec![1; 100_000]);
    let sent = [message(b'2', b""), large].concat();
    let mut stream = started(Pieces::new(sent.chunks(1_000)));
    let mut buffer = [0; 8_192];
    let mut seen = 0;
    for piece in sent.chunks(1_000) {
        let count = stream.read(&mut buffer).await.unwrap();
        seen += count;
        assert!(count >= piece.len());
    }
    assert_eq!(seen, sent.len() + HEADER + 6);
}

#[tokio::test]
async fn columns_are_seen_behind_the_one_that_hides_them() {
    let sent = [parameters(&[]), columns(&[(20, -1), (70_000, 12)])].concat();
    let seen = read(started(&sent[..]), 1_000).await;
    let (messages, _) = messages(&seen);
    let name = &messages[1][HEADER + 2..messages[1].len() - 19];
    let hidden = columns::behind(str::from_utf8(name).unwrap());
    let column = |type_oid| Column {
        name: "name".to_owned(),
        type_oid,
    };
    assert_eq!(hidden, [column(20), column(70_000)]);
}

#[tokio::test]
async fn a_stream_that_ends_within_a_message_is_handed_out_to_its_end() {
    let sent = described();
    for end in 1..sent.len() {
        let seen = read(started(Pieces::new([&sent[..end]])), 16).await;
        assert!(seen.len() >= end, "{end}");
    }
}

/// Nothing waits for what comes later.
#[tokio::test]
async fn other_messages_are_handed_out_as_they_come() {
    let sent: Vec<u8> = (0..300)
        .flat_map(|n| message(b'd', &vec![b'T'; n]))
        .collect();
    for cut in [64, 1_000] {
        let mut stream = started(Pieces::new(sent.chunks(cut)));
        let mut buffer = [0; 8_192];
        let mut seen = Vec::new();
        for piece in sent.chunks(cut) {
            let count = stream.read(&mut buffer).await.unwrap();
            assert!(count + HEADER > piece.len());
            seen.extend_from_slice(&buffer[..count]);
        }
        assert!(
            sent.starts_with(&seen) && seen.len() + HEADER > sent.len(),
            "pieces of {cut}"
        );
    }
}

#[tokio::test]
async fn what_the_driver_begins_with_is_passed_over_and_was_answered() {
    let sent = described();
    let start = [&8_u32.to_be_bytes()[..], b"user"].concat();
    for at_once in SIZES {
        let (server, client) = tokio::io::duplex(64);
        let mut stream = Beneath::started(client, b"let in".to_vec());
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
        let ((), seen) = tokio::join!(answered, read(stream, at_once));
        let seen = seen.strip_prefix(b"let in").unwrap();
        assert!(sent_behind(seen) == with_parameters_hidden(&sent));
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
        let mut stream = Beneath::started(tokio::io::empty(), Vec::new());
        let written = std::future::poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, start));
        assert!(written.await.is_err(), "{start:?}");
    }
}

/// What the server sends of one statement, or of a simple query.
fn any_answer() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![Just(23_u32), Just(70_000), Just(3_000_000_000)];
    let types = prop::collection::vec((number, -1..9_i32), 0..40);
    let row = prop::collection::vec(any::<u8>(), 2..300).prop_map(|body| message(b'D', &body));
    let rows = prop::collection::vec(row, 0..12).prop_map(|rows| rows.concat());
    (types, rows, 0..4).prop_map(|(types, rows, kind)| {
        let described = columns(&types);
        let done = [message(b'C', b"SELECT\0"), message(b'Z', b"I")].concat();
        let oids: Vec<_> = types.iter().map(|(ty, _)| *ty).collect();
        match kind {
            3 => [message(b'2', b""), parameters(&oids), described, rows, done].concat(),
            0 => [parameters(&oids), described, message(b'Z', b"I")].concat(),
            1 => [message(b'2', b""), rows, done].concat(),
            _ => [described, rows, done].concat(),
        }
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_and_however_it_is_cut_it_is_behind_what_the_driver_sees(
        answers in prop::collection::vec(any_answer(), 1..6),
        cuts in prop::collection::vec(1..200_usize, 1..20),
        at_once in 1..300_usize,
    ) {
        let sent = answers.concat();
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
        let seen = runtime.block_on(read(started(Pieces::new(pieces)), at_once));
        prop_assert!(sent_behind(&seen) == with_parameters_hidden(&sent));
    }

    /// Whatever it is, it is the driver's to refuse.
    #[test]
    fn what_is_malformed_is_handed_out_too(
        mut sent in prop::collection::vec(any::<u8>(), 0..100),
        at_once in 1..50_usize,
    ) {
        for byte in sent.iter_mut().filter(|byte| **byte < 60) {
            *byte = [0, 0, 0, 1, 5, 20, b'T', b't', b'D', b'2'][usize::from(*byte % 10)];
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stream = started(Pieces::new(sent.chunks(7)));
        prop_assert!(runtime.block_on(read(stream, at_once)).len() >= sent.len());
    }
}
