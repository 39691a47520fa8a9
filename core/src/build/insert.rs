//! Inserts of one row. Columns that are not set get their defaults.

use std::{future::Future, marker::PhantomData, pin::Pin};

use super::{
    built::Built,
    column::Columns,
    conflict::{Conflict, InsertConflict, Upserted, there},
    given::{Given, GivenColumns},
    key::Key,
    mark,
    sql::{Returning, Sql},
};
use crate::{
    Cardinality, Error, Exec, Executor, Field, One, Opt, Param, PgRow, RowType, Table, WriteRow,
};

/// An insert of one row. The methods of `#[derive(PgInsert)]` make it.
///
/// `K` is [`Always`] if the insert always inserts or updates a row, and [`Maybe`] if a conflict can leave the row out.
#[must_use = "an insert does nothing until it is fetched or executed"]
pub struct Insert<'a, R, K = Always> {
    pub(super) parts: Parts<'a>,
    pub(super) types: PhantomData<fn() -> (R, K)>,
}

/// The parts of an insert that do not depend on the struct: their code is compiled once and not for each struct.
pub(super) struct Parts<'a> {
    name: &'static str,
    table: &'static Table,
    pub(super) columns: GivenColumns<'a>,
    pub(super) conflict: Option<Conflict<'a>>,
}

/// The future of a statement. Its result is the number of affected rows.
pub type Executed<'e> = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send + 'e>>;

/// The insert inserts or updates one row, or fails.
#[derive(Debug)]
pub enum Always {}

/// The insert inserts or updates one row, does nothing, or fails.
#[derive(Debug)]
pub enum Maybe {}

/// Whether an insert always has a row: [`Always`] or [`Maybe`].
pub trait InsertKind {
    /// The cardinality of the returned rows.
    type Of<R: RowType>: Cardinality;
}

impl InsertKind for Always {
    type Of<R: RowType> = One<R>;
}

impl InsertKind for Maybe {
    type Of<R: RowType> = Opt<R>;
}

impl<'a, R> Insert<'a, R> {
    /// An insert into this table. Messages use the name.
    #[doc(hidden)]
    pub fn new(name: &'static str, table: &'static Table) -> Self {
        Self {
            parts: Parts {
                name,
                table,
                columns: GivenColumns::default(),
                conflict: None,
            },
            types: PhantomData,
        }
    }

    /// An insert of all fields of a struct.
    #[doc(hidden)]
    pub fn of_row(name: &'static str, row: &'a R) -> Self
    where
        R: WriteRow + Sync,
    {
        let mut insert = Self::new(name, R::TABLE);
        insert.parts.columns.0.reserve(R::FIELDS.len());
        let carrier = R::TABLE.carriers();
        for (index, field) in R::FIELDS.iter().enumerate() {
            let value = Given::Value(Param::field(row, index), carrier(field.column));
            insert.parts.columns.0.push((field.column, value));
        }
        insert
    }

    /// Sets a column to this value.
    #[doc(hidden)]
    pub fn set(mut self, column: &'static str, value: Param<'a>) -> Self {
        let Parts { table, columns, .. } = &mut self.parts;
        columns.set(table, column, value);
        self
    }

    /// Sets the columns to their defaults, even if they were set before.
    pub fn defaults(mut self, columns: impl Columns<R>) -> Self {
        for column in columns.names() {
            self.parts.columns.give(column, Given::Default);
        }
        self
    }

    /// Chooses what happens if a row with the same key exists: see the methods of the result.
    pub fn on_conflict(self, key: Key<R>) -> InsertConflict<'a, R> {
        InsertConflict::new(self, key)
    }

    /// Skips the row if it would violate any unique or exclusion constraint.
    pub fn on_any_conflict_do_nothing(self) -> Insert<'a, R, Maybe> {
        self.with(Conflict::Skip(None))
    }

    pub(super) fn with<L>(mut self, conflict: Conflict<'a>) -> Insert<'a, R, L> {
        self.parts.conflict = Some(conflict);
        Insert {
            parts: self.parts,
            types: PhantomData,
        }
    }
}

impl<'a, R, K: InsertKind> Insert<'a, R, K> {
    /// Returns the row, with the values that it has afterwards.
    pub fn returning(self) -> Built<'a, K::Of<R>>
    where
        R: RowType + for<'r> PgRow<'r>,
    {
        self.returning_as()
    }

