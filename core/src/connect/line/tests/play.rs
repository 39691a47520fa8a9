//! Many tasks that send requests, copy data and give up, in any order.

use std::{future::poll_fn, task::Poll};

use proptest::prelude::*;
use tokio::task::{JoinHandle, yield_now};

use super::{Reply, TestLine, block_on, block_on_threads, opened_with, peers::*};

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Sends a request of this many groups.
    Ask(u8),
    /// Sends a request, and does not wait for the answer.
    AskInVain(u8),
    /// Sends a request, waits a little, and gives up.
    AskAndGiveUp(u8),
    /// Sends a request, waits a little, and waits for the rest only after everything else.
    AskAndPause(u8),
    Forget,
    /// Copies this many pieces of data.
    Copy(usize),
    /// Copies this many pieces, and the server refuses them.
    CopyInVain(usize),
    /// Copies this many pieces, and gives up.
    GiveUp(usize),
    Yield,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..4_u8).prop_map(Step::Ask),
        1 => (1..3_u8).prop_map(Step::AskInVain),
        1 => (1..3_u8).prop_map(Step::AskAndGiveUp),
        1 => (1..3_u8).prop_map(Step::AskAndPause),
        1 => Just(Step::Forget),
        1 => (0..5_usize).prop_map(Step::Copy),
        1 => (0..3_usize).prop_map(Step::CopyInVain),
        1 => (0..3_usize).prop_map(Step::GiveUp),
        2 => Just(Step::Yield),
    ];
    prop::collection::vec(step, 1..40)
}

struct Play {
    line: TestLine,
    waiting: Vec<(JoinHandle<Answered>, Vec<u8>)>,
    /// The replies that were polled for a while, with what has arrived and what is expected in all.
    paused: Vec<(Reply<Client>, Vec<u8>, Vec<u8>)>,
    /// The task that copies. It must end before the next one starts.
    copying: Option<JoinHandle<()>>,
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
            Step::AskAndGiveUp(groups) => {
                let mut reply = self.line.send(&request(number, groups).0).unwrap();
                begun(&mut reply).await;
                yield_now().await;
            }
            Step::AskAndPause(groups) => {
                let (request, expected) = request(number, groups);
                let mut reply = self.line.send(&request).unwrap();
                let begun = begun(&mut reply).await;
                self.paused.push((reply, begun, expected));
            }
            Step::Forget => self.line.send_and_forget(&request(number, 1).0),
            Step::Copy(pieces) => {
                let expected = copied(pieces * 100 + 50);
                self.copy("copy", pieces, Some(50), expected).await;
            }
            Step::CopyInVain(pieces) => self.copy("no copy", pieces, Some(50), refused()).await,
            Step::GiveUp(pieces) => self.copy("copy", pieces, None, given_up()).await,
            Step::Yield => yield_now().await,
        }
    }

    /// Starts a task that copies this many pieces, and a last one of this length if it is to succeed.
    async fn copy(&mut self, name: &str, pieces: usize, last: Option<usize>, expected: Vec<u8>) {
        if let Some(copying) = self.copying.take() {
            copying.await.unwrap();
        }
        let (mut feed, reply) = self.line.send_to_feed(&copy(name)).unwrap();
        self.waiting.push((tokio::spawn(whole(reply)), expected));
        self.copying = Some(tokio::spawn(async move {
            for _ in 0..pieces {
                yield_now().await;
                std::future::poll_fn(|cx| feed.poll_room(cx)).await;
                feed.give(&message(b'd', &[b'S'; 100]));
            }
            match last {
                Some(length) => feed.end(&message(b'd', &vec![b'S'; length])),
                None => drop(feed),
            }
        }));
    }
}

/// The part of an answer that is available at once.
async fn begun(reply: &mut Reply<Client>) -> Vec<u8> {
    poll_fn(|cx| match reply.poll_messages(cx) {
        Poll::Ready(messages) => Poll::Ready(messages.unwrap().to_vec()),
        Poll::Pending => Poll::Ready(Vec::new()),
    })
    .await
}

async fn play(steps: Vec<Step>, room: usize, encrypts: bool) {
    let (line, server, reading) = opened_with(room, encrypts, b"");
    let server = tokio::spawn(serve(server));
    let mut play = Play {
        line,
        waiting: Vec::new(),
        paused: Vec::new(),
        copying: None,
    };
    for (number, step) in steps.into_iter().enumerate() {
        play.take(number, step).await;
    }
    play.take(1_000, Step::Ask(1)).await;
    for (reply, expected) in play.waiting {
        assert!(reply.await.unwrap().unwrap() == expected);
    }
    for (reply, mut all, expected) in play.paused {
        all.extend(whole(reply).await.unwrap());
        assert!(all == expected);
    }
    assert!(play.line.lock().answers.len() == 0);
    play.line.end();
    let unasked = reading.await.unwrap();
    assert!(unasked.iter().all(|message| *message == notice()));
    assert!(play.line.send(&request(0, 1).0).is_err());
    server.await.unwrap();
}

proptest! {
    #[test]
    fn each_gets_the_answer_to_what_was_asked(
        steps in steps(),
        room in prop_oneof![1..80_usize, 1_000..40_000_usize],
        encrypts in any::<bool>(),
        has_threads in any::<bool>(),
    ) {
        match has_threads {
            true => block_on_threads(play(steps, room, encrypts)),
            false => block_on(play(steps, room, encrypts)),
        }
    }
}
