//! Typed SQL for PostgreSQL: howdah runs checked statements on pooled connections.
//!
//! A value that does not fit its type is an error; it is not changed to fit. There are a few exceptions, all listed in
//! [`types_guide`]: for example, timestamps are rounded to microseconds, serde_json rounds large numbers in JSON, and a
//! `Vec` does not keep the lower bounds of an array.
//!
//! # Connect
//!
//! ```no_run
//! # async fn example() -> Result<(), howdah::Error> {
//! let pool = howdah::Pool::connect("postgres://app@localhost/app").await?;
//! # Ok(()) }
//! ```
//!
//! [`Pool::builder`] has the settings, and describes what the URL can contain.
//!
//! # Query
//!
//! Most queries are in `.sql` files. `howdah generate` writes a function for each of them, which returns a [`Query`]: a
//! plain value with the SQL, the parameters and the type of the rows. You run it on an [`Executor`], such as a [`Pool`], a
//! [`Connection`] or a [`Transaction`].
//!
//! ```no_run
//! use howdah::{Error, Many, Param, Pool, Query, Value};
//!
//! /// The names of the places of a country.
//! fn place_names(country: &str) -> Query<'_, Many<Value<String>>> {
//!     let sql = "select name from places where country = $1";
//!     Query::new("places::place_names", sql, [Param::new(country)])
//! }
//!
//! # async fn example(pool: &Pool) -> Result<(), Error> {
//! let names: Vec<String> = place_names("NP").fetch(pool).await?;
//! # Ok(()) }
//! ```
//!
//! [`query()`] takes SQL that you put together at run time. The server checks it when it is prepared.
//!
//! # Transactions
//!
//! ```no_run
//! # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
//! pool.transaction(async |tx| {
//!     howdah::query("insert into log (line) values ($1)").bind("begun").execute(tx).await?;
//!     howdah::query("update jobs set state = 'begun'").execute(tx).await
//! })
//! .await?;
//! # Ok(()) }
//! ```
//!
//! # Tasks
//!
//! Queries run on a tokio runtime. On one with several threads, run them in tasks, as web frameworks do. The future
//! that `block_on` or `#[tokio::main]` runs is not a task: it has its own thread, which each answer must wake, and a
//! short query then takes about twice as long, with any client. Use `tokio::spawn(work()).await?` instead.
//!
//! # Types
//!
//! For every PostgreSQL type there is a Rust type that holds all of its values, and often a choice of other types.
//! [`types_guide`] lists them, and the values that each of them cannot hold.
//!
//! A value that its Rust type cannot hold, such as a `NaN` for a `Decimal`, is an [`Error`] that names the query, the
//! column and the type. howdah compares the types of columns and Rust types once per prepared statement.
//!
//! # If you know sqlx
//!
//! | sqlx | howdah |
//! | --- | --- |
//! | `query!`, `query_as!` | a query in an `.sql` file, and the function that is generated for it |
//! | `query`, `query_as`, `query_scalar` | [`query()`]; the type of the rows is named where they are fetched: `fetch_all::<Place>(pool)`, `fetch_one::<Value<i64>>(pool)` |
//! | `fetch_one`, `fetch_optional`, `fetch_all` | `fetch` of a generated query, which knows how many rows there are; `fetch_one`, `fetch_opt`, `fetch_all` of [`query()`] |
//! | `QueryBuilder` | [`push`](DynamicQuery::push) and [`push_bind`](DynamicQuery::push_bind) of [`query()`]; `select()` of [`PgSelect`]; `insert_many` of [`PgInsert`] instead of `push_values` |
//! | `FromRow` | [`PgRow`], with the same attributes: `#[pg(flatten)]`, `json`, `try_from`, `default`, `skip`, `rename` |
//! | `Type` | [`PgEnum`], [`PgComposite`], [`PgDomain`]; generated queries come with theirs |
//! | `PgRow`, `try_get` | [`AnyRow`], [`get`](AnyRow::get) |
//! | `&mut *tx`, `impl PgExecutor` | `&tx`, `&impl Executor` |
//! | `conn.transaction(\|tx\| …)` | [`pool.transaction(async \|tx\| …)`](Pool::transaction): an async closure |
//! | `tx.begin()` | [`savepoint`](Transaction::savepoint), or [`transaction`](Transaction::transaction) of a transaction |
//! | `PgPoolOptions`, `after_connect`, `acquire` | [`Pool::builder`], [`on_connect`](PoolBuilder::on_connect), [`get`](Pool::get) |
//! | `PgListener` | [`Listener`], [`Pool::listener`] |
//! | `Error::RowNotFound`, `code()`, `constraint()` | [`ErrorKind::NoRow`], [`sqlstate`](Error::sqlstate), [`constraint`](Error::constraint), and enums of what each query can violate |
//! | `Error::Io`, `Error::Decode` and their sources | [`kind`](Error::kind), [`downcast_ref`](Error::downcast_ref) |
//! | `raw_sql` | [`batch_execute`](Pool::batch_execute), which returns no rows |
//! | `fetch` | [`stream`](Query::stream) |
//! | `bind(1)` for a `bigint` | `bind(1_i64)`: a value is not widened on the way |
//! | `copy_in_raw`, `copy_out_raw` | [`copy_in`], [`copy_out`], [`copy_out_query`] |
//! | `PgAdvisoryLock` | [`Pool::lock`], [`AdvisoryLock`] |
//! | `cargo sqlx prepare --check` | `howdah generate --check` |
//! | `migrate!` | a tool for migrations; `howdah generate` reads their files |
//! | `#[sqlx::test]` | `howdah_codegen::scratch` |
//!
//! # If you know diesel
//!
//! | diesel | howdah |
//! | --- | --- |
//! | `schema.rs`, `table!` | the `schema` module, which `howdah generate` writes |
//! | `Queryable`, `Selectable`, `check_for_backend` | [`PgRow`] with `#[pg(table = schema::places)]` |
//! | `places.filter(…).order(…).limit(…).load(conn)` | `Place::select().filter(…).order_by(…).limit(…).fetch(pool)`, of [`PgSelect`] |
//! | `places.find(id).first(conn).optional()` | `Place::find(id).fetch(pool)` |
//! | `name.eq(…)`, `eq_any`, `ne_all`, `and`, `or`, `not` | [`Place::NAME.eq(…)`](TypedColumn::eq), [`is_in`](TypedColumn::is_in), [`is_not_in`](TypedColumn::is_not_in), [`and`](Filter::and), [`or`](Filter::or), `!` |
//! | `Insertable`, `insert_into(places).values(&rows)` | [`PgInsert`]: `insert()` with a method for each column, `insert_row`, `insert_many` |
//! | `on_conflict(…).do_update().set(…)` | `on_conflict(key!(…))`, then [`do_update`](InsertConflict::do_update) or [`do_update_of`](InsertConflict::do_update_of) |
//! | `AsChangeset`, `Identifiable`, `update(…).set(…)` | [`PgUpdate`] and `#[pg(key)]`: `update(id)` with a method for each column, `update_row`, `update_where`. A struct writes all of its fields: `None` sets null, where diesel leaves the column alone |
//! | `delete(…)` | `delete(id)`, `delete_where` of [`PgUpdate`] |
//! | `returning(…)`, `get_result` | `returning()`, `returning_columns(…)`, then `fetch` |
//! | `set(n.eq(n + 1))`, `sql::<Bool>("…")` | `set_to_sql` of an update or upsert, [`Filter::sql`], [`Order::sql`] |
//! | `for_update()`, `skip_locked()` | the same on [`Select`] |
//! | `debug_query` | `sql()` of each builder |
//! | joins, `group_by`, subqueries | a query in an `.sql` file; a view, where conditions, order and pages are put together at run time |
//! | `belonging_to`, `grouped_by` | [`Select::grouped_by`], or `array_agg` in an `.sql` file |
//! | `sql_query`, `QueryableByName` | [`query()`] |
//! | `FromSql`, `ToSql` | [`Decode`], [`Encode`]; [`PgEnum`], [`PgComposite`] and [`PgDomain`] implement them |
//! | `conn.transaction(…)` | [`pool.transaction(async \|tx\| …)`](Pool::transaction): an async closure |
//! | `r2d2`, or the pools of diesel-async | [`Pool`] |
//! | `Error::NotFound`, `DatabaseErrorKind` | [`ErrorKind::NoRow`], [`is_unique_violation`](Error::is_unique_violation) and its siblings, [`violation`](Error::violation) |
//!
//! # Features
//!
//! These features are on by default: `derive`, `tls`, `chrono`, `decimal`, `geo`, `json` and `uuid`.
//!
//! These are off by default:
//!
//! - `tracing` adds a span for each query, COPY and end of a transaction, an event for each notice of the server, and
//!   warnings about slow and repeated queries.
//! - `serde` lets serde read and write howdah's own types; see [`types_guide`](types_guide#serde).
//! - `metrics` counts and times queries, and reports the state of pools.
//! - `bigdecimal`, `bit-vec`, `cidr`, `eui48`, `geo-traits`, `geojson`, `ipnetwork`, `jiff`, `pgvector`, `time` and `wkt`
//!   add the types of these crates.

