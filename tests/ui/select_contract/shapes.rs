#[path = "../schema.rs"]
mod schema;

use howdah::PgSelect;

#[derive(PgSelect)]
#[pg(table = schema::places)]
struct Label<'r> {
    name: &'r str,
}

#[derive(PgSelect)]
struct NoTable {
    name: String,
}

fn main() {}
