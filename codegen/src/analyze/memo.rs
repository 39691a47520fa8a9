//! What is said of the result columns of queries, worked out once.
//!
//! A query has the same facts wherever it stands, unless it refers to something around it. If each of a chain of common table
//! expressions uses the last one twice, the ways through the chain are as many as two to the power of its length, and the
//! answers are only as many as its columns.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::env::Env;
use super::range_table::Inside;
use super::reason::Verdict;
use super::verdict::{ColumnRef, FieldVerdict};

/// A result column: the number of its query's scope and those of the facts about it, now and before RETURNING; the column; and
/// the number of what is assumed of recursive queries.
type Key = (usize, usize, Option<usize>, i64, usize);

/// One kind of answer about result columns.
pub(super) struct Memo<V>(RefCell<HashMap<Key, V>>);

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<V: Clone> Memo<V> {
    /// The answer about a result column of the environment's query, which `work_out` finds.
    pub(super) fn of(&self, env: &Env<'_, '_>, column: i64, work_out: impl FnOnce() -> V) -> V {
        if !env.is_of_query() {
            return work_out();
        }
        let before = env.before.as_ref().map(|facts| facts.id);
        let assumed = env.context.assumed.get();
        let key = (env.scope.id, env.facts.id, before, column, assumed);
        if let Some(known) = self.0.borrow().get(&key) {
            return known.clone();
        }
        let found = work_out();
        self.0.borrow_mut().insert(key, found.clone());
        found
    }
}

/// All that is said of result columns.
#[derive(Default)]
pub(super) struct Outputs<'t> {
    pub(super) values: Memo<Verdict>,
    pub(super) sources: Memo<Option<Rc<[Inside<'t>]>>>,
    pub(super) origins: Memo<Option<ColumnRef>>,
    pub(super) elements: Memo<Option<Verdict>>,
    pub(super) fields: Memo<Option<Vec<FieldVerdict>>>,
    pub(super) dimensions: Memo<Option<u8>>,
    pub(super) finite: Memo<Option<bool>>,
}
