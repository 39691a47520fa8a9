//! What an insert does where its row is there already: `on conflict`, and how to tell an inserted row from an updated
//! one.

use std::marker::PhantomData;

use super::column::Columns;
use super::filter::Filter;
use super::insert::{Always, Insert, InsertKind, Maybe};
use super::key::Key;
use super::sql::Sql;
use crate::{Constraint, ConstraintKind, Error, Field, PgRow, Row, Table, mark};

/// An insert that is asked what to do where a row with the same key is there already. `K` says whether a row
/// is sure to come of an update.
#[must_use = "say what to do: nothing, or update the row"]
pub struct InsertConflict<'a, R, K = Always> {
    insert: Insert<'a, R>,
    key: Option<Key<R>>,
    condition: Option<Filter<'a, R>>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, R> InsertConflict<'a, R> {
    pub(super) fn new(insert: Insert<'a, R>, key: Option<Key<R>>) -> Self {
        Self {
            insert,
            key,
            condition: None,
            kind: PhantomData,
        }
    }

    /// Updates the row that is there only where this is true of it; where not, nothing happens and no row is
    /// returned.
    pub fn only_where(self, filter: Filter<'a, R>) -> InsertConflict<'a, R, Maybe> {
        InsertConflict {
            insert: self.insert,
            key: self.key,
            condition: Some(filter),
            kind: PhantomData,
        }
    }

    /// Leaves the row that is there as it is. No row is returned then.
    pub fn do_nothing(self) -> Insert<'a, R, Maybe> {
        self.action(Action::Nothing)
    }
}

impl<'a, R, K: InsertKind> InsertConflict<'a, R, K> {
    /// Updates all columns of the insert but those of the key to the values of the insert. Where there are no
    /// others, the key is set to itself, so that a row comes of it all the same. A version is raised by one.
    pub fn do_update(self) -> Insert<'a, R, K> {
        let key = self.key.map_or(&[][..], |key| key.constraint().columns);
        let all = self.insert.parts.columns.0.iter().map(|(name, _)| *name);
        let mut names: Vec<_> = all.filter(|name| !key.contains(name)).collect();
        if names.is_empty() && self.version().is_none() {
            names.extend(key);
        }
        self.update(names)
    }

    /// Updates these columns to the values of the insert: to its default, if the insert does not set the column. A version is
    /// raised by one.
    pub fn do_update_of(self, columns: impl Columns<R>) -> Insert<'a, R, K> {
        let names = columns.names();
        self.update(names)
    }

    fn version(&self) -> Option<&'static str> {
        self.key.and_then(Key::version)
    }

    fn update(mut self, mut columns: Vec<&'static str>) -> Insert<'a, R, K> {
        let version = self.version();
        columns.retain(|column| Some(*column) != version);
        let condition = self.condition.take().map(Filter::erased);
        self.action(Action::Update(Update {
            columns,
            version,
            condition,
            marked: false,
        }))
    }

    fn action<L>(self, action: Action<'a>) -> Insert<'a, R, L> {
        let mut parts = self.insert.parts;
        let key = self.key.map(Key::constraint);
        parts.conflict = Some(Conflict { key, action });
        Insert {
            parts,
            types: PhantomData,
        }
    }
}

/// The `on conflict` of an insert.
pub(super) struct Conflict<'a> {
    key: Option<&'static Constraint>,
    action: Action<'a>,
}

enum Action<'a> {
    Nothing,
    Update(Update<'a>),
}

/// An update of the row that is there.
struct Update<'a> {
    /// They get the values of the insert.
    columns: Vec<&'static str>,
    /// It is raised by one.
    version: Option<&'static str>,
    condition: Option<Filter<'a, ()>>,
    /// Whether it leaves a mark.
    marked: bool,
}

impl<'a> Conflict<'a> {
    /// Has an update leave its mark; answers whether there is one.
    pub(super) fn mark(&mut self) -> bool {
        match &mut self.action {
            Action::Update(update) => {
                update.marked = true;
                true
            }
            Action::Nothing => false,
        }
    }

    pub(super) fn write(self, sql: &mut Sql<'a>, table: &'static Table) {
        sql.push(" on conflict ");
        if let Some(key) = self.key {
            sql.push("(");
            sql.separated(", ", key.columns, |sql, name| {
                sql.name(name);
            });
            sql.push(") ");
            if let ConstraintKind::UniqueIndex {
                predicate: Some(predicate),
            } = key.kind
            {
                sql.push("where ").push(predicate).push(" ");
            }
        }
        match self.action {
            Action::Update(update) => update.write(sql, table),
            Action::Nothing => {
                sql.push("do nothing");
            }
        }
    }
}

impl<'a> Update<'a> {
    fn write(self, sql: &mut Sql<'a>, table: &'static Table) {
        sql.push("do update set ");
        sql.separated(", ", &self.columns, |sql, name| {
            sql.name(name).push(" = excluded.").name(name);
        });
        if let Some(version) = self.version {
            sql.push(if self.columns.is_empty() { "" } else { ", " });
            sql.name(version).push(" = ").name(table.name);
            sql.push(".").name(version).push(" + 1");
        }
        if self.marked {
            sql.push(" where ").push(&mark::leave(mark::OF_STATEMENT));
        }
        if let Some(condition) = self.condition {
            // Beside the row that is there, `excluded` has the same columns.
            sql.qualified(table.name, |sql| match self.marked {
                true => condition.write_and(sql),
                false => condition.write_where(sql),
            });
        }
    }
}

/// A row that an insert has made, or found and updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted<R> {
    /// The row is new.
    Inserted(R),
    /// The row was there already, and has been updated.
    Updated(R),
}

impl<R> Upserted<R> {
    /// The name of the column that tells.
    pub(super) const INSERTED: &'static str = "howdah_inserted";

    /// The row, whichever it is.
    pub fn into_row(self) -> R {
        match self {
            Self::Inserted(row) | Self::Updated(row) => row,
        }
    }

    /// Whether the row is new.
    #[must_use]
    pub const fn is_inserted(&self) -> bool {
        matches!(self, Self::Inserted(_))
    }
}

impl<'r, R: PgRow<'r>> PgRow<'r> for Upserted<R> {
    const FIELDS: &'static [Field] = &[
        Field::nested::<R>(""),
        Field::column::<bool>(Upserted::<R>::INSERTED),
    ];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        let found = row.nested()?;
        Ok(if row.get()? {
            Self::Inserted(found)
        } else {
            Self::Updated(found)
        })
    }
}
