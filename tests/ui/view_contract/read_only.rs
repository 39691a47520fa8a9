#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate};

#[derive(PgInsert)]
#[pg(table = schema::totals)]
struct NewTotal {
    place: i64,
    total: i64,
}

#[derive(PgUpdate)]
#[pg(table = schema::totals)]
struct Total {
    #[pg(key)]
    place: i64,
    total: i64,
}

// It can be read.
#[derive(PgRow, PgSelect)]
#[pg(table = schema::totals)]
struct Read {
    #[pg(key)]
    place: Option<i64>,
    total: Option<i64>,
}

fn main() {}
