#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgUpdate};

#[derive(PgInsert, PgUpdate)]
#[pg(table = schema::loud)]
struct Loud {
    #[pg(key)]
    id: i64,
    name: String,
}

fn main() {}
