//! The state of a session as bits of one number, which every query reads once.

use std::sync::atomic::{AtomicU16, Ordering::SeqCst};

/// Between BEGIN and the answer to COMMIT or ROLLBACK.
pub(super) const IN_TRANSACTION: u16 = 1;
/// BEGIN is not sent yet; the first statement will bring it.
pub(super) const UNOPENED: u16 = 1 << 1;
/// A statement was given up before its answer was read to the end.
pub(super) const ABANDONED: u16 = 1 << 2;
/// A transaction or savepoint was dropped unfinished.
pub(super) const UNFINISHED: u16 = 1 << 3;
/// Advisory locks were left behind.
pub(super) const LOCKED: u16 = 1 << 4;
/// A script may have left a transaction open.
pub(super) const SUSPECT: u16 = 1 << 5;
/// The session must be closed.
pub(super) const SPOILED: u16 = 1 << 6;

/// A statement failed because of a concurrent transaction or a change of the schema, and can succeed if its transaction
/// is run again.
pub(super) const DISTURBED: u16 = 1 << 7;

/// Many tasks share the session, each for single statements. It never goes back to a pool.
pub(super) const SHARED: u16 = 1 << 8;

/// The session is being cleaned up.
pub(super) const SETTLING: u16 = 1 << 9;

/// The `statement_timeout` of a statement may not have been reset.
pub(super) const LIMITED: u16 = 1 << 10;

/// The server cancelled a statement, for example because of its `statement_timeout`.
pub(super) const STOPPED: u16 = 1 << 11;

/// The session was used, and the `on_return` statements of its pool must run before the next use.
pub(super) const RETURNED: u16 = 1 << 12;

/// A statement of the user's has ended the transaction, of which nothing is to be run any more.
pub(super) const OVER: u16 = 1 << 13;

/// Flags about a past transaction, which must not affect the next user.
pub(super) const SEEN: u16 = DISTURBED | STOPPED;

/// Flags of leftovers that must be cleaned up before the session is used again.
pub(super) const LEFT: u16 = ABANDONED | UNFINISHED | LOCKED | LIMITED | RETURNED;

/// That, or somebody is at it, or nothing is to be run.
pub(super) const UNSETTLED: u16 = LEFT | SETTLING | OVER;

#[derive(Default)]
pub(super) struct Flags(AtomicU16);

impl Flags {
    pub(super) fn any(&self, mask: u16) -> bool {
        self.0.load(SeqCst) & mask != 0
    }

    pub(super) fn set(&self, mask: u16) {
        self.0.fetch_or(mask, SeqCst);
    }

    pub(super) fn clear(&self, mask: u16) {
        self.0.fetch_and(!mask, SeqCst);
    }

    /// Clears the flags and returns those that were set.
    pub(super) fn take(&self, mask: u16) -> u16 {
        self.0.fetch_and(!mask, SeqCst) & mask
    }
}
