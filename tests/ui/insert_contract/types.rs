#[path = "../schema.rs"]
mod schema;

use howdah::PgInsert;

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a> {
    name: Option<&'a str>,
    note: i32,
    #[pg(json)]
    tags: Vec<String>,
    #[pg(try_from = i32)]
    mood: u64,
    locatoin: geo_types::Point<f64>,
    location: geo_types::Polygon<f64>,
}

fn main() {}
