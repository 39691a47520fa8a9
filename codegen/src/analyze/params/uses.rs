//! What a query does with one parameter: whether null has a meaning for it, and what it is called.

use crate::analyze::context::ParamNulls;
use crate::analyze::verdict::{ColumnRef, Reason};
use crate::catalog::{Column, Relation};

/// What a query does with one parameter.
#[derive(Clone, Debug, Default)]
pub(in crate::analyze) struct Use {
    pub(in crate::analyze) nulls: ParamNulls,
    /// Why null has a meaning for it.
    pub(in crate::analyze) reason: Option<Reason>,
    /// Why null would be an error, where it is stored.
    pub(in crate::analyze) refused: Option<Reason>,
    /// The column whose values it takes.
    column: Tied<ColumnRef>,
    /// That column's name: two tables may have one of the same.
    of_column: Tied<String>,
    /// How, where there is one.
    tie: Option<Tie>,
    /// The name of what it is like.
    like: Tied<String>,
    /// The SRID that its shapes need.
    pub(super) srid: Tied<i32>,
    /// Where it is compared with an order of values.
    pub(super) bound: Option<Bound>,
    /// Its name among those that bound one column.
    as_bound: Option<String>,
    /// The function's argument, or the clause (`limit` or `offset`), that it is all of.
    pub(super) argument: Option<String>,
}

impl Use {
    /// Notes that it has to do with a column; what has less to do with it counts no more.
    pub(super) fn tie_to(&mut self, relation: &Relation, column: &Column, tie: Tie) {
        if self.tie < Some(tie) {
            self.tie = Some(tie);
            self.column = Tied::Nothing;
            self.of_column = Tied::Nothing;
        }
        if self.tie != Some(tie) {
            return;
        }
        let elsewhere = self.column.only();
        match elsewhere.is_none_or(|known| known.relation != relation.name) {
            true => self.of_column.add_of_another(&column.name),
            false => self.of_column.add(column.name.clone()),
        }
        self.column.add(ColumnRef {
            relation: relation.name.clone(),
            column: column.name.clone(),
        });
    }

    /// Notes the name of what it is like.
    pub(super) fn liken(&mut self, name: &str) {
        self.like.add(name.to_owned());
    }

    /// The column that it is stored in, or else whose values it is compared with.
    pub(in crate::analyze) fn column(&self) -> Option<&ColumnRef> {
        self.column.only()
    }

    /// The SRID that its shapes need, 0 if none is known.
    pub(in crate::analyze) fn srid(&self) -> i32 {
        self.srid.only().copied().unwrap_or_default()
    }

    /// What to call it, other than after that column.
    pub(in crate::analyze) fn name(&self) -> Option<&str> {
        let named = self.of_column.only().or(self.argument.as_ref());
        let named = named
            .or(self.like.only())
            .filter(|_| self.column().is_none());
        self.as_bound.as_ref().or(named).map(String::as_str)
    }
}

/// Which of the values that a parameter is compared with are beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Those below it.
    Min,
    /// Those above it.
    Max,
}

/// What a parameter has to do with: nothing, one thing, or several that differ.
#[derive(Clone, Debug, Default)]
pub(super) enum Tied<T> {
    #[default]
    Nothing,
    One(T),
    Several,
}

impl<T: PartialEq> Tied<T> {
    pub(super) fn add(&mut self, new: T) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::One(new),
            Self::One(known) if known == new => Self::One(known),
            _ => Self::Several,
        };
    }

    fn only(&self) -> Option<&T> {
        match self {
            Self::One(known) => Some(known),
            _ => None,
        }
    }
}

impl Tied<String> {
    /// Adds the name of another table's column: `id` here and `account_id` there are one thing, which the longer name says.
    fn add_of_another(&mut self, new: &str) {
        let is_of = |long: &str, short: &str| {
            let rest = long.strip_suffix(short);
            rest.is_some_and(|rest| rest.ends_with('_'))
        };
        match self {
            Self::One(known) if is_of(known, new) => {}
            Self::One(known) if is_of(new, known) => *known = new.to_owned(),
            _ => self.add(new.to_owned()),
        }
    }
}

/// How a value has to do with a column, from the loosest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// It is no value of the column, but something like it: `email like $1`, `lower(email) = lower($1)`.
    Like,
    /// It is such a value: `email = $1`.
    Value,
    /// It is stored there.
    Stored,
}

/// The two bounds of one column are told apart: `created_at_min`, `created_at_max`.
pub(super) fn name_bounds(uses: &mut [Use]) {
    let bounds: Vec<_> = uses
        .iter()
        .map(|found| found.of_column.only().cloned().zip(found.bound))
        .collect();
    for (found, bound) in uses.iter_mut().zip(&bounds) {
        let Some((name, side)) = bound else {
            continue;
        };
        let is_other = |(other, other_side): &(String, Bound)| other == name && other_side != side;
        if bounds.iter().flatten().any(is_other) {
            let suffix = match side {
                Bound::Min => "min",
                Bound::Max => "max",
            };
            found.as_bound = Some(format!("{name}_{suffix}"));
        }
    }
}
