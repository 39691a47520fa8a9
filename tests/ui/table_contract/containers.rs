//! What a type holds, in words.

#[path = "../schema.rs"]
mod schema;

use howdah::{Json, Multirange, PgRow, Range, Record};

#[derive(PgRow)]
struct Seat {
    seat: i32,
}

#[derive(PgRow)]
#[pg(table = schema::bookings)]
struct Booking {
    name: Vec<String>,
    length: Range<i32>,
    seat: Option<Multirange<i64>>,
    during: Option<Record<Seat>>,
    free: Option<Json<Vec<i32>>>,
}

fn main() {}
