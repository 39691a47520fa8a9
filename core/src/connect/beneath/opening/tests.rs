//! A BEGIN goes with the statement behind it, however what is written and what comes is cut, and the driver sees what it would
//! have seen of two.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::super::{
    Beneath,
    tests::{Pieces, message, read, started},
};

/// Takes so many bytes at once, and answers piece by piece.
struct Wire {
    taken: Vec<u8>,
    at_once: usize,
    answers: Pieces,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.answers).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = bytes.len().min(self.at_once);
        self.taken.extend_from_slice(&bytes[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A stream over which this was written, and what reached the server.
async fn written(
    bytes: &[u8],
    at_once: usize,
    answers: &[u8],
    cut: usize,
) -> (Beneath<Wire>, Vec<u8>) {
    let wire = Wire {
        taken: Vec::new(),
        at_once,
        answers: Pieces::new(answers.chunks(cut)),
    };
    let mut stream = started(wire);
    stream.write_all(&4_u32.to_be_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let taken = std::mem::take(&mut stream.stream.taken);
    (stream, taken)
}

fn query(sql: &str) -> Vec<u8> {
    message(b'Q', &[sql.as_bytes(), b"\0"].concat())
}

/// A statement that is bound, with a parameter that looks like BEGIN.
fn statement() -> Vec<u8> {
    let value = [query("BEGIN"), message(b'B', b"")].concat();
    [
        message(b'B', &value),
        message(b'E', b"\0\0\0\0\0"),
        message(b'S', b""),
    ]
    .concat()
}

/// What is sent for these commands before a statement.
fn opening(commands: &[&str]) -> Vec<u8> {
    let command = |command: &&str| {
        [
            message(b'P', &[b"\0", command.as_bytes(), b"\0\0\0"].concat()),
            message(b'B', &[0; 8]),
            message(b'E', b"\0\0\0\0\0"),
        ]
        .concat()
    };
    let close = message(b'C', b"P\0");
    let commands: Vec<_> = commands.iter().map(command).collect();
    [&close[..], &commands.concat(), &close].concat()
}

const SIZES: [usize; 8] = [1, 2, 5, 6, 7, 29, 64, 8_192];

#[tokio::test]
async fn begin_is_sent_with_the_statement_behind_it_and_nothing_else_is_changed() {
    let copied = message(b'd', &[query("BEGIN"), message(b'B', b"")].concat());
    let before = [query("ROLLBACK"), query("BEGIN"), query("SELECT 1"), copied].concat();
    for (sql, commands) in [
        ("BEGIN", &["BEGIN"][..]),
        (
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY; SET LOCAL statement_timeout = 5",
            &[
                "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY",
                " SET LOCAL statement_timeout = 5",
            ],
        ),
    ] {
        let parsed = [message(b'P', b"\0select\0\0\0"), statement()].concat();
        for behind in [statement(), parsed] {
            let all = [&before[..], &query(sql), &behind, &query("COMMIT")].concat();
            let sent = [&before[..], &opening(commands), &behind, &query("COMMIT")].concat();
            for at_once in SIZES {
                let (stream, taken) = written(&all, at_once, b"", 1).await;
                assert!(taken == sent, "{sql}, {at_once} at once");
                assert_eq!(stream.opening.sent, 1);
            }
        }
    }
    for sql in ["BEGIN", "BEGIN;select 'a;b'", "begin", "SELECT 1"] {
        let behind = match sql {
            "BEGIN" => query("SELECT 1"),
            _ => statement(),
        };
        let all = [query(sql), behind].concat();
        let (stream, taken) = written(&all, 8, b"", 1).await;
        assert!(taken == all, "{sql}");
        assert_eq!(stream.opening.sent, 0);
    }
}

/// Messages that come when they come.
fn any_notices() -> impl Strategy<Value = Vec<u8>> {
    let notice = prop_oneof![Just(b'N'), Just(b'A'), Just(b'S')];
    let notice = (notice, proptest::collection::vec(any::<u8>(), 0..9));
    let notices = proptest::collection::vec(notice, 0..3);
    notices.prop_map(|notices| {
        let notices: Vec<_> = notices
            .iter()
            .map(|(tag, body)| message(*tag, body))
            .collect();
        notices.concat()
    })
}

/// The messages that come when they come, whose places do not matter, and the others.
fn apart(all: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut notices, mut others) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < all.len() {
        let length = super::super::length(all[at..].first_chunk().unwrap());
        let into = match b"NAS".contains(&all[at]) {
            true => &mut notices,
            false => &mut others,
        };
        into.extend_from_slice(&all[at..at + length]);
        at += length;
    }
    (notices, others)
}

/// What is told of these answers to a BEGIN and its statement, which are read `cut` bytes at once.
fn told(answers: &[u8], cut: usize, at_once: usize) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let all = [query("BEGIN; SET LOCAL x = 1"), statement()].concat();
        let (stream, _) = written(&all, at_once, answers, cut).await;
        read(stream, at_once).await
    })
}

