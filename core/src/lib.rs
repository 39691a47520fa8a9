//! Runs typed statements over a pooled tokio-postgres connection.

mod accepts;
pub mod check;
mod codec;
mod contract;
mod decode;
mod encode;
mod error;
mod field;
mod param;
mod plan;
mod query;
mod row;
mod sql_type;
pub mod types;

pub use accepts::Accepts;
pub use bytes::BytesMut;
pub use check::ResultColumn;
pub use contract::{Column, ColumnDefault, Constraint, ConstraintKind, Table};
pub use decode::{Decode, DecodeError, DecodeErrorKind};
pub use encode::{Encode, EncodeError};
pub use error::{Error, ErrorKind};
pub use field::{ColumnField, Field, NestedField};
#[cfg(feature = "derive")]
pub use howdah_derive::PgRow;
pub use param::Param;
pub use postgres_types::{IsNull, Type};
pub use query::{Cardinality, Exec, Many, One, Opt, Query, Statement};
pub use row::{PgRow, Row, RowType, Value};
pub use sql_type::{SqlKind, SqlType};
