#[path = "../schema.rs"]
mod schema;
use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::places)]
struct Place {
    id: i64,
    nmae: String,
    population: Option<i64>,
}

#[derive(PgRow)]
#[pg(table = schema::log)]
struct Log<T> {
    entries: T,
}

fn main() {}

