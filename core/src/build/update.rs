//! Updates the row with a key, or all rows for which a condition is true. Columns that were not set keep their values. An
//! update that sets no column is never sent.

use std::{future::Future, marker::PhantomData};

use super::built::{Built, Otherwise};
use super::column::Columns;
use super::filter::Filter;
use super::fragment::SqlFragment;
use super::given::{Given, GivenColumns};
use super::sql::{Returning, Sql};
use crate::{
    Cardinality, Error, ErrorKind, Exec, Executor, Many, Opt, Param, PgRow, RowType, Table,
    TypedColumn, UpdateRow,
};

/// An update. The methods of `#[derive(PgUpdate)]` make it.
///
/// `K` is [`ByKey`] for the row with a key, so at most one, and [`ByCondition`] for all rows for which a condition is true.
#[must_use = "an update does nothing until it is fetched or executed"]
pub struct Update<'a, R, K = ByKey> {
    parts: Parts<'a>,
    filter: Filter<'a, R>,
    kind: PhantomData<fn() -> K>,
}

/// The parts of an update that do not depend on the struct: their code is compiled once and not for each struct.
struct Parts<'a> {
    name: &'static str,
    table: &'static Table,
    set: GivenColumns<'a>,
    /// The column that counts the changes of its row.
    version: Option<&'static str>,
    empty: Empty,
    otherwise: Otherwise,
}

/// What happens with an update that sets no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    Error,
    Nothing,
}

/// The statement is about the row with a key: at most one row.
#[derive(Debug)]
pub enum ByKey {}

/// The statement is about the rows for which a condition is true.
#[derive(Debug)]
pub enum ByCondition {}

/// The rows that a statement is about: [`ByKey`] or [`ByCondition`].
pub trait RowsBy {
    /// The cardinality of the returned rows.
    type Of<R: RowType>: Cardinality;
}

impl RowsBy for ByKey {
    type Of<R: RowType> = Opt<R>;
}

impl RowsBy for ByCondition {
    type Of<R: RowType> = Many<R>;
}

impl<'a, R, K> Update<'a, R, K> {
    /// An update of the rows of this table for which a condition is true. Messages use the name.
    #[doc(hidden)]
    pub fn new(
        name: &'static str,
        table: &'static Table,
        version: Option<&'static str>,
        filter: Filter<'a, R>,
    ) -> Self {
        Self {
            parts: Parts {
                name,
                table,
                set: GivenColumns::default(),
                version,
                empty: Empty::Error,
                otherwise: Otherwise::Nothing,
            },
            filter,
            kind: PhantomData,
        }
    }

    /// Sets a column to this value.
    #[doc(hidden)]
    pub fn set(mut self, column: &'static str, value: Param<'a>) -> Self {
        let Parts { table, set, .. } = &mut self.parts;
        set.set(table, column, value);
        self
    }

    /// Sets the columns to their defaults.
    pub fn defaults(mut self, columns: impl Columns<R>) -> Self {
        for column in columns.names() {
            self.parts.set.give(column, Given::Default);
        }
        self
    }

    /// Sets a column to what this SQL computes, which can use the row's values from before; see [`sql()`](crate::sql).
    pub fn set_to_sql<T, V>(
        mut self,
        column: TypedColumn<R, T, V>,
        sql: impl Into<SqlFragment<'a>>,
    ) -> Self {
        let given = Given::Sql(sql.into());
        self.parts.set.give(column.name(), given);
        self
    }

    /// Updates only rows for which this condition is true as well.
    ///
    /// With a condition, an update that finds no row is not an error, even if the row has a version: the row may have
    /// another version, be gone, or not meet the condition. `execute` then returns 0, and what is returned is `None`.
    pub fn only_where(mut self, filter: Filter<'a, R>) -> Self {
        self.filter = self.filter.and(filter);
        self.parts.otherwise = Otherwise::Nothing;
        self
    }

    /// Makes an update that sets no column do nothing. Without this, it is an error.
    pub fn or_nothing(mut self) -> Self {
        self.parts.empty = Empty::Nothing;
        self
    }
}

