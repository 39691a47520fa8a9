#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, key};

#[derive(PgInsert)]
#[pg(table = schema::bookings)]
struct Booking {
    name: String,
}

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct Line {
    entry: i32,
}

fn main() {
    let _ = Booking::insert().name("a").on_conflict(key!(schema::bookings::BOOKINGS_NAME_KEY));
    let _ = Line::insert().entry(1).on_conflict(key!(schema::places::PLACES_PKEY));
}