    /// Returns the row as another struct, whose fields are columns of the table. This struct is not compared with the table
    /// while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<S: RowType>(self) -> Built<'a, K::Of<S>> {
        self.parts.build(Returning::Fields(S::FIELDS)).yielding()
    }

    /// Returns these columns of the row: one value or a tuple.
    pub fn returning_columns<C: Columns<R>>(self, columns: C) -> Built<'a, K::Of<C::Row>> {
        let returning = Returning::Names(columns.names());
        self.parts.build(returning).yielding()
    }

    /// Returns the row, and whether it was inserted or updated.
    ///
    /// To tell the two apart, an update writes to the setting `howdah.updated`, which lasts until the end of the
    /// transaction. Unlike the usual trick with the system column `xmax`, this also works for partitioned tables and views.
    pub fn returning_outcome(self) -> Built<'a, K::Of<Upserted<R>>>
    where
        Upserted<R>: RowType,
        R: for<'r> PgRow<'r>,
    {
        let Self { parts, .. } = self;
        parts
            .build_outcome(R::FIELDS, Upserted::<R>::INSERTED)
            .yielding()
    }

    /// The SQL text. It is empty if a conflict would update a column that the insert does not set; `execute` then
    /// returns an error.
    #[must_use]
    pub fn sql(&self) -> String {
        self.parts
            .by_ref()
            .build(Returning::Nothing)
            .sql()
            .to_owned()
    }

    /// Inserts the row, and returns how many rows were inserted or updated.
    ///
    /// # Errors
    ///
    /// When the statement fails, or a conflict would update a column that is not set.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, R, K, E> {
        self.parts.build(Returning::Nothing).fetch(executor)
    }

    /// Like [`execute`](Self::execute), but the type of the future does not name the insert. A derived builder checks
    /// that it is complete; with the other future, the compiler would repeat an error about that at `await` and `?`.
    #[doc(hidden)]
    pub fn executed<'e, E: Executor + ?Sized>(self, executor: &'e E) -> Executed<'e>
    where
        'a: 'e,
    {
        Box::pin(self.parts.build(Returning::Nothing).fetch(executor))
    }
}

impl<'a> Parts<'a> {
    /// The same insert with borrowed parameters.
    fn by_ref(&self) -> Parts<'_> {
        Parts {
            columns: self.columns.by_ref(),
            conflict: self.conflict.as_ref().map(Conflict::by_ref),
            ..*self
        }
    }

    fn build(self, returning: Returning) -> Built<'a, Exec> {
        let table = self.table;
        self.finish(|sql| sql.returning(returning, table))
    }

    /// Returns the columns of these fields, and one called `is_new` that tells whether the row is new.
    fn build_outcome(mut self, fields: &'static [Field], is_new: &str) -> Built<'a, Exec> {
        let table = self.table;
        let marked = self.conflict.as_mut().is_some_and(Conflict::mark);
        self.finish(|sql| {
            sql.returning(Returning::Fields(fields), table);
            sql.push(", ").push(&match marked {
                true => mark::is_other(mark::OF_STATEMENT),
                false => "true".to_owned(),
            });
            sql.push(" as ").name(is_new);
        })
    }

    /// The statement, with what it returns.
    fn finish(self, returning: impl FnOnce(&mut Sql<'a>)) -> Built<'a, Exec> {
        let name = self.name;
        match self.write() {
            Ok(mut sql) => {
                returning(&mut sql);
                Built::new(name, sql)
            }
            Err(error) => Built::fault(name, error),
        }
    }

    fn write(self) -> Result<Sql<'a>, Error> {
        let mut sql = Sql::new("insert into ");
        sql.table(self.table);
        if there(self.table) != self.table.name {
            sql.push(" as ").name(there(self.table));
        }
        let (names, values): (Vec<_>, Vec<_>) = self.columns.0.into_iter().unzip();
        if names.is_empty() {
            sql.push(" default values");
        } else {
            sql.push(" (");
            sql.separated(", ", &names, |sql, name| {
                sql.name(name);
            });
            sql.push(") values (");
            sql.separated(", ", values, |sql, given| given.write(sql));
            sql.push(")");
        }
        if let Some(conflict) = self.conflict {
            conflict.write(&mut sql, self.table, &names)?;
        }
        Ok(sql)
    }
}
