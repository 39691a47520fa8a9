#[path = "../schema.rs"]
mod schema;

use howdah::{PgSelect, PgRow, PgUpdate};

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct ByName {
    #[pg(key)]
    name: String,
    note: Option<String>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Found {
    #[pg(key)]
    note: Option<String>,
}

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct ByText {
    #[pg(key)]
    id: String,
    #[pg(version)]
    tags: i32,
}

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct Keyless {
    note: Option<String>,
    #[pg(version)]
    id: i64,
}

fn main() {}
