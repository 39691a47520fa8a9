//! Locks on the rows that a list returns (`select … for update`).

use super::select::Select;
use super::sql::Sql;
use crate::Table;

/// The lock on each row, and what happens where another transaction holds one that excludes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowLock {
    strength: &'static str,
    wait: &'static str,
}

impl RowLock {
    const FOR_UPDATE: Self = Self::of(" for update");

    const fn of(strength: &'static str) -> Self {
        Self { strength, wait: "" }
    }

    /// Appends the lock on the rows of this table.
    pub(super) fn write(self, sql: &mut Sql<'_>, table: &Table) {
        sql.push(self.strength).push(" of ").name(table.name);
        sql.push(self.wait);
    }
}

/// Locks on rows, which last until the end of the transaction ([Row-Level
/// Locks](https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS)): run these on a
/// [`Transaction`](crate::Transaction). [`count`](Self::count) and [`exists`](Self::exists) lock nothing.
impl<R> Select<'_, R> {
    /// Locks the rows as an update or a delete does: others cannot change, delete or lock them.
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{Error, PgRow, PgSelect, Transaction};
    /// # #[derive(PgRow, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, name: String }
    /// # async fn example(tx: &Transaction<'_>) -> Result<(), Error> {
    /// // A queue: each worker takes rows that no other worker has.
    /// let mine = Place::select().order_by(Place::ID).limit(10).for_update().skip_locked().fetch(tx).await?;
    /// # Ok(()) }
    /// ```
    pub fn for_update(self) -> Self {
        self.locking(RowLock::FOR_UPDATE)
    }

    /// Like [`for_update`](Self::for_update), but others can insert rows that refer to these by a foreign key.
    pub fn for_no_key_update(self) -> Self {
        self.locking(RowLock::of(" for no key update"))
    }

    /// Locks the rows so that others can lock them in the same way, but not change or delete them.
    pub fn for_share(self) -> Self {
        self.locking(RowLock::of(" for share"))
    }

    /// Like [`for_share`](Self::for_share), but others can change columns that are part of no key.
    pub fn for_key_share(self) -> Self {
        self.locking(RowLock::of(" for key share"))
    }

    /// Leaves out rows that others have locked, instead of waiting for them. Without another lock, locks
    /// [`for_update`](Self::for_update).
    pub fn skip_locked(self) -> Self {
        self.waiting(" skip locked")
    }

    /// Fails if others have locked one of the rows, instead of waiting for it:
    /// [`sqlstate`](crate::Error::sqlstate) is then `55P03`. Without another lock, locks [`for_update`](Self::for_update).
    pub fn no_wait(self) -> Self {
        self.waiting(" nowait")
    }

    fn locking(mut self, lock: RowLock) -> Self {
        let wait = self.lock.map_or("", |lock| lock.wait);
        self.lock = Some(RowLock { wait, ..lock });
        self
    }

    fn waiting(mut self, wait: &'static str) -> Self {
        self.lock.get_or_insert(RowLock::FOR_UPDATE).wait = wait;
        self
    }
}
