//! Runs typed statements over a pooled tokio-postgres connection.

mod accepts;
mod bridge;
pub mod check;
mod codec;
mod connection;
mod contract;
mod decode;
mod dynamic;
mod encode;
mod error;
mod executor;
mod field;
mod param;
mod plan;
mod pool;
mod query;
mod row;
mod rows;
mod session;
mod settings;
mod sql_type;
mod statements;
mod tls;
mod transaction;
pub mod types;

pub use accepts::Accepts;
pub use bridge::Bridge;
pub use bytes::BytesMut;
pub use check::ResultColumn;
#[cfg(feature = "json")]
pub use codec::json::Json;
#[cfg(feature = "geo")]
pub use codec::spatial::{EncodeSpatial, Srid};
pub use connection::Connection;
pub use contract::{Column, ColumnDefault, Constraint, ConstraintKind, Table};
pub use decode::{Decode, DecodeError, DecodeErrorKind};
pub use dynamic::{DynamicQuery, query};
pub use encode::{Encode, EncodeError};
pub use error::{Error, ErrorKind};
pub use executor::Executor;
pub use field::{ColumnField, Field, NestedField};
#[cfg(feature = "derive")]
pub use howdah_derive::PgRow;
pub use param::Param;
pub use pool::{Pool, PoolBuilder};
pub use postgres_types::{IsNull, Type};
pub use query::{Cardinality, Exec, Many, One, Opt, Query, Statement};
pub use row::{PgRow, Row, RowType, Value};
pub use rows::RowStream;
pub use sql_type::{SqlKind, SqlType};
pub use transaction::Transaction;

/// What generated code and derives need beyond the public API. Not for people; it may change at any
/// time.
#[doc(hidden)]
pub mod __private {
    pub use crate::codec::composite::{CompositeReader, CompositeWriter, decode_enum, encode_enum};
}
