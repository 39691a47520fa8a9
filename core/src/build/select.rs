//! Lists of rows with a condition, an order and a limit, and pages of such lists.

use std::future::Future;

pub use super::asked::Keys;
use super::built::Built;
pub use super::built::Shape;
pub use super::by_key::{exists, find, find_many};
use super::column::Columns;
use super::filter::Filter;
use super::grouped::{GroupColumns, Grouped};
use super::order::Order;
use super::page::{PageColumns, PageOrder, PagePosition};
use super::row_lock::RowLock;
use super::sql::Sql;
use crate::{Error, Executor, Many, One, Opt, Param, RowStream, RowType, Table, Value};

/// A struct for the rows of a table. `#[derive(PgSelect)]` implements it.
pub trait SelectRow: RowType {
    /// The table.
    const TABLE: &'static Table;

    /// The columns of the struct's key. Empty if the struct has none.
    const KEY: &'static [&'static str];

    /// The name of its lists in messages, such as `Place::select`.
    const NAME: &'static str;
}

/// A list of rows, made by `select()` of a struct with `#[derive(PgSelect)]`.
#[must_use = "a list does nothing until it is fetched"]
pub struct Select<'a, R> {
    pub(super) filter: Filter<'a, R>,
    pub(super) order: Vec<Order<'a, R>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    pub(super) lock: Option<RowLock>,
}

impl<'a, R: SelectRow> Select<'a, R> {
    /// All rows.
    #[doc(hidden)]
    pub fn new() -> Self {
        Self {
            filter: Filter::every(),
            order: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
        }
    }

    /// Returns only rows for which this condition is true. Several calls are joined by `and`.
    pub fn filter(mut self, filter: Filter<'a, R>) -> Self {
        self.filter = self.filter.and(filter);
        self
    }

    /// Sorts the rows by a column, ascending, or by a column with [`asc`](crate::TypedColumn::asc) or
    /// [`desc`](crate::TypedColumn::desc). A further call sorts the rows that are equal so far.
    pub fn order_by(mut self, order: impl Into<Order<'a, R>>) -> Self {
        self.order.push(order.into());
        self
    }

