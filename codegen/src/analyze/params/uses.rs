//! How a query uses one parameter: whether null has a meaning for it, and its name.

use crate::analyze::context::ParamNulls;
use crate::analyze::verdict::{ColumnRef, Reason};
use crate::catalog::{Column, Relation};

/// How a query uses one parameter.
#[derive(Clone, Debug, Default)]
pub(in crate::analyze) struct Use {
    pub(in crate::analyze) nulls: ParamNulls,
    /// Why null has a meaning for it.
    pub(in crate::analyze) reason: Option<Reason>,
    /// Why null would be an error, if the parameter is stored.
    pub(in crate::analyze) refused: Option<Reason>,
    /// The column whose values it takes.
    column: Tied<ColumnRef>,
    /// That column's name, which columns of two tables can share.
    of_column: Tied<String>,
    /// How the parameter relates to that column, if there is one.
    tie: Option<Tie>,
    /// The name of something similar to the parameter.
    like: Tied<String>,
    /// The SRID that its shapes need.
    pub(super) srid: Tied<i32>,
    /// Whether it is a lower or an upper bound in a comparison.
    pub(super) bound: Option<Bound>,
    /// Its name as a bound of a column.
    as_bound: Option<String>,
    /// The name of the function's argument, or of the clause (`limit` or `offset`), that it is.
    pub(super) argument: Option<String>,
}

impl Use {
    /// Notes that it relates to a column. Looser relations no longer count.
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

    /// Notes the name of something similar to the parameter.
    pub(super) fn liken(&mut self, name: &str) {
        self.like.add(name.to_owned());
    }

    /// The column that it is stored in, or else the one whose values it is compared with.
    pub(in crate::analyze) fn column(&self) -> Option<&ColumnRef> {
        self.column.only()
    }

    /// The SRID that its shapes need, 0 if none is known.
    pub(in crate::analyze) fn srid(&self) -> i32 {
        self.srid.only().copied().unwrap_or_default()
    }

    /// Its name, if it is not named after that column.
    pub(in crate::analyze) fn name(&self) -> Option<&str> {
        let named = self.of_column.only().or(self.argument.as_ref());
        let named = named
            .or(self.like.only())
            .filter(|_| self.column().is_none());
        self.as_bound.as_ref().or(named).map(String::as_str)
    }
}

/// Whether a parameter is a lower or an upper bound of the values that it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Smaller values are out of bounds.
    Min,
    /// Greater values are out of bounds.
    Max,
}

/// Something that a parameter relates to: nothing, one thing, or several different ones.
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
    /// Adds the name of another table's column: `id` here and `account_id` there mean the same, and the longer name
    /// wins.
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

/// How a value relates to a column, from the loosest to the closest relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// It is not a value of the column, but similar: `email like $1`, `lower(email) = lower($1)`.
    Like,
    /// It is a value of the column: `email = $1`.
    Value,
    /// It is stored in the column.
    Stored,
}

/// Names the two bounds of one column: `created_at_min`, `created_at_max`.
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
