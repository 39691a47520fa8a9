//! A crate of 100 structs for each library, all with the same fields.

mod tables;

pub use tables::{Table, sql, tables};
