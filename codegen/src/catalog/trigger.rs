//! What triggers do with the rows that a statement writes, before they are written.

use std::collections::BTreeSet;

use super::Column;

/// Whether row-level triggers that run before, or instead of, a write may change or drop it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triggers {
    /// BEFORE INSERT.
    pub before_insert: Before,
    /// BEFORE UPDATE.
    pub before_update: Before,
    /// INSTEAD OF anything.
    pub instead_of: bool,
}

/// What the triggers of an event do with a row before it is written; without triggers, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Whether one may leave it out.
    pub may_skip: bool,
    /// Whether one may set any of its columns.
    pub sets_any: bool,
    /// The columns that they may set, unless it is any.
    pub sets: BTreeSet<String>,
}

impl Before {
    /// What triggers do that nothing is known of.
    pub(crate) fn anything() -> Self {
        Self {
            may_skip: true,
            sets_any: true,
            sets: BTreeSet::new(),
        }
    }

    /// Whether there may be something else in the column than the statement gives it.
    pub fn may_set(&self, column: &Column) -> bool {
        self.sets_any || self.sets.contains(&column.name)
    }

    /// Whether there may be something else anywhere than the statement gives.
    pub fn sets_something(&self) -> bool {
        self.sets_any || !self.sets.is_empty()
    }

    /// Adds what other triggers do.
    pub(crate) fn add(&mut self, other: &Self) {
        self.may_skip |= other.may_skip;
        self.sets_any |= other.sets_any;
        self.sets.extend(other.sets.iter().cloned());
    }
}
