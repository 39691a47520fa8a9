#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgUpdate};

#[derive(PgInsert)]
#[pg(table = schema::short)]
struct NewShort {
    id: Option<i64>,
}

// It can be updated.
#[derive(PgUpdate)]
#[pg(table = schema::short)]
struct Short {
    #[pg(key, generated)]
    id: i64,
}

#[derive(PgInsert)]
#[pg(table = schema::shorter)]
struct NewShorter {
    id: Option<i64>,
}

fn main() {}
