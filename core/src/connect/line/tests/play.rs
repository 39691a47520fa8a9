//! Many who ask, copy, give up and look on, in any order.

use proptest::prelude::*;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, yield_now},
};

use super::super::*;
use super::{TestLine, block_on, peers::*};

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody asks, in so many groups.
    Ask(u8),
    /// The same, and does not wait for the answer.
    AskInVain(u8),
    Forget,
    /// The driver asks.
    Drive,
    /// The driver copies so many pieces to the server.
    CopyIn(usize),
    /// The same, where the server refuses.
    CopyInVain(usize),
    /// The driver copies from the server.
    CopyOut,
    Yield,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..4_u8).prop_map(Step::Ask),
        1 => (1..3_u8).prop_map(Step::AskInVain),
        1 => Just(Step::Forget),
        2 => Just(Step::Drive),
        1 => (0..5_usize).prop_map(Step::CopyIn),
        1 => (0..3_usize).prop_map(Step::CopyInVain),
        1 => Just(Step::CopyOut),
        2 => Just(Step::Yield),
    ];
    prop::collection::vec(step, 1..40)
}

struct Play {
    line: TestLine,
    to_driver: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Vec<(JoinHandle<Answered>, Vec<u8>)>,
    of_driver: Vec<Vec<u8>>,
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
            Step::Forget => self.line.send_and_forget(&request(number, 1).0),
            Step::Drive => {
                let name = number.to_string();
                self.of_driver.extend([row(&name), ready()]);
                let asked = message(b'Q', format!("{name}\0").as_bytes());
                self.to_driver.send(asked).unwrap();
            }
            Step::CopyIn(pieces) => {
                let answer = [message(b'G', b"\x01\0\0"), copied(pieces * 100), ready()];
                self.of_driver.extend(answer);
                self.copy_in(b"in", pieces).await;
            }
            Step::CopyInVain(pieces) => {
                self.of_driver.extend([message(b'E', b"refused"), ready()]);
                self.copy_in(b"in vain", pieces).await;
            }
            Step::CopyOut => {
                self.line.expect_copy(Copying::Out);
                self.of_driver.extend([copied(0), ready()]);
                self.tell([
                    message(b'B', b"out"),
                    message(b'E', b""),
                    message(b'S', b""),
                ]);
            }
            Step::Yield => yield_now().await,
        }
    }
}

impl Play {
    fn tell<const N: usize>(&self, messages: [Vec<u8>; N]) {
        self.to_driver.send(messages.concat()).unwrap();
    }

    async fn copy_in(&self, what: &[u8], pieces: usize) {
        self.line.expect_copy(Copying::In);
        self.tell([message(b'B', what), message(b'E', b""), message(b'S', b"")]);
        for _ in 0..pieces {
            yield_now().await;
            self.tell([message(b'd', &[b'S'; 100])]);
        }
        self.tell([message(b'c', b""), message(b'S', b"")]);
    }
}

async fn play(steps: Vec<Step>, room: usize, at_once: usize) {
    let (client, server) = tokio::io::duplex(room);
    let (line, driven) = Line::over(client, b"");
    let (to_driver, told) = mpsc::unbounded_channel();
    let answers = |step: &&Step| {
        matches!(
            step,
            Step::Drive | Step::CopyIn(_) | Step::CopyInVain(_) | Step::CopyOut
        )
    };
    let answers = steps.iter().filter(answers).count() + 1;
    let server = tokio::spawn(serve(server));
    let driver = tokio::spawn(drive(driven, told, answers, at_once));
    let mut play = Play {
        line,
        to_driver,
        waiting: Vec::new(),
        of_driver: Vec::new(),
    };
    for (number, step) in steps.into_iter().enumerate() {
        play.take(number, step).await;
    }
    for (reply, expected) in std::mem::take(&mut play.waiting) {
        assert!(reply.await.unwrap().unwrap() == expected);
    }
    play.take(1_000, Step::Drive).await;
    let messages = driver.await.unwrap();
    let is_answer = |message: &Vec<u8>| message[0] != b'N';
    let seen: Vec<_> = messages.into_iter().filter(is_answer).collect();
    assert!(seen == play.of_driver);
    assert!(play.line.lock().answers.len() == 0);
    // Without the driver, nobody reads.
    assert!(play.line.send(&request(0, 1).0).is_err());
    server.await.unwrap();
}

proptest! {
    #[test]
    fn each_gets_the_answer_to_what_was_asked(
        steps in steps(),
        room in prop_oneof![1..80_usize, 1_000..40_000_usize],
        at_once in prop_oneof![1..50_usize, Just(8_192)],
    ) {
        block_on(play(steps, room, at_once));
    }
}
