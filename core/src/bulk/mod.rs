//! Many rows at once: inserted, updated or deleted by as few statements as can be, whatever their number.
//!
//! A row's values are gathered column by column into one array each, which the server takes apart again
//! (`unnest`): one statement, prepared once, for 2 rows or for 20,000. Rows with array columns, which
//! `unnest` would take apart as well, go as `VALUES`, as many at a time as there may be parameters. Where
//! many rows are only inserted, COPY takes less work on both sides. All of it happens or nothing, unless
//! batches are asked for.

mod conflict;
mod copied;
mod delete;
mod insert;
mod run;
mod source;
mod sql;
mod update;

pub use delete::{DeleteMany, KeyValue, delete_many};
pub use insert::{InsertMany, OnConflict, ReturningMany, UpsertCounts};
pub use update::{UpdateMany, UpdateRow, UpdatingMany};
