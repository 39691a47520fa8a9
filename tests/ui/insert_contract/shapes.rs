#[path = "../schema.rs"]
mod schema;

use howdah::PgInsert;

#[derive(PgInsert)]
struct NoTable {
    name: String,
}

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct Flattened {
    #[pg(flatten)]
    rest: NoTable,
}

#[derive(PgInsert)]
struct Tuple(String);

#[derive(PgInsert)]
enum Mood {
    Happy,
}

fn main() {}