impl<'a, R> Update<'a, R> {
    /// Updates the row with the key and version of a struct to all fields of the struct.
    #[doc(hidden)]
    pub fn of_row(name: &'static str, row: &'a R) -> Self
    where
        R: UpdateRow + Sync,
    {
        let mut update = Self::new(name, R::TABLE, R::VERSION, Filter::every());
        let carrier = R::TABLE.carriers();
        for (index, field) in R::FIELDS.iter().enumerate() {
            let value = Param::update_field(row, index);
            let is_version = R::VERSION == Some(field.column);
            if is_version || R::KEY.contains(&field.column) {
                let filter = Filter::column_is(R::TABLE, field.column, value);
                update.filter = update.filter.and(filter);
            } else {
                let given = Given::Value(value, carrier(field.column));
                update.parts.set.0.push((field.column, given));
            }
            if is_version {
                update.parts.otherwise = Otherwise::Stale;
            }
        }
        update
    }

    /// Requires that the row still has this version.
    #[doc(hidden)]
    pub fn at_version(mut self, column: &'static str, version: Param<'a>) -> Self {
        let filter = Filter::column_is(self.parts.table, column, version);
        self.filter = self.filter.and(filter);
        self.parts.otherwise = Otherwise::Stale;
        self
    }
}

impl<'a, R, K: RowsBy> Update<'a, R, K> {
    /// Returns the rows, with the values that they have afterwards.
    pub fn returning(self) -> Built<'a, K::Of<R>>
    where
        R: RowType + for<'r> PgRow<'r>,
    {
        self.returning_as()
    }

    /// Returns the rows as another struct, whose fields are columns of the table. This struct is not compared with the
    /// table while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<S: RowType>(self) -> Built<'a, K::Of<S>> {
        self.build(Returning::Fields(S::FIELDS)).yielding()
    }

    /// Returns these columns of the rows: one value or a tuple for each row.
    pub fn returning_columns<C: Columns<R>>(self, columns: C) -> Built<'a, K::Of<C::Row>> {
        self.build(Returning::Names(columns.names())).yielding()
    }

    /// The SQL text. It is empty if no column is set.
    #[must_use]
    pub fn sql(&self) -> String {
        let parts = self.parts.by_ref();
        let built = parts.build(self.filter.by_ref().erased(), Returning::Nothing);
        built.sql().to_owned()
    }

    /// Updates the rows, and returns the number of updated rows.
    ///
    /// # Errors
    ///
    /// When the statement fails, when no column is set (see [`or_nothing`](Self::or_nothing)), or when the row
    /// has another version ([`ErrorKind::Stale`](crate::ErrorKind::Stale)), unless there is a condition as well.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, R, K, E> {
        self.build(Returning::Nothing).fetch(executor)
    }

    fn build(self, returning: Returning) -> Built<'a, Exec> {
        self.parts.build(self.filter.erased(), returning)
    }
}

impl<'a> Parts<'a> {
    /// The same update with borrowed parameters.
    fn by_ref(&self) -> Parts<'_> {
        Parts {
            set: self.set.by_ref(),
            ..*self
        }
    }

    fn build(self, filter: Filter<'a, ()>, returning: Returning) -> Built<'a, Exec> {
        if self.set.0.is_empty() {
            return match self.empty {
                Empty::Nothing => Built::nothing(self.name),
                Empty::Error => Built::fault(
                    self.name,
                    Error::new(
                        ErrorKind::NothingToDo,
                        "the update sets no column: set one, or say `or_nothing`",
                    ),
                ),
            };
        }
        if let Some(version) = self.version.filter(|name| self.set.has(name)) {
            let message = "the version is raised by each update, and cannot be set by hand";
            let error = Error::new(ErrorKind::Mapping, message).in_column(version);
            return Built::fault(self.name, error);
        }
        let mut sql = Sql::new("update ");
        sql.table(self.table).push(" set ");
        sql.separated(", ", self.set.0, |sql, (name, given)| {
            sql.name(name).push(" = ");
            given.write(sql);
        });
        if let Some(version) = self.version {
            sql.push(", ").name(version).push(" = ");
            sql.name(version).push(" + 1");
        }
        filter.write_where(&mut sql);
        sql.returning(returning, self.table);
        Built::new(self.name, sql).otherwise(self.otherwise)
    }
}
