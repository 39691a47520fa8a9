#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, PgSelect, page_order};

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    id: i64,
    name: String,
    note: Option<String>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::totals)]
struct Total {
    place: Option<i64>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::totals)]
struct Keyed {
    #[pg(key)]
    place: Option<i64>,
    total: Option<i64>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::seats)]
struct Booking {
    seat: Option<i32>,
}

fn main() {
    let (none, keyed) = (None::<(&str,)>, None::<(Option<i64>,)>);
    let _ = Place::select().page(9, page_order!(Place::NAME.asc()), none);
    let _ = page_order!(Place::NAME.asc(), Place::NOTE.desc());
    let _ = page_order!(Place::ID.asc());
    let _ = Total::select().page(9, page_order!(Total::PLACE.asc()), keyed);
    let _ = Keyed::select().page(9, page_order!(Keyed::TOTAL.asc()), keyed);
    let _ = Keyed::select().page(9, page_order!(Keyed::PLACE.asc()), keyed);
    let _ = page_order!(Booking::SEAT.asc());
}
