//! What triggers do with a statement's rows before they are written.

use std::collections::BTreeSet;

use super::Column;

/// Whether row-level triggers that run before, or instead of, a write can change or skip it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triggers {
    /// BEFORE INSERT.
    pub before_insert: Before,
    /// BEFORE UPDATE.
    pub before_update: Before,
    /// Whether there is an INSTEAD OF trigger.
    pub instead_of: bool,
}

/// What the triggers of an event can do with a row before it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Whether one can skip the row.
    pub may_skip: bool,
    /// Whether one can set any of its columns.
    pub sets_any: bool,
    /// The columns that they can set, unless `sets_any`.
    pub sets: BTreeSet<String>,
}

impl Before {
    /// For unknown triggers, which can do anything.
    pub(crate) fn anything() -> Self {
        Self {
            may_skip: true,
            sets_any: true,
            sets: BTreeSet::new(),
        }
    }

    /// Whether the column can have another value than the statement's.
    pub fn may_set(&self, column: &Column) -> bool {
        self.sets_any || self.sets.contains(&column.name)
    }

    /// Whether any column can have another value than the statement's.
    pub fn sets_something(&self) -> bool {
        self.sets_any || !self.sets.is_empty()
    }

    /// Adds the effects of other triggers.
    pub(crate) fn add(&mut self, other: &Self) {
        self.may_skip |= other.may_skip;
        self.sets_any |= other.sets_any;
        self.sets.extend(other.sets.iter().cloned());
    }
}
