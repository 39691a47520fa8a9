#[path = "../schema.rs"]
mod schema;
use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::places)]
struct Place {
    id: i32,
    name: Vec<u8>,
    note: Option<i16>,
    tags: String,
    mood: String,
    location: Option<String>,
}

fn main() {}

