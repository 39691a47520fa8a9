//! What an insert does if its row exists already (`on conflict`), and how to tell an inserted row from an updated row.

use std::marker::PhantomData;

use super::{
    column::{Columns, TypedColumn},
    filter::Filter,
    fragment::SqlFragment,
    insert::{Always, Insert, InsertKind, Maybe},
    key::Key,
    mark,
    sql::Sql,
    updated_columns::{UpdatedColumns, conflict_target},
};
use crate::{Constraint, Error, Field, PgRow, Row, Table};

/// An insert that still needs to know what to do if a row with the same key exists already. `K` is [`Always`] if an update
/// always takes place, and [`Maybe`] if a condition can prevent it.
#[must_use = "say what to do: nothing, or update the row"]
pub struct InsertConflict<'a, R, K = Always> {
    insert: Insert<'a, R>,
    columns: UpdatedColumns<'a>,
    condition: Option<Filter<'a, R>>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, R> InsertConflict<'a, R> {
    pub(super) fn new(insert: Insert<'a, R>, key: Key<R>) -> Self {
        Self {
            insert,
            columns: UpdatedColumns::new(key.constraint(), key.version()),
            condition: None,
            kind: PhantomData,
        }
    }

    /// Updates the existing row only if this condition is true for it. Otherwise nothing happens, and no row is returned.
    pub fn only_where(self, filter: Filter<'a, R>) -> InsertConflict<'a, R, Maybe> {
        InsertConflict {
            insert: self.insert,
            columns: self.columns,
            condition: Some(filter),
            kind: PhantomData,
        }
    }

    /// Leaves the existing row unchanged. Then no row is returned.
    pub fn do_nothing(self) -> Insert<'a, R, Maybe> {
        self.insert.with(Conflict::Skip(Some(self.columns.key)))
    }
}

impl<'a, R, K: InsertKind> InsertConflict<'a, R, K> {
    /// Sets a column of the existing row to what this SQL computes, and not to the value of the insert. In the SQL, the
    /// existing row has the name of the table, and `excluded` is the row that could not be inserted; see
    /// [`sql()`](crate::sql).
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{PgInsert, PgRow, PgSelect, key};
    /// # #[derive(PgRow, PgInsert, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { name: String, tags: Vec<String> }
    /// // Inserts the place, or adds the tag to the one that exists.
    /// let upsert = Place::insert()
    ///     .name("Oslo")
    ///     .tags(&["city"])
    ///     .on_conflict(key!(schema::places::PLACES_NAME_KEY))
    ///     .set_to_sql(Place::TAGS, "places.tags || excluded.tags")
    ///     .do_update();
    /// assert_eq!(
    ///     upsert.sql(),
    ///     "insert into \"places\" (\"name\", \"tags\") values ($1, $2) \
    ///      on conflict (\"name\") do update set \"tags\" = places.tags || excluded.tags"
    /// );
    /// ```
    pub fn set_to_sql<T, V>(
        mut self,
        column: TypedColumn<R, T, V>,
        sql: impl Into<SqlFragment<'a>>,
    ) -> Self {
        self.columns.compute(column.name(), sql.into());
        self
    }

    /// Updates the existing row: all columns of the insert except the key get the values of the insert. If the insert has
    /// only the key, the key is set to itself, so that a row is returned nevertheless. A version is raised by one.
    pub fn do_update(self) -> Insert<'a, R, K> {
        self.insert.with(Conflict::Update(Update {
            columns: self.columns,
            condition: self.condition.map(Filter::erased),
            marked: false,
        }))
    }

    /// Updates the existing row: these columns get the values of the insert, and those of
    /// [`set_to_sql`](Self::set_to_sql) what it computes. A column that the insert does not set is an error when the
    /// statement runs. A version is raised by one.
    pub fn do_update_of(mut self, columns: impl Columns<R>) -> Insert<'a, R, K> {
        self.columns.only(columns.names());
        self.do_update()
    }
}

/// The `on conflict` of an insert.
pub(super) enum Conflict<'a> {
    /// Leave the existing row as it is: only for a conflict on this key, or on any.
    Skip(Option<&'static Constraint>),
    /// Update the existing row.
    Update(Update<'a>),
}

/// An update of the existing row.
pub(super) struct Update<'a> {
    /// The columns that get the values of the insert.
    columns: UpdatedColumns<'a>,
    condition: Option<Filter<'a, ()>>,
    /// Whether the update leaves a mark; see [`mark`](super::mark).
    marked: bool,
}

impl<'a> Conflict<'a> {
    /// The same action with borrowed parameters.
    pub(super) fn by_ref(&self) -> Conflict<'_> {
        match self {
            Self::Skip(key) => Conflict::Skip(*key),
            Self::Update(update) => Conflict::Update(Update {
                columns: update.columns.by_ref(),
                condition: update.condition.as_ref().map(Filter::by_ref),
                marked: update.marked,
            }),
        }
    }

    /// Makes an update leave a mark, and returns whether there is an update.
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
                    sql.push(&conflict_target(key)).push(" ");
                }
                sql.push("do nothing");
            }
            Self::Update(update) => {
                sql.push(&conflict_target(update.columns.key));
                update.write(sql, table, written)?;
            }
        }
        Ok(())
    }
}

/// What the row that is there is called. `excluded` is the row that could not be inserted.
pub(super) fn there(table: &Table) -> &'static str {
    match table.name {
        "excluded" => "t",
        name => name,
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
        sql.push(" do update set ");
        self.columns.write(sql, &columns, there(table));
        if self.marked {
            sql.push(" where ").push(&mark::leave(mark::OF_STATEMENT));
        }
        if let Some(condition) = self.condition {
            // Qualified, because `excluded` has the same columns as the existing row.
            sql.qualified(there(table), |sql| match self.marked {
                true => condition.write_and(sql),
                false => condition.write_where(sql),
            });
        }
        Ok(())
    }
}

/// A row that was inserted, or that existed and was updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted<R> {
    /// The row is new.
    Inserted(R),
    /// The row existed already, and was updated.
    Updated(R),
}

impl<R> Upserted<R> {
    /// The column that tells whether the row is new.
    pub(super) const INSERTED: &'static str = "howdah_inserted";

    /// The row, in both cases.
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
