//! Inserts, updates and deletes of many rows, with as few statements as possible.
//!
//! The values are sent as one array for each column, and the server turns them back into rows by `unnest`. So 2 rows and
//! 20,000 rows take the same statement, which is prepared once. `unnest` would also take apart the values of array columns,
//! so rows with such columns are sent as `VALUES`, as many at a time as the limit of parameters allows. Plain inserts
//! of many rows use COPY, because it is cheaper on both sides. Either everything is written or nothing, unless the
//! caller asks for batches.

mod condition;
mod conflict;
mod copied;
mod delete;
mod insert;
mod returning;
mod run;
mod source;
mod sql;
mod update;

pub use conflict::OnConflict;
pub use delete::{DeleteMany, KeyValue, delete_many};
pub use insert::{InsertMany, UpsertCounts};
pub use returning::{DeletingMany, InsertingMany, UpdatingMany};
pub use update::{UpdateMany, UpdateRow};
