//! Bulk statements: what they write is what single statements would, whatever the number of rows.

mod conflicts;
mod counted;
mod inserts;
mod schema;
mod search_path;
mod updates;
