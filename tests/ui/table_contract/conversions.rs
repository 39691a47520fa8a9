#[path = "../schema.rs"]
mod schema;

use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::places)]
struct Place {
    #[pg(try_from = i32)]
    id: u64,
    #[pg(json)]
    tags: Vec<String>,
    #[pg(try_from = String)]
    note: Box<str>,
}

fn main() {}