proptest! {
    #[test]
    fn the_driver_is_answered_as_if_it_had_been_two(
        notices in proptest::collection::vec(any_notices(), 16),
        fails_at in proptest::option::of(0_usize..8),
        closes in 0_usize..3,
        cut in 1_usize..40,
        at_once in 1_usize..40,
    ) {
        let tag = |tag: u8| message(tag, b"");
        let (ready, complete) = (message(b'Z', b"I"), |what: &[u8]| message(b'C', what));
        let error = message(b'E', b"SERROR\0C0A000\0\0");
        let closed = [tag(b'3'), ready.clone()];
        let mut answers: Vec<_> = std::iter::repeat_n(closed, closes).flatten().collect();
        let mut seen = answers.clone();
        let begun = [
            tag(b'3'), tag(b'1'), tag(b'2'), complete(b"BEGIN\0"), tag(b'1'), tag(b'2'), complete(b"SET\0"), tag(b'3'),
        ];
        let succeeded = [tag(b'2'), message(b'n', b""), complete(b"INSERT 0 1\0"), message(b'Z', b"T")];
        // No error comes before the answer to the first Close.
        match fails_at.filter(|at| *at > 0) {
            None => {
                answers.extend(begun);
                answers.extend(succeeded.clone());
                seen.extend([complete(b"BEGIN\0"), complete(b"SET\0"), message(b'Z', b"T")]);
                seen.extend(succeeded);
            }
            Some(at) => {
                answers.extend_from_slice(&begun[..at]);
                answers.extend([error.clone(), ready.clone()]);
                seen.extend(begun[..at].iter().filter(|message| message[0] == b'C').cloned());
                seen.extend([error.clone(), ready.clone(), error, ready.clone()]);
            }
        }
        // What comes behind is not looked at any more.
        let behind = [tag(b'3'), ready];
        answers.extend(behind.clone());
        seen.extend(behind);
        let notices = notices.iter().cycle();
        let answers: Vec<_> = answers.into_iter().zip(notices).flat_map(|(a, b)| [b.clone(), a]).collect();
        let answers = answers.concat();
        let (notices, told) = apart(&told(&answers, cut, at_once));
        prop_assert_eq!(told, seen.concat());
        prop_assert_eq!(notices, apart(&answers).0);
    }

    /// It is the driver's to refuse.
    #[test]
    fn whatever_else_is_answered_does_no_harm(
        answers in proptest::collection::vec((proptest::sample::select(&b"123CEZDTtnNX"[..]), 0_u32..9, 0_usize..9), 0..12),
        cut in 1_usize..40,
    ) {
        let answers = answers.iter().flat_map(|(tag, length, there)| {
            [&[*tag], &length.to_be_bytes()[..], &vec![b'x'; *there]].concat()
        });
        let answers: Vec<_> = answers.collect();
        prop_assert!(told(&answers, cut, 8).len() <= answers.len() * 4 + 64);
    }
}