    /// Returns at most this many rows.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows.into());
        self
    }

    /// Skips this many rows. To read many pages, [`page`](Self::page) is faster, and does not miss rows when others are
    /// inserted or deleted meanwhile.
    pub fn offset(mut self, rows: u32) -> Self {
        self.offset = Some(rows.into());
        self
    }

    /// Returns a page of at most this many rows, sorted by the columns of `order`. The page begins after the row with these
    /// values in the columns, or with the first row if `after` is `None`.
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{Error, PgRow, PgSelect, Pool, page_order};
    /// # #[derive(PgRow, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, note: Option<String> }
    /// # async fn example(pool: &Pool) -> Result<(), Error> {
    /// let order = page_order!(Place::NOTE.asc(), Place::ID.asc());
    /// let first = Place::select().first_page(50, order).fetch(pool).await?;
    /// if let Some(last) = first.last() {
    ///     let after = (last.note.as_deref(), last.id);
    ///     let second = Place::select().page(50, order, Some(after)).fetch(pool).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn page<O, P>(mut self, rows: u32, order: PageOrder<O>, after: Option<P>) -> Self
    where
        O: PageColumns<R>,
        P: PagePosition<'a, O>,
    {
        if let Some(after) = after {
            let values = after.values(&order.columns);
            let after = Filter::after(order.columns.columns(), values);
            self.filter = self.filter.and(after);
        }
        self.first_page(rows, order)
    }

    /// Returns the first [`page`](Self::page).
    pub fn first_page<O: PageColumns<R>>(mut self, rows: u32, order: PageOrder<O>) -> Self {
        let columns = order.columns.columns();
        let orders = columns.iter().map(|column| column.order());
        self.order.splice(0..0, orders);
        self.limit(rows)
    }

    /// Returns the rows.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn fetch<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<Vec<R::Output>, Error>> + Send + use<'_, 'a, R, E> {
        self.build().fetch(executor)
    }

    /// Returns the first row, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Those of [`fetch`](Self::fetch).
    pub fn fetch_first<E: Executor + ?Sized>(
        mut self,
        executor: &E,
    ) -> impl Future<Output = Result<Option<R::Output>, Error>> + Send + use<'_, 'a, R, E> {
        self.limit = Some(self.limit.map_or(1, |limit| limit.min(1)));
        let first = self.write::<Opt<R>>(|sql| {
            sql.columns_of(R::FIELDS, R::TABLE);
        });
        first.fetch(executor)
    }

    /// Returns the rows as a stream, without keeping them in memory.
    ///
    /// # Errors
    ///
    /// Those of [`fetch`](Self::fetch). Later errors are items of the stream.
    pub fn stream<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<RowStream<'e, R>, Error>> + Send + use<'e, 'a, R, E> {
        self.build().stream(executor)
    }

    /// Returns the number of rows. With a limit or an offset, counts only the rows that `fetch` would return.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn count<E: Executor + ?Sized>(
        mut self,
        executor: &E,
    ) -> impl Future<Output = Result<i64, Error>> + Send + use<'_, 'a, R, E> {
        self.lock = None;
        self.order.clear();
        let built = if self.limit.is_none() && self.offset.is_none() {
            self.write::<One<Value<i64>>>(|sql| {
                sql.push("count(*)");
            })
        } else {
            let rows = self.write::<One<Value<i64>>>(|sql| {
                sql.push("1");
            });
            rows.wrapped("select count(*) from (", ") as howdah_rows")
        };
        built.fetch(executor)
    }

    /// Returns whether there is a row.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn exists<E: Executor + ?Sized>(
        mut self,
        executor: &E,
    ) -> impl Future<Output = Result<bool, Error>> + Send + use<'_, 'a, R, E> {
        self.lock = None;
        self.order.clear();
        let rows = self.write::<One<Value<bool>>>(|sql| {
            sql.push("1");
        });
        rows.wrapped("select exists (", ")").fetch(executor)
    }

    /// The statement that reads the rows.
    pub fn build(self) -> Built<'a, Many<R>> {
        self.build_as::<R>()
    }

    /// The statement that reads the rows as another struct, whose fields are columns of the table. This struct is not
    /// compared with the table while compiling: a field without a column is an error when the statement runs.
    pub fn build_as<S: RowType>(self) -> Built<'a, Many<S>> {
        self.write(|sql| {
            sql.columns_of(S::FIELDS, R::TABLE);
        })
    }

    /// The statement that reads these columns of the rows: one value or a tuple for each row.
    pub fn columns<C: Columns<R>>(self, columns: C) -> Built<'a, Many<C::Row>> {
        self.write(|sql| {
            sql.columns_named(&columns.names(), R::TABLE);
        })
    }

    /// Returns the rows of many parents in one round trip. `keys` are the keys of the parents, and `columns` hold the key
    /// of a row's parent: one column, or a tuple of up to four for keys that are tuples. The result has one list for each
    /// key, in the order of the keys; a key without rows has an empty list. The limit and the offset apply to each list.
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{Error, PgRow, PgSelect, Pool};
    /// # #[derive(PgRow, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, name: String }
    /// # async fn example(pool: &Pool) -> Result<(), Error> {
    /// let names = ["Kathmandu", "Oslo"];
    /// let by_name: Vec<Vec<Place>> =
    ///     Place::select().order_by(Place::ID.desc()).limit(3).grouped_by(Place::NAME, &names).fetch(pool).await?;
    ///
    /// let keys = [("Kathmandu", 1_i64), ("Oslo", 2)];
    /// let by_both = Place::select().grouped_by((Place::NAME, Place::ID), &keys).fetch(pool).await?;
    /// # Ok(()) }
    /// ```
    pub fn grouped_by<C: GroupColumns<R, K>, K>(self, columns: C, keys: &'a [K]) -> Grouped<'a, R> {
        let values = columns.keys(keys);
        Grouped::new(self, &columns.columns(), keys.len(), values)
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> String {
        self.by_ref().build().sql().to_owned()
    }

    /// The same list with borrowed parameters, to use it more than once: for a page and the number of all rows, for example.
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # use howdah::{Error, PgRow, PgSelect, Pool};
    /// # #[derive(PgRow, PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, name: String }
    /// # async fn example(pool: &Pool) -> Result<(), Error> {
    /// let found = Place::select().filter(Place::NAME.starts_with("Kat"));
    /// let total = found.by_ref().count(pool).await?;
    /// let first = found.order_by(Place::NAME).limit(20).fetch(pool).await?;
    /// # Ok(()) }
    /// ```
    pub fn by_ref(&self) -> Select<'_, R> {
        Select {
            filter: self.filter.by_ref(),
            order: self.order.iter().map(Order::by_ref).collect(),
            ..*self
        }
    }

    fn write<C>(self, columns: impl FnOnce(&mut Sql<'a>)) -> Built<'a, C> {
        let mut sql = Sql::new("select ");
        columns(&mut sql);
        sql.push(" from ").table(R::TABLE);
        self.filter.write_where(&mut sql);
        if !self.order.is_empty() {
            sql.push(" order by ");
            let order = |sql: &mut Sql<'a>| {
                sql.separated(", ", self.order, |sql, order| order.write(sql));
            };
            match const { R::TABLE.has_carriers() } {
                // Qualified, because the bare name now means the cast value in the select list.
                true => sql.qualified(R::TABLE.name, order),
                false => order(&mut sql),
            }
        }
        write_cut(&mut sql, self.limit, self.offset);
        if let Some(lock) = self.lock {
            lock.write(&mut sql, R::TABLE);
        }
        Built::new(R::NAME, sql)
    }
}

/// Appends `limit` and `offset`.
pub(super) fn write_cut(sql: &mut Sql<'_>, limit: Option<i64>, offset: Option<i64>) {
    if let Some(limit) = limit {
        sql.push(" limit ").param(Param::new(limit));
    }
    if let Some(offset) = offset {
        sql.push(" offset ").param(Param::new(offset));
    }
}
