//! What a session knows of its own state, in one number that the path of every query reads once.

use std::sync::atomic::{AtomicU16, Ordering::SeqCst};

/// Between BEGIN and the answer to COMMIT or ROLLBACK.
pub(super) const IN_TRANSACTION: u16 = 1;
/// BEGIN is still to be sent, with the first statement.
pub(super) const UNOPENED: u16 = 1 << 1;
/// A statement was given up before its answer was read to the end.
pub(super) const ABANDONED: u16 = 1 << 2;
/// A transaction or savepoint was dropped unfinished.
pub(super) const UNFINISHED: u16 = 1 << 3;
/// Advisory locks were left behind.
pub(super) const LOCKED: u16 = 1 << 4;
/// A script may have left a transaction open.
pub(super) const SUSPECT: u16 = 1 << 5;
/// To be closed, whatever happens.
pub(super) const SPOILED: u16 = 1 << 6;

/// A concurrent transaction, or a change of the schema, made a statement fail that may well succeed when its transaction
/// is run again.
pub(super) const DISTURBED: u16 = 1 << 7;

/// Used by many at once, each for single statements. It never goes back to a pool.
pub(super) const SHARED: u16 = 1 << 8;

/// The session is being put in order.
pub(super) const SETTLING: u16 = 1 << 9;

/// The `statement_timeout` of a statement may not have been reset.
pub(super) const LIMITED: u16 = 1 << 10;

/// The server stopped a statement, as its `statement_timeout` does.
pub(super) const STOPPED: u16 = 1 << 11;

/// It was used, and its pool wants statements run before the next use.
pub(super) const RETURNED: u16 = 1 << 12;

/// A statement of the user's has ended the transaction, of which nothing is to be run any more.
pub(super) const OVER: u16 = 1 << 13;

/// What was seen of a transaction, and is nothing to whoever comes next.
pub(super) const SEEN: u16 = DISTURBED | STOPPED;

/// What somebody left that must be put in order before the session is used again, by whomever.
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

    /// Clears the flags and says which of them were set.
    pub(super) fn take(&self, mask: u16) -> u16 {
        self.0.fetch_and(!mask, SeqCst) & mask
    }
}