mod advisory;
mod build;
mod bulk;
pub mod check;
mod codec;
mod connect;
pub mod copy;
mod cursor;
mod error;
mod executor;
mod listen;
mod locked;
mod names;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod observe;
mod pool;
mod query;
mod random;
mod row;
mod session;
mod settings;
mod sql_type;
mod tls;
mod transaction;
pub mod types;
pub mod types_guide;
pub mod verify;
mod words;
mod write;

pub use advisory::{AdvisoryLock, LockKey};
pub use build::{
    Always, Built, ByCondition, ByKey, Columns, Delete, Executed, Filter, GroupColumns, Grouped,
    Insert, InsertConflict, InsertKind, Key, Maybe, Operand, Order, PageColumns, PageOrder,
    PagePosition, PageValue, RowsBy, Select, SelectRow, Sorted, SqlFragment, Text, Texts,
    TypedColumn, Update, Upserted, sql,
};
pub use bulk::{
    DeleteMany, DeletingMany, InsertMany, InsertingMany, KeyValue, OnConflict, UpdateMany,
    UpdateRow, UpdatingMany, UpsertCounts, delete_many,
};
pub use bytes::BytesMut;
pub use check::ResultColumn;
pub use check::contract::{Column, ColumnDefault, Constraint, ConstraintKind, Table};
pub use codec::bits::BitString;
pub use codec::bridge::Bridge;
pub use codec::calendar::{
    OtherCalendar,
    infinite::Infinite,
    own::{Date, Time, Timestamp},
};
pub use codec::carrier::Carrier;
pub use codec::cube::Cube;
pub use codec::decode::{Decode, DecodeError, DecodeErrorKind};
pub use codec::dimensions::{Array, Dimension};
pub use codec::encode::{Encode, EncodeError};
pub use codec::ewkb::{
    Ewkb,
    boxes::{Box2d, Box3d},
};
pub use codec::expressions::{JsonPath, LQuery, LTree, LTxtQuery};
pub use codec::geometric;
pub use codec::hstore::Hstore;
pub use codec::interval::{InexactInterval, Interval};
#[cfg(feature = "json")]
pub use codec::json::Json;
#[cfg(feature = "json")]
pub use codec::lazy_json::LazyJson;
pub use codec::network::{Inet, MacAddr, MacAddr8};
#[cfg(feature = "bigdecimal")]
pub use codec::numeric::NotADecimal;
pub use codec::numeric::{NotAnInteger, Numeric};
pub use codec::opaque::Opaque;
pub use codec::parse_error::ParseError;
pub use codec::range::{Multirange, OtherBounds, Range};
pub use codec::record::Record;
pub use codec::srid::{EncodeSpatial, Srid};
pub use codec::system::{Money, PgLsn, PgSnapshot, Tid, Xid8};
pub use codec::text_search::{Lexeme, Position, TsQuery, TsQueryItem, TsVector, Weight};
pub use codec::timetz::TimeTz;
pub use copy::{copy_in, copy_out, copy_out_query};
pub use cursor::{Cursor, CursorBuilder};
pub use error::notice::Notice;
pub use error::violation::{Violated, Violation};
pub use error::{Error, ErrorKind};
pub use executor::Executor;
pub use executor::deadline::Within;
#[cfg(feature = "derive")]
pub use howdah_derive::{PgComposite, PgDomain, PgEnum, PgInsert, PgRow, PgSelect, PgUpdate};
#[cfg(feature = "json")]
pub use listen::notify_json;
pub use listen::{Event, GapCause, Listener, ListenerBuilder, Notification, notify};
pub use names::TableName;
pub use pool::connection::Connection;
pub use pool::{Multiplexed, Pool, PoolBuilder, PoolStatus, Replica, StandbyStatus};
pub use postgres_types::{IsNull, Type};
pub use query::batch::{Batch, BatchQueries, BatchQuery, TypedQuery, batch};
pub use query::dynamic::{DynamicQuery, query};
pub use query::param::Param;
pub use query::rows::RowStream;
pub use query::{Cardinality, Exec, Fetch, Many, One, Opt, Query};
pub use row::any_row::{AnyRow, ColumnPlace};
pub use row::field::{ColumnField, Field, NestedField};
pub use row::row_set::RowSet;
pub use row::row_type::{FromColumns, RowType, Value};
pub use row::{PgRow, Row};
pub use settings::Login;
pub use sql_type::accepts::Accepts;
pub use sql_type::{SqlKind, SqlType};
pub use transaction::{Isolation, Transaction, TransactionOptions};
pub use write::{WriteField, WriteRow};

/// For generated code and derives only. It may change at any time.
#[doc(hidden)]
pub mod __private {
    pub use crate::build::{key::KeyOf, page::PageColumn, select, state, unknown};
    pub use crate::codec::calendar::infinite::Endless;
    pub use crate::codec::composite::{CompositeReader, CompositeWriter, decode_enum, encode_enum};
    pub use crate::query::parts::{InParts, Parts, Values, in_parts, joined};
    pub use crate::settings::Connector;
    #[cfg(feature = "json")]
    pub use crate::write::sent::JsonField;
    pub use crate::write::sent::{SentAs, SentFor};
}
