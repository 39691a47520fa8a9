//! What a bulk insert does if a row with the same key exists.

use std::{fmt, marker::PhantomData};

use postgres_protocol::escape::escape_identifier;

use super::{condition::Conditions, insert::InsertMany, sql::Shape};
use crate::{
    Always, Columns, Constraint, Error, Filter, Key, Maybe, Param, WriteRow,
    build::{
        mark,
        updated_columns::{UpdatedColumns, conflict_target},
    },
};

/// An insert that still needs to know what to do with rows that exist already; see [`InsertMany::on_conflict`]. `K` is
/// [`Always`] if it always updates them, and [`Maybe`] if a condition can prevent it.
#[must_use = "say what to do about rows that are there already"]
pub struct OnConflict<'a, T, K = Always> {
    insert: InsertMany<'a, T>,
    key: Key<T>,
    conditions: Conditions<'a>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, T> OnConflict<'a, T> {
    pub(super) fn new(insert: InsertMany<'a, T>, key: Key<T>) -> Self {
        Self {
            insert,
            key,
            conditions: Conditions::default(),
            kind: PhantomData,
        }
    }

    /// Skips rows whose key exists already. They are neither counted nor returned.
    pub fn do_nothing(mut self) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Skip(self.key.constraint());
        self.insert
    }
}

impl<'a, T: WriteRow + Sync, K> OnConflict<'a, T, K> {
    /// Updates rows whose key exists already only if this condition is true for them. Other rows are neither counted nor
    /// returned.
    pub fn only_where(mut self, filter: Filter<'a, T>) -> OnConflict<'a, T, Maybe> {
        self.conditions.and(filter);
        self.with_conditions()
    }

    /// Like [`only_where`](Self::only_where), with a condition in SQL. In the condition, `t` is the existing row, and
    /// `excluded` the row that could not be inserted: `t.changed_at < excluded.changed_at`.
    pub fn only_where_sql(mut self, condition: &'static str) -> OnConflict<'a, T, Maybe> {
        self.conditions.and_sql(condition);
        self.with_conditions()
    }

    fn with_conditions(self) -> OnConflict<'a, T, Maybe> {
        OnConflict {
            insert: self.insert,
            key: self.key,
            conditions: self.conditions,
            kind: PhantomData,
        }
    }

    /// Updates rows whose key exists already: all columns of the struct except the key get the new values. Each key can
    /// occur only once among the rows; otherwise the server reports an error.
    pub fn do_update(self) -> InsertMany<'a, T> {
        self.update(None)
    }

    /// Updates these columns of rows whose key exists already. A column that the struct does not write is an error when the
    /// statement runs.
    pub fn do_update_of(self, columns: impl Columns<T>) -> InsertMany<'a, T> {
        self.update(Some(columns.names()))
    }

    fn update(mut self, columns: Option<Vec<&'static str>>) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Update(Update {
            columns: UpdatedColumns {
                key: self.key.constraint(),
                given: columns,
                version: T::VERSION,
            },
            conditions: self.conditions,
            marked: false,
        });
        self.insert
    }
}

impl<T, K> fmt::Debug for OnConflict<'_, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConflict")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// What to do about rows that exist already.
#[derive(Default)]
pub(crate) enum Conflict<'a> {
    /// Fail.
    #[default]
    Fail,
    /// Skip rows that violate any unique or exclusion constraint.
    SkipAny,
    /// Skip rows whose key exists.
    Skip(&'static Constraint),
    /// Update the existing row.
    Update(Update<'a>),
}

/// An update of existing rows.
pub(crate) struct Update<'a> {
    /// The columns that get the values of the insert.
    pub(crate) columns: UpdatedColumns,
    pub(crate) conditions: Conditions<'a>,
    /// Whether each update leaves a mark.
    pub(crate) marked: bool,
}

impl Conflict<'_> {
    /// Makes each update leave a mark, and returns the condition that a row is new.
    pub(crate) fn mark(&mut self) -> String {
        let Self::Update(update) = self else {
            return "true".to_owned();
        };
        update.marked = true;
        let key = update.columns.key.columns.iter();
        let key: Vec<_> = key
            .map(|column| format!("t.{}", escape_identifier(column)))
            .collect();
        mark::is_other(&mark::of_row(&key))
    }

    /// ` on conflict … do …`, and its parameters, which are the first ones of the statement.
    pub(crate) fn sql(&self, shape: &Shape) -> Result<(String, Vec<Param<'_>>), Error> {
        let sql = match self {
            Self::Fail => String::new(),
            Self::SkipAny => " on conflict do nothing".to_owned(),
            Self::Skip(key) => format!(" on conflict {} do nothing", conflict_target(key)),
            Self::Update(update) => return update.sql(shape),
        };
        Ok((sql, Vec::new()))
    }
}

impl Update<'_> {
    fn sql(&self, shape: &Shape) -> Result<(String, Vec<Param<'_>>), Error> {
        let target = conflict_target(self.columns.key);
        let written: Vec<_> = shape.columns().collect();
        let columns = self.columns.of(&written)?;
        let set = self.columns.assignments(&columns, "t");
        let (mut conditions, params) = self.conditions.write();
        conditions.extend(self.marked.then(|| mark::leave(&self.mark(&columns))));
        let conditions = match &conditions[..] {
            [] => String::new(),
            conditions => format!(" where {}", conditions.join(" and ")),
        };
        let sql = format!(" on conflict {target} do update set {set}{conditions}");
        Ok((sql, params))
    }

    /// The mark of the row as it will be. Not as it is: equal keys can have different texts, such as 1.0 and 1.00.
    fn mark(&self, columns: &[&str]) -> String {
        let value = |column: &&str| match columns.contains(column) {
            true => format!("excluded.{}", escape_identifier(column)),
            false => format!("t.{}", escape_identifier(column)),
        };
        let key: Vec<_> = self.columns.key.columns.iter().map(value).collect();
        mark::of_row(&key)
    }
}
