#[path = "../schema.rs"]
mod schema;

use howdah::PgInsert;

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct Place {
    id: i64,
    name: String,
    tags: Vec<String>,
    #[pg(rename = "mood")]
    feeling: howdah::Bridge<i32>,
    location: geo_types::Point<f64>,
}

fn main() {}
