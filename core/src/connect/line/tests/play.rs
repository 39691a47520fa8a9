//! Many who ask, copy and give up, in any order.

use std::{future::poll_fn, task::Poll};

use proptest::prelude::*;
use tokio::task::{JoinHandle, yield_now};

use super::{Reply, TestLine, block_on, block_on_threads, opened_with, peers::*};

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody asks, in so many groups.
    Ask(u8),
    /// The same, and does not wait for the answer.
    AskInVain(u8),
    /// The same, having waited a little.
    AskAndGiveUp(u8),
    /// The same, and waits on only when all else is done.
    AskAndPause(u8),
    Forget,
    /// Somebody copies so many pieces.
    Copy(usize),
    /// The same, where the server refuses.
    CopyInVain(usize),
    /// The same, and gives up.
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
    /// Who has waited, what has come by then, and what is to come in all.
    paused: Vec<(Reply<Client>, Vec<u8>, Vec<u8>)>,
    /// Who copies, and is to have ended before the next does.
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

    /// Has somebody copy so many pieces, and one of this length if it is to end well.
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

/// What there is of an answer at once.
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
