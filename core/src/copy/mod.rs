//! COPY: many rows as one stream, in and out, in constant memory.
//!
//! [`copy_in`] writes into a table: rows of structs or tuples in PostgreSQL's binary
//! format, or a file as it is. All of it gets in or nothing: an error half-way names the row and leaves
//! nothing behind, and so does a future that is dropped.
//!
//! ```no_run
//! # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
//! use howdah::copy::Csv;
//!
//! let rows = (0..1_000_000).map(|n| (n, format!("place {n}")));
//! howdah::copy_in("places").columns(["id", "name"]).from_rows(rows, pool).await?;
//!
//! // A file, or whatever else can be read.
//! let csv = "id,name\n1000001,Café\n".as_bytes();
//! howdah::copy_in("places").from_reader(Csv::new().header(), csv, pool).await?;
//! # Ok(()) }
//! ```
//!
//! [`copy_out`] and [`copy_out_query`] read a table or a query:
//! as rows, or as the bytes of a file.
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
//! COPY takes no parameters, so that a query with values of its own is one for
//! [`stream`](crate::Query::stream).

mod between;
mod bytes;
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

/// How far a COPY is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many rows were handed over, or taken, unless the bytes are passed on as they are.
    pub rows: Option<u64>,
    /// How many bytes were handed over, or taken.
    pub bytes: u64,
}

/// What is told of progress.
pub(crate) type ProgressFn<'p> = Box<dyn FnMut(Progress) + Send + 'p>;
