//! What cannot count the changes of a row.

#[path = "../schema.rs"]
mod schema;

use howdah::PgUpdate;

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key)]
    id: i64,
    #[pg(version)]
    name: String,
}

fn main() {}
