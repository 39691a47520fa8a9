#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, PgSelect};

struct Unreadable;

#[derive(PgRow)]
struct Place {
    id: i64,
    what: Option<Unreadable>,
}

// The contracts of the other fields are checked all the same. A key is also sent.
#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Keyed {
    #[pg(key)]
    id: Unreadable,
    #[pg(try_from = Unreadable)]
    note: i32,
    naem: String,
}

fn main() {}
