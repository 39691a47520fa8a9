//! Chooses the task that is woken when there is something to read.

use std::{
    sync::{Arc, Mutex},
    task::{Context, Wake, Waker},
};

use super::keep;
use crate::locked::locked;

/// The waker for the socket. If exactly one task waits for an answer, it wakes that task, which then reads the answer
/// itself. Otherwise it wakes the reader's task.
#[derive(Default)]
pub(super) struct Bell(Mutex<Listeners>);

#[derive(Default)]
struct Listeners {
    alone: Option<Waker>,
    reader: Option<Waker>,
}

impl Bell {
    pub(super) fn wakes_reader(&self, cx: &Context<'_>) {
        let mut listeners = locked(&self.0);
        keep(&mut listeners.reader, cx);
        listeners.alone = None;
    }

    /// The next wake-up goes to this task.
    pub(super) fn wakes(&self, waker: &Waker) {
        locked(&self.0).alone = Some(waker.clone());
    }

    /// The next wake-up goes to the reader's task.
    pub(super) fn forget(&self) {
        locked(&self.0).alone = None;
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut listeners = locked(&self.0);
        let woken = listeners.alone.take().or_else(|| listeners.reader.clone());
        drop(listeners);
        if let Some(waker) = woken {
            waker.wake();
        }
    }
}
