#[path = "../schema.rs"]
mod schema;

use howdah::PgInsert;

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a> {
    note: Option<&'a str>,
    tags: Vec<String>,
    location: geo_types::Point<f64>,
}

#[derive(PgInsert)]
#[pg(table = schema::bookings)]
struct Booking {
    seat: Option<i32>,
}

fn main() {}
