//! Bulk statements: they write the same as single statements, for any number of rows.

mod conflicts;
mod counted;
mod inserts;
mod schema;
mod search_path;
mod updates;
