#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow};

#[derive(Clone)]
struct Level(i32);

#[derive(PgRow)]
struct Place {
    #[pg(try_from = i32)]
    level: Level,
    #[pg(try_from = i32)]
    depth: Option<Level>,
}

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct Line {
    #[pg(try_from = i32)]
    entry: Level,
}

fn main() {}
