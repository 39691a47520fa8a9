#[path = "../schema.rs"]
mod schema;

use howdah::PgInsert;

type Maybe<T> = Option<T>;

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

#[derive(PgInsert)]
#[pg(table = schema::bookings)]
struct Booking {
    name: Maybe<String>,
    length: i32,
}

fn main() {}
