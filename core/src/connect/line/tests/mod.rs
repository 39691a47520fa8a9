//! Each task gets the answer to its own request, whatever other tasks send in between, and however messages are split.

mod peers;
mod play;

use std::{future::poll_fn, task::Poll};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    task::{JoinHandle, yield_now},
};

use self::peers::*;
use super::{incoming::MOST_CHUNK, *};

type TestLine = Arc<Line<Client>>;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    run(tokio::runtime::Builder::new_current_thread(), future)
}

/// Runs the future to its end, with tasks on two threads.
fn block_on_threads<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2);
    run(builder, future)
}

fn run<T>(mut builder: tokio::runtime::Builder, future: impl Future<Output = T>) -> T {
    let runtime = builder.enable_time().build().unwrap();
    let limit = std::time::Duration::from_secs(20);
    runtime.block_on(async { tokio::time::timeout(limit, future).await.expect("it hangs") })
}

/// A line, the server's side of it with a buffer of `room` bytes, and the reader's task.
fn opened(room: usize) -> (TestLine, DuplexStream, JoinHandle<Vec<Vec<u8>>>) {
    opened_with(room, false, b"")
}

/// Like [`opened`], but optionally with encryption and with bytes that arrived after the start-up.
fn opened_with(
    room: usize,
    encrypts: bool,
    received: &[u8],
) -> (TestLine, DuplexStream, JoinHandle<Vec<Vec<u8>>>) {
    let (stream, server) = tokio::io::duplex(room);
    let client = Client {
        stream,
        encrypts,
        written: BytesMut::new(),
    };
    let (line, reader) = Line::new(client, received);
    (line, server, tokio::spawn(read(reader)))
}

/// The reply to a request that the server has received.
async fn asked(line: &TestLine, server: &mut DuplexStream) -> Reply<Client> {
    let (request, _) = request(1, 1);
    let reply = line.send(&request).unwrap();
    let mut messages = vec![0; request.messages.len()];
    server.read_exact(&mut messages).await.unwrap();
    assert!(messages == request.messages);
    reply
}

async fn next(reply: &mut Reply<Client>) -> Result<Bytes, Error> {
    poll_fn(|cx| reply.poll_messages(cx)).await
}

#[test]
fn what_came_is_there_before_the_end_of_the_line_is() {
    block_on(async {
        let (line, mut server, reading) = opened(1 << 20);
        let mut reply = asked(&line, &mut server).await;
        let refused = message(b'E', b"FATAL");
        server.write_all(&refused).await.unwrap();
        drop(server);
        assert_eq!(next(&mut reply).await.unwrap(), refused);
        let error = next(&mut reply).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        reading.await.unwrap();
    });
}

/// The server says why it ends a session, and does not read later requests.
#[test]
fn who_asks_too_late_is_told_why() {
    block_on(async {
        let (line, mut server, reading) = opened(1 << 20);
        yield_now().await;
        let refused = message(b'E', b"FATAL");
        server.write_all(&refused).await.unwrap();
        drop(server);
        let mut reply = line.send(&request(1, 1).0).unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), refused);
        reading.await.unwrap();
    });
}

/// Also where that was read before.
#[test]
fn who_asks_later_still_is_told_why() {
    block_on(async {
        let (line, mut server, reading) = opened(1 << 20);
        let refused = message(b'E', b"SFATAL\0C57P01\0Mended\0\0");
        server.write_all(&refused).await.unwrap();
        drop(server);
        reading.await.unwrap();
        for _ in 0..2 {
            let error = line.send(&request(1, 1).0).err().unwrap();
            assert_eq!(error.sqlstate(), Some("57P01"));
        }
    });
}

#[test]
fn rows_are_handed_out_before_the_last_is_there() {
    block_on(async {
        let (line, mut server, _reading) = opened(1 << 20);
        let mut reply = asked(&line, &mut server).await;
        let row = row("1");
        let (begun, rest) = row.split_at(20);
        server.write_all(&[&row, begun].concat()).await.unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), row);
        server.write_all(rest).await.unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), row);
    });
}

/// A waiting task gets an error, however the line ends.
#[test]
fn who_waits_for_an_answer_is_told_of_the_end() {
    block_on(async {
        for end in 0..3 {
            let (line, mut server, reading) = opened(1 << 20);
            let reply = asked(&line, &mut server).await;
            let waiting = tokio::spawn(whole(reply));
            for _ in 0..10 {
                yield_now().await;
            }
            match end {
                0 => drop(server),
                1 => line.close(),
                _ => reading.abort(),
            }
            let error = waiting.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connection);
            assert!(line.is_closed());
        }
    });
}

/// A task that stopped polling for its answer does not block the answers of others.
#[test]
fn who_has_stopped_waiting_is_in_nobodys_way() {
    block_on(async {
        for gives_up in [false, true] {
            let (line, mut server, reading) = opened(1 << 20);
            let mut reply = asked(&line, &mut server).await;
            // Another task waits for the answer, and then ends.
            let reply = tokio::spawn(async move {
                poll_fn(|cx| Poll::Ready(reply.poll_messages(cx).is_pending())).await;
                reply
            });
            let reply = reply.await.unwrap();
            let kept = (!gives_up).then_some(reply);
            let other = asked(&line, &mut server).await;
            let answer = [row("1"), ready()].concat();
            server
                .write_all(&[&answer[..], &answer].concat())
                .await
                .unwrap();
            assert_eq!(whole(other).await.unwrap(), answer);
            if let Some(reply) = kept {
                assert_eq!(whole(reply).await.unwrap(), answer);
            }
            // The end of the line is noticed even if no task waits.
            drop(server);
            reading.await.unwrap();
            assert!(line.is_closed());
        }
    });
}

