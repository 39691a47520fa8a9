//! What the derives that write cannot do with a field that is read so.

#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgUpdate};

#[derive(PgRow)]
struct Visit {
    day: i32,
}

#[derive(PgRow, PgInsert, PgUpdate)]
#[pg(table = schema::log)]
struct Place {
    #[pg(key, version)]
    id: i64,
    #[pg(version, generated)]
    changes: i32,
    #[pg(record)]
    visits: Vec<Visit>,
    #[pg(record, generated)]
    last: Option<Visit>,
}

#[derive(PgInsert)]
#[pg(table = schema::log, transparent)]
struct Entry {
    entry: i32,
}

fn main() {}
