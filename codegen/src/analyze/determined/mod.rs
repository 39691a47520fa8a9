//! The columns that the conditions of a query determine, and the relations that therefore have at most one row.

mod branches;
mod conditions;
mod existing;
mod keys;
mod outside;

use std::collections::{HashMap, HashSet};

use super::constants;
use super::env::Env;
use super::partial;
use super::range_table::{self, EntryKind};
use super::rows::{self, Rows};
use super::steady;
use crate::nodes::{Reference, join};
use crate::tree::Node;
use conditions::{
    Alike, Conditions, Fixing, aliased, equal_column, is_always_there, plain_column, resolved,
};
pub(super) use outside::{Key, Outside};

/// What the conditions of one query level determine.
#[derive(Clone, Default)]
pub(super) struct Determined {
    /// Columns with one possible value, by entry and number, with the kind of equality.
    columns: HashSet<(usize, i64, Alike)>,
    /// The rows of the entries, with all that is known of them. Queries in FROM are asked with the conditions on their
    /// rows, and only so: without these, each query in a chain of them would begin a chain of its own.
    rows: HashMap<usize, Rows>,
}

impl Determined {
    /// What is determined in the scope.
    pub(super) fn of<'t>(env: &Env<'_, 't>, outside: &Outside<'t>) -> Self {
        Self::by(env, &Conditions::of(env, outside))
    }

    /// What these conditions determine.
    fn by<'t>(env: &Env<'_, 't>, conditions: &Conditions<'t>) -> Self {
        let mut known = Self::default();
        for entry in env.scope.extended_by.keys().copied() {
            let checked = keys::checked_columns(env, entry);
            known.columns.extend(
                checked
                    .into_iter()
                    .map(|column| (entry, column, Alike::Equal)),
            );
        }
        known.settle(env, conditions);
        while let Some(more) = branches::in_all(&known, env, conditions) {
            let before = known.size();
            known = known.united(more);
            if known.size() == before {
                break;
            }
            known.settle(env, conditions);
        }
        known
    }

    fn size(&self) -> (usize, usize) {
        let singles = self.rows.keys().filter(|entry| self.is_single(**entry));
        (self.columns.len(), singles.count())
    }

    /// Adds what follows from the conditions, until nothing changes.
    fn settle<'t>(&mut self, env: &Env<'_, 't>, conditions: &Conditions<'t>) {
        loop {
            let before = self.size();
            for fixing in &conditions.fixing {
                self.take(env, fixing);
            }
            for entry in env.scope.extended_by.keys().copied() {
                if !self.is_single(entry)
                    && let Some(rows) = self.rows_of_entry(env, entry, conditions)
                {
                    self.rows.insert(entry, rows);
                }
            }
            if before == self.size() {
                return;
            }
        }
    }

    /// What is determined in both.
    fn common(self, other: &Self) -> Self {
        let mut rows = self.rows;
        rows.retain(|entry, _| other.is_single(*entry));
        Self {
            columns: &self.columns & &other.columns,
            rows,
        }
    }

    /// What is determined in either.
    fn united(mut self, other: Self) -> Self {
        self.columns.extend(other.columns);
        for (entry, rows) in other.rows {
            if !self.is_single(entry) {
                self.rows.insert(entry, rows);
            }
        }
        self
    }

    /// Why the entry has at most one row, if it does.
    pub(super) fn single(&self, entry: usize) -> Option<&str> {
        match self.rows.get(&entry)? {
            Rows::One(reason) | Rows::Opt(reason) => Some(reason),
            Rows::Many(_) => None,
        }
    }

    fn is_single(&self, entry: usize) -> bool {
        self.single(entry).is_some()
    }

    /// Whether the column has one possible value by this kind of equality, in rows in which its entry is present.
    fn is(&self, entry: usize, column: i64, alike: Alike) -> bool {
        self.columns.contains(&(entry, column, alike))
    }

    /// Whether the column has one possible value by equality, in rows in which its entry is present.
    fn knows(&self, env: &Env<'_, '_>, (entry, column): (usize, i64)) -> bool {
        self.is(entry, column, Alike::Equal) || self.is_one_row(env, entry)
    }

    /// Whether the entry has one row in total, and not just one for each row of a lateral join.
    fn is_one_row(&self, env: &Env<'_, '_>, number: usize) -> bool {
        self.is_single(number)
            && env.scope.entry(number).is_some_and(|entry| {
                range_table::kind(entry) == EntryKind::Relation
                    || steady::depends_on(env.context, entry).is_some_and(|outer| {
                        let is_own = outer.iter().any(|((entry, _), _)| *entry == number);
                        !is_own && self.are_same(env, &outer)
                    })
            })
    }

    /// If a value is fixed, so is the column that is equal to it.
    fn take(&mut self, env: &Env<'_, '_>, fixing: &Fixing<'_>) {
        if let Some((entry, number)) = plain_column(env, fixing.equation.subject)
            && self.is_fixed(env, fixing, entry)
        {
            self.columns.insert((entry, number, fixing.equation.alike));
        }
    }

    /// Whether the condition leaves only one possible value for its subject, which consists of the entry's columns.
    fn is_fixed(&self, env: &Env<'_, '_>, fixing: &Fixing<'_>, entry: usize) -> bool {
        fixing.applies_to(env, entry)
            && fixing
                .equation
                .value
                .is_none_or(|value| match equal_column(env, value) {
                    Some(place) => {
                        // The row of an entry that is left out is null, which equals nothing.
                        let can_be_null = fixing.equation.alike == Alike::EqualOrNull;
                        self.knows(env, place) && (!can_be_null || is_always_there(env, place.0))
                    }
                    None => self.is_constant(env, value),
                })
    }

    /// Whether the expression has one possible value by equality in all rows.
    pub(super) fn fixes(&self, env: &Env<'_, '_>, node: &Node<'_>) -> bool {
        match resolved(env, node) {
            Some(place) => is_always_there(env, place.0) && self.knows(env, place),
            None => self.is_constant(env, node),
        }
    }

    /// Whether a column has exactly the same value in all rows: equal numbers can differ in their scale.
    fn is_same(&self, env: &Env<'_, '_>, place: (usize, i64), ty: Option<u32>) -> bool {
        let exact = ty.is_some_and(|ty| steady::equal_is_same(env.context, ty));
        is_always_there(env, place.0)
            && ((exact && self.is(place.0, place.1, Alike::Equal)) || self.is_one_row(env, place.0))
    }

    fn are_same(&self, env: &Env<'_, '_>, columns: &[steady::Typed]) -> bool {
        let mut columns = columns.iter();
        columns.all(|(place, ty)| self.is_same(env, *place, Some(*ty)))
    }

    /// Whether the expression has exactly the same value in all rows.
    fn is_constant(&self, env: &Env<'_, '_>, node: &Node<'_>) -> bool {
        match node.tag {
            "VAR" if Reference::local(node).is_some() => match resolved(env, node) {
                Some(place) => self.is_same(env, place, Some(node.oid("vartype"))),
                // A grouping expression, from version 18 on, or a column of a join that is not a single column.
                None => aliased(env, node).is_some_and(|below| self.is_constant(env, below)),
            },
            "SUBLINK" => {
                let depends_on = || steady::depends_on(env.context, node);
                let is_same = || depends_on().is_some_and(|outer| self.are_same(env, &outer));
                steady::is_plain(node) && (steady::is_evaluated_once(node) || is_same())
            }
            "AGGREF" | "WINDOWFUNC" | "NEXTVALUEEXPR" => false,
            _ => {
                !env.context.is_volatile(node)
                    && !node.flag("funcretset")
                    && node.children().all(|child| self.is_constant(env, child))
            }
        }
    }

    /// The rows of an entry that is not a join. `None` for a table that may have any number of matching rows.
    fn rows_of_entry<'t>(
        &self,
        env: &Env<'_, 't>,
        number: usize,
        conditions: &Conditions<'t>,
    ) -> Option<Rows> {
        let entry = env.scope.entry(number)?;
        match range_table::kind(entry) {
            EntryKind::Join => None,
            EntryKind::Relation if !range_table::is_sequence(entry) => {
                keys::why_single(self, env, number, conditions).map(Rows::Opt)
            }
            _ => {
                let outside = Outside::of(self, env, number, conditions);
                Some(rows::of_entry(env, number, &outside))
            }
        }
    }

    /// The rows of an item of FROM.
    pub(super) fn rows_of(&self, env: &Env<'_, '_>, item: &Node<'_>) -> Rows {
        if let Some(number) = range_table::referenced(item) {
            let known = self.rows.get(&number).cloned();
            return known.unwrap_or_else(|| rows::of_entry(env, number, &Outside::default()));
        }
        let arm = |name| match item.node(name) {
            Some(arm) => self.rows_of(env, arm),
            None => Rows::Many("nothing is known of its FROM".into()),
        };
        match (arm("larg"), arm("rarg"), item.number("jointype")) {
            (Rows::Many(reason), _, _) | (_, Rows::Many(reason), _) => Rows::Many(reason),
            // The row of the outer side stays, with or without a match.
            (left, _, Some(join::LEFT)) => left,
            (_, right, Some(join::RIGHT)) => right,
            (Rows::One(reason), Rows::One(_), Some(join::INNER))
                if item.node("quals").is_none() =>
            {
                Rows::One(reason)
            }
            (Rows::One(reason) | Rows::Opt(reason), _, Some(join::INNER)) => Rows::Opt(reason),
            // At most two rows, which always match.
            (left, right, Some(join::FULL))
                if item.node("quals").and_then(constants::boolean) == Some(true) =>
            {
                match left {
                    Rows::One(_) => left,
                    _ => right,
                }
            }
            _ => Rows::Many("an outer join puts rows together".into()),
        }
    }
}
