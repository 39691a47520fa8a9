//! A crate of 100 structs for each library, all with the same fields, and what compiling it takes.

mod crates;
mod tables;

pub use crates::{Crate, Step};
pub use tables::{Table, sql, tables};
