//! What a bulk insert does if a row with the same key exists.

use std::{fmt, marker::PhantomData};

use postgres_protocol::escape::escape_identifier;

use super::{condition::Conditions, insert::InsertMany, sql::Shape};
use crate::{
    Always, Columns, Constraint, Error, Filter, Key, Maybe, Param, SqlFragment, TypedColumn,
    WriteRow,
    build::{
        mark,
        sql::Sql,
        updated_columns::{UpdatedColumns, conflict_target},
    },
};

/// An insert that still needs to know what to do with rows that exist already; see [`InsertMany::on_conflict`]. `K` is
/// [`Always`] if it always updates them, and [`Maybe`] if a condition can prevent it.
#[must_use = "say what to do about rows that are there already"]
pub struct OnConflict<'a, T, K = Always> {
    insert: InsertMany<'a, T>,
    columns: UpdatedColumns<'a>,
    conditions: Conditions<'a>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, T: WriteRow> OnConflict<'a, T> {
    pub(super) fn new(insert: InsertMany<'a, T>, key: Key<T>) -> Self {
        Self {
            insert,
            columns: UpdatedColumns::new(key.constraint(), T::VERSION),
            conditions: Conditions::default(),
            kind: PhantomData,
        }
    }

    /// Skips rows whose key exists already. They are neither counted nor returned.
    pub fn do_nothing(mut self) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Skip(self.columns.key);
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
            columns: self.columns,
            conditions: self.conditions,
            kind: PhantomData,
        }
    }

    /// Sets a column of rows whose key exists already to what this SQL computes, and not to the new value. In the SQL, `t`
    /// is the existing row, and `excluded` the row that could not be inserted; see [`sql()`](crate::sql).
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{PgInsert, PgRow, PgSelect, key};
    /// # #[derive(PgRow, PgInsert, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { name: String, tags: Vec<String> }
    /// # fn example(places: &[Place]) -> Result<(), howdah::Error> {
    /// // Adds tags to the places that exist, and inserts the others.
    /// let upsert = Place::insert_many(places)
    ///     .on_conflict(key!(schema::places::PLACES_NAME_KEY))
    ///     .set_to_sql(Place::TAGS, "t.tags || excluded.tags")
    ///     .do_update();
    /// # assert!(upsert.sql()?.ends_with(r#"do update set "tags" = t.tags || excluded.tags"#));
    /// # Ok(()) }
    /// # example(&[Place { name: "Oslo".into(), tags: vec!["city".into()] }]).unwrap();
    /// ```
    pub fn set_to_sql<C, V>(
        mut self,
        column: TypedColumn<T, C, V>,
        sql: impl Into<SqlFragment<'a>>,
    ) -> Self {
        self.columns.compute(column.name(), sql.into());
        self
    }

    /// Updates rows whose key exists already: all columns of the struct except the key get the new values. Each key can
    /// occur only once among the rows; otherwise the server reports an error.
    pub fn do_update(mut self) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Update(Update {
            columns: self.columns,
            conditions: self.conditions,
            marked: false,
        });
        self.insert
    }

    /// Updates these columns of rows whose key exists already, and those of [`set_to_sql`](Self::set_to_sql). A column that
    /// the struct does not write is an error when the statement runs.
    pub fn do_update_of(mut self, columns: impl Columns<T>) -> InsertMany<'a, T> {
        self.columns.only(columns.names());
        self.do_update()
    }
}

impl<T, K> fmt::Debug for OnConflict<'_, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConflict")
            .field("key", &self.columns.key.name)
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
    pub(crate) columns: UpdatedColumns<'a>,
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
        let mut sql = Sql::new(&format!(" on conflict {target} do update set "));
        self.columns.by_ref().write(&mut sql, &columns, "t");
        let mut conditions = self.conditions.write(&mut sql);
        conditions.extend(self.marked.then(|| mark::leave(&self.mark(&columns))));
        if !conditions.is_empty() {
            sql.push(" where ").push(&conditions.join(" and "));
        }
        Ok(sql.finish())
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
