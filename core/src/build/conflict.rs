//! What an insert does where its row is there already: `on conflict`, and how to tell an inserted row from an updated
//! one.

use std::marker::PhantomData;

use super::column::Columns;
use super::filter::Filter;
use super::insert::{Always, Insert, InsertKind, Maybe};
use super::key::Key;
use super::sql::Sql;
use crate::{
    Constraint, ConstraintKind, Error, Field, PgRow, Row, Table, mark,
    updated_columns::UpdatedColumns,
};

/// An insert that is asked what to do where a row with the same key is there already. `K` says whether a row
/// is sure to come of an update.
#[must_use = "say what to do: nothing, or update the row"]
pub struct InsertConflict<'a, R, K = Always> {
    insert: Insert<'a, R>,
    key: Key<R>,
    condition: Option<Filter<'a, R>>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, R> InsertConflict<'a, R> {
    pub(super) fn new(insert: Insert<'a, R>, key: Key<R>) -> Self {
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
        self.insert
            .with(Conflict::Skip(Some(self.key.constraint())))
    }
}

impl<'a, R, K: InsertKind> InsertConflict<'a, R, K> {
    /// Updates all columns of the insert but those of the key to the values of the insert. Where there are no
    /// others, the key is set to itself, so that a row comes of it all the same. A version is raised by one.
    pub fn do_update(self) -> Insert<'a, R, K> {
        self.update(None)
    }

    /// Updates these columns to the values of the insert. One that the insert does not set is an error when the statement
    /// runs. A version is raised by one.
    pub fn do_update_of(self, columns: impl Columns<R>) -> Insert<'a, R, K> {
        self.update(Some(columns.names()))
    }

    fn update(self, given: Option<Vec<&'static str>>) -> Insert<'a, R, K> {
        self.insert.with(Conflict::Update(Update {
            columns: UpdatedColumns {
                key: self.key.constraint(),
                given,
                version: self.key.version(),
            },
            condition: self.condition.map(Filter::erased),
            marked: false,
        }))
    }
}

/// The `on conflict` of an insert.
pub(super) enum Conflict<'a> {
    /// Leave the row that is there: the one with this key, or any.
    Skip(Option<&'static Constraint>),
    /// Update the row that is there.
    Update(Update<'a>),
}

/// An update of the row that is there.
pub(super) struct Update<'a> {
    /// They get the values of the insert.
    columns: UpdatedColumns,
    condition: Option<Filter<'a, ()>>,
    /// Whether it leaves a mark.
    marked: bool,
}

impl<'a> Conflict<'a> {
    /// Has an update leave its mark; answers whether there is one.
    pub(super) fn mark(&mut self) -> bool {
        match self {
            Self::Update(update) => {
                update.marked = true;
                true
            }
            Self::Skip(_) => false,
        }
    }

    /// The `on conflict` of an insert into `table` that writes these columns.
    pub(super) fn write(
        self,
        sql: &mut Sql<'a>,
        table: &'static Table,
        written: &[&'static str],
    ) -> Result<(), Error> {
        sql.push(" on conflict ");
        match self {
            Self::Skip(key) => {
                if let Some(key) = key {
                    target(sql, key);
                }
                sql.push("do nothing");
            }
            Self::Update(update) => {
                target(sql, update.columns.key);
                update.write(sql, table, written)?;
            }
        }
        Ok(())
    }
}

/// What identifies the row that is there. By its name, a constraint would not be found through a view.
fn target(sql: &mut Sql<'_>, key: &'static Constraint) {
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

impl<'a> Update<'a> {
    fn write(
        self,
        sql: &mut Sql<'a>,
        table: &'static Table,
        written: &[&'static str],
    ) -> Result<(), Error> {
        let columns = self.columns.of(written)?;
        sql.push("do update set ");
        sql.separated(", ", &columns, |sql, name| {
            sql.name(name).push(" = excluded.").name(name);
        });
        if let Some(version) = self.columns.version {
            sql.push(if columns.is_empty() { "" } else { ", " });
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
        Ok(())
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
