//! The answers that are still expected or not taken yet.

use std::{collections::VecDeque, task::Waker};

use bytes::BytesMut;

use super::super::messages::HEADER;

/// The length of `ReadyForQuery`.
const READY: usize = HEADER + 1;

/// The answer to a request.
pub(super) struct Answer {
    number: u64,
    pub(super) received: BytesMut,
    /// The number of `ReadyForQuery` messages that are still to come.
    pub(super) groups: u8,
    /// Whether a part of the current group has arrived.
    has_begun: bool,
    pub(super) waker: Option<Waker>,
    is_wanted: bool,
}

/// The answers that are not complete or not taken completely, in the order of their numbers.
#[derive(Default)]
pub(super) struct Answers {
    next: u64,
    answers: VecDeque<Answer>,
}

impl Answer {
    pub(super) fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Whether so much has arrived that reading has to stop until it is taken.
    pub(super) fn is_full(&self, room: usize) -> bool {
        self.is_wanted && self.received.len() > room
    }
}

impl Answers {
    /// Adds an answer, and returns its number.
    pub(super) fn add(&mut self, groups: u8, is_wanted: bool) -> u64 {
        let number = self.next;
        self.next += 1;
        self.answers.push_back(Answer {
            number,
            received: BytesMut::new(),
            groups,
            has_begun: false,
            waker: None,
            is_wanted,
        });
        number
    }

    fn index(&self, number: u64) -> Option<usize> {
        self.answers
            .binary_search_by_key(&number, |answer| answer.number)
            .ok()
    }

    pub(super) fn get(&mut self, number: u64) -> Option<&mut Answer> {
        self.index(number).map(|index| &mut self.answers[index])
    }

    /// Takes the part of an answer that has arrived.
    pub(super) fn take(&mut self, number: u64) -> BytesMut {
        let answer = self.get(number);
        answer.map_or_else(BytesMut::new, |answer| std::mem::take(&mut answer.received))
    }

    /// Adds received messages to an answer; `is_end` if they end a group. Returns whether that is plausible: no request
    /// of howdah's is answered by a `ReadyForQuery` alone, so this would be the answer to something else.
    pub(super) fn receive(&mut self, number: u64, received: BytesMut, is_end: bool) -> bool {
        let Some(index) = self.index(number) else {
            return false;
        };
        let answer = &mut self.answers[index];
        if is_end && !answer.has_begun && received.len() == READY {
            return false;
        }
        answer.has_begun = !is_end;
        answer.groups -= u8::from(is_end);
        if answer.is_wanted {
            answer.received.unsplit(received);
            answer.wake();
        } else if answer.groups == 0 {
            self.answers.remove(index);
        }
        true
    }

    /// Marks an answer as no longer wanted.
    pub(super) fn give_up(&mut self, number: u64) {
        let Some(index) = self.index(number) else {
            return;
        };
        let answer = &mut self.answers[index];
        if answer.groups == 0 {
            self.answers.remove(index);
            return;
        }
        answer.is_wanted = false;
        answer.received = BytesMut::new();
        answer.waker = None;
    }

    pub(super) fn wake_all(&mut self) {
        self.answers.iter_mut().for_each(Answer::wake);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }
}
