//! Facts about the rows at a place in a query: expressions that are not null there, and join sides that are present.
//!
//! Facts only grow. Each new fact adds its consequences, until nothing changes: a column that is not null proves that
//! its relation is present, and a relation that is present proves the conditions of its join.

use std::collections::HashSet;
use std::rc::Rc;

use super::context::Context;
use super::rejection::{self, Proof};
use super::rows;
use super::scope::{Filtered, Scope, Side};

/// An expression that is not null. Scopes are named by their number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A column of a range table entry.
    Column {
        scope: usize,
        entry: usize,
        column: i64,
    },
    /// A parameter, which is the same in every scope.
    Param(usize),
    /// Any other expression, in canonical form, of the rows that come in or those that go out: a group has rows that are equal
    /// and differ, and columns that a grouping set leaves out.
    Expression {
        scope: usize,
        of: Filtered,
        canonical: String,
    },
}

/// Facts about the rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The number of these facts in the analysis; zero for no facts.
    pub(super) id: usize,
    not_null: HashSet<Key>,
    present: HashSet<(usize, Side)>,
    /// The scopes whose facts are about their input rows, even if they can return a row for a group without rows.
    inputs_of: HashSet<usize>,
    /// The conditions whose consequences are included, by scope and place.
    applied: HashSet<(usize, usize)>,
}

impl Facts {
    pub(super) fn is_not_null(&self, key: &Key) -> bool {
        self.not_null.contains(key)
    }

    /// Whether there are facts about expressions other than columns.
    pub(super) fn knows_expressions(&self) -> bool {
        self.not_null
            .iter()
            .any(|key| matches!(key, Key::Expression { .. }))
    }

    pub(super) fn is_present(&self, scope: usize, side: Side) -> bool {
        self.present.contains(&(scope, side))
    }

    /// The columns of a range table entry that are known to be not null.
    pub(super) fn columns_of(&self, scope: usize, entry: usize) -> Vec<i64> {
        let mut columns: Vec<i64> = self
            .not_null
            .iter()
            .filter_map(|key| match key {
                Key::Column {
                    scope: s,
                    entry: e,
                    column,
                } if (*s, *e) == (scope, entry) => Some(*column),
                _ => None,
            })
            .collect();
        columns.sort_unstable();
        columns
    }

    /// These facts and, of the rows of `scope`, its conditions and the proofs given, which are of those rows of it.
    pub(super) fn within<'t>(
        &self,
        context: &Context<'t>,
        scope: &Rc<Scope<'t>>,
        proofs: Vec<Proof<'t>>,
        of: Filtered,
    ) -> Self {
        let mut facts = self.clone();
        facts.id = context.next_id();
        facts.assume(context, scope, proofs, of);
        facts
    }

    /// These facts about the input rows of `scope`, which aggregates see, and not about its output rows.
    pub(super) fn of_inputs<'t>(&self, context: &Context<'t>, scope: &Rc<Scope<'t>>) -> Self {
        let mut facts = self.clone();
        facts.id = context.next_id();
        facts.inputs_of.insert(scope.id);
        facts.assume(context, scope, Vec::new(), Filtered::Inputs);
        facts
    }

    /// Adds proofs about expressions of `scope`, and all their consequences.
    fn assume<'t>(
        &mut self,
        context: &Context<'t>,
        scope: &Rc<Scope<'t>>,
        proofs: Vec<Proof<'t>>,
        of: Filtered,
    ) {
        let (mut todo, mut of) = (proofs, of);
        let inputs_hold = !scope.may_group_nothing() || self.inputs_of.contains(&scope.id);
        if inputs_hold {
            let certain = rows::certain_sides(context, scope);
            todo.extend(certain.iter().copied().map(Proof::Present));
        }
        loop {
            while let Some(proof) = todo.pop() {
                self.take(scope, &proof, of);
            }
            let next = scope.conditions.iter().enumerate().find(|(i, condition)| {
                !self.applied.contains(&(scope.id, *i))
                    && (inputs_hold || condition.of == Filtered::Groups)
                    && condition
                        .requires
                        .iter()
                        .all(|side| self.is_present(scope.id, *side))
            });
            let Some((i, condition)) = next else {
                return;
            };
            self.applied.insert((scope.id, i));
            of = condition.of;
            todo.extend(rejection::when_true(context, scope, condition.expression));
        }
    }

    /// Adds one proof, and the presence of the relations in it.
    fn take<'t>(&mut self, scope: &Rc<Scope<'t>>, proof: &Proof<'t>, of: Filtered) {
        match proof {
            Proof::Column {
                levels,
                entry,
                column,
            } => {
                let Some(owner) = scope.ancestor(*levels) else {
                    return;
                };
                let sides = owner.extended_by(*entry).iter();
                self.present.extend(sides.map(|side| (owner.id, *side)));
                self.not_null.insert(Key::Column {
                    scope: owner.id,
                    entry: *entry,
                    column: *column,
                });
            }
            Proof::Param(number) => {
                self.not_null.insert(Key::Param(*number));
            }
            Proof::Expression(expression) => {
                self.not_null.insert(Key::Expression {
                    scope: scope.id,
                    of,
                    canonical: expression.canonical(),
                });
            }
            Proof::Present(side) => {
                self.present.insert((scope.id, *side));
            }
        }
    }
}
