//! Whoever asks gets the answer to that and to nothing else, whoever asks in between, and however messages are cut.

mod peers;
mod play;

use std::{future::poll_fn, pin::Pin};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc,
    task::{JoinHandle, yield_now},
};

use self::peers::*;
use super::{incoming::MOST_CHUNK, *};

type TestLine = Arc<Line<DuplexStream>>;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let limit = std::time::Duration::from_secs(20);
    runtime.block_on(async { tokio::time::timeout(limit, future).await.expect("it hangs") })
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