/// After the only waiting task got its answer or gave up, the reader's task is woken for new messages.
#[test]
fn what_comes_when_nobody_waits_is_read() {
    block_on(async {
        for gives_up in [false, true] {
            let (line, mut server, reading) = opened(1 << 20);
            let mut reply = asked(&line, &mut server).await;
            poll_fn(|cx| Poll::Ready(reply.poll_messages(cx).is_pending())).await;
            let waiting = (!gives_up).then(|| tokio::spawn(whole(reply)));
            for _ in 0..10 {
                yield_now().await;
            }
            server
                .write_all(&[row("1"), ready()].concat())
                .await
                .unwrap();
            if let Some(waiting) = waiting {
                waiting.await.unwrap().unwrap();
            }
            for _ in 0..10 {
                yield_now().await;
            }
            server.write_all(&notice()).await.unwrap();
            drop(server);
            assert_eq!(reading.await.unwrap(), [notice()]);
            assert!(line.is_closed());
        }
    });
}

/// If the server sends one answer too many, no task gets the answer of another.
#[test]
fn an_answer_to_nothing_closes_the_line() {
    block_on(async {
        let (line, mut server, reading) = opened(1 << 20);
        let mut reply = asked(&line, &mut server).await;
        server.write_all(&ready()).await.unwrap();
        let error = next(&mut reply).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(line.send(&request(2, 1).0).is_err());
        reading.await.unwrap();
    });
}

#[test]
fn nobody_reads_from_a_line_that_is_closed() {
    block_on(async {
        let (line, mut server, reading) = opened(1 << 20);
        let reply = asked(&line, &mut server).await;
        reply.close();
        reading.await.unwrap();
    });
}

/// A slow task does not make the line use more memory.
#[test]
fn no_more_is_read_than_there_is_room_for() {
    block_on(async {
        let (line, mut server, _reading) = opened(1_000);
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

/// A connection that once read a large value does not keep the memory for it.
#[test]
fn memory_for_a_large_message_is_let_go() {
    block_on(async {
        let (line, mut server, _reading) = opened(1 << 20);
        let large = message(b'D', &vec![b'Z'; 10 << 20]);
        for answer in [[large, ready()].concat(), [row("1"), ready()].concat()] {
            let reply = asked(&line, &mut server).await;
            let (answered, sent) = tokio::join!(whole(reply), server.write_all(&answer));
            sent.unwrap();
            assert!(answered.unwrap() == answer);
        }
        let kept = |line: &TestLine| line.lock().incoming.bytes.try_reclaim(5 << 20);
        assert!(!kept(&line));
    });
}

/// Messages that the server sends before the first request.
#[test]
fn what_nobody_has_asked_for_is_no_answer() {
    block_on(async {
        let notice = message(b'N', b"hello");
        let (begun, rest) = notice.split_at(3);
        let (line, mut server, reading) = opened_with(100, false, begun);
        let reply = asked(&line, &mut server).await;
        let answer = [rest, &row("1"), &notice, &ready()].concat();
        server.write_all(&answer).await.unwrap();
        assert_eq!(whole(reply).await.unwrap(), [row("1"), ready()].concat());
        drop(server);
        assert_eq!(reading.await.unwrap(), [notice.clone(), notice]);
    });
}

/// Earlier requests are still answered.
#[test]
fn a_session_ends_after_the_last_answer() {
    block_on(async {
        let (line, mut server, reading) = opened(100);
        let mut reply = asked(&line, &mut server).await;
        line.end();
        let mut said = [0; TERMINATE.len()];
        server.read_exact(&mut said).await.unwrap();
        assert_eq!(said, TERMINATE);
        for _ in 0..10 {
            yield_now().await;
        }
        assert!(!line.is_closed());
        let answer = [row("1"), ready()].concat();
        server.write_all(&answer).await.unwrap();
        assert_eq!(next(&mut reply).await.unwrap(), answer);
        assert_eq!(server.read(&mut said).await.unwrap(), 0);
        reading.await.unwrap();
        assert!(line.is_closed());
    });
}

/// A task that sends data waits until there is room, and gets an error when the line is closed.
#[test]
fn no_more_data_is_taken_than_there_is_room_for() {
    block_on(async {
        let (line, mut server, _reading) = opened(1_000);
        yield_now().await;
        let (feed, _reply) = line.send_to_feed(&copy("in")).unwrap();
        let data = message(b'd', &[b'S'; 3_000]);
        feed.give(&data);
        let mut room = tokio::spawn(async move {
            poll_fn(|cx| feed.poll_room(cx)).await;
            feed
        });
        for _ in 0..100 {
            yield_now().await;
        }
        assert!(!room.is_finished());
        let mut read = vec![0; data.len()];
        server.read_exact(&mut read).await.unwrap();
        let feed = (&mut room).await.unwrap();
        feed.give(&data);
        feed.give(&data);
        let room = tokio::spawn(async move { poll_fn(|cx| feed.poll_room(cx)).await });
        for _ in 0..100 {
            yield_now().await;
        }
        assert!(!room.is_finished());
        drop(server);
        room.await.unwrap();
    });
}
