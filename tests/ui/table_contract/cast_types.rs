#[path = "../schema.rs"]
mod schema;

use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::maps)]
struct Map {
    bounds: String,
    length: String,
    tiles: Vec<String>,
    scan: String,
    stay: Option<String>,
}

fn main() {}
