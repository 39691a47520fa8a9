//! COPY: reads or writes many rows as one stream. The memory that it needs does not grow with the number of rows.
//!
//! [`copy_in`] writes into a table: either structs or tuples, which it sends in PostgreSQL's binary format, or the bytes of
//! a file. Either all rows are written or none. If a row is wrong, the error names it. If you drop the future, nothing is
//! written.
//!
//! ```no_run
//! # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
//! use howdah::copy::Csv;
//!
//! let rows = (0..1_000_000_i64).map(|n| (n, format!("place {n}")));
//! howdah::copy_in("places").columns(["id", "name"]).from_rows(rows, pool).await?;
//!
//! // A file, or any other reader.
//! let csv = "id,name\n1000001,Café\n".as_bytes();
//! howdah::copy_in("places").columns(["id", "name"]).from_reader(Csv::new().header(), csv, pool).await?;
//! # Ok(()) }
//! ```
//!
//! [`copy_out`] reads a table, and [`copy_out_query`] the result of a query. You get rows, or the bytes of a file.
//!
//! ```no_run
//! # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
//! let mut rows = howdah::copy_out("places").columns(["id", "name"]).rows::<(i64, String), _>(pool).await?;
//! while let Some(row) = rows.next().await {
//!     let (id, name) = row?;
//!     println!("{id} {name}");
//! }
//! # Ok(()) }
//! ```
//!
//! COPY cannot have parameters. For a query with parameters, use [`stream`](crate::Query::stream); for the bytes of a file,
//! have the server write the values into the SQL, as [`query`](crate::query()) shows, or read from a temporary table.

mod between;
mod bytes;
mod chunk;
mod columns;
mod decoder;
pub(crate) mod describe;
mod encoder;
mod fields;
mod format;
mod input;
mod output;
mod row;
mod rows;
pub(crate) mod sink;

pub use self::bytes::CopyBytes;
pub use format::{Csv, Format, Text};
pub use input::{CopyIn, copy_in};
pub use output::{CopyOut, copy_out, copy_out_query};
pub use row::CopyRow;
pub use rows::CopyRows;

use crate::{
    Error,
    executor::Handle,
    query::{
        self, Call,
        rows::{Work, watched},
    },
};

/// The progress of a COPY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of rows so far. `None` if bytes are copied, because howdah then does not see the rows.
    pub rows: Option<u64>,
    /// The number of bytes so far.
    pub bytes: u64,
}

/// A function that is told of the progress.
pub(crate) type ProgressFn<'p> = Box<dyn FnMut(Progress) + Send + 'p>;

/// Runs a COPY within its deadline, with its span, warnings and metrics. `text` is for messages, `rows` returns the number
/// of rows of a result.
async fn observed<T>(
    handle: Handle<'_>,
    text: &query::Text,
    copying: Work<'_, T>,
    rows: fn(&T) -> u64,
) -> Result<T, Error> {
    let call = Call {
        handle,
        text,
        params: &[],
    };
    watched(&call, "COPY", copying, rows).await
}
