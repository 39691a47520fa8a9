#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, PgSelect, page_order};

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key)]
    id: i64,
    name: String,
    note: Option<String>,
    tags: Vec<String>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::log)]
struct Log {
    entry: Option<i32>,
}

fn main() {
    let _ = Place::select().filter(Place::ID.eq("a"));
    let _ = Place::select().filter(Place::NOTE.eq(Some("a")));
    let _ = Place::select().filter(Place::ID.starts_with("a"));
    let _ = Place::select().filter(Place::TAGS.has(1));
    let _ = Place::select().filter(Log::ENTRY.eq(1));
    let _ = Place::select().page(1, page_order!(Place::NAME.asc(), Place::ID.asc()), Some(("a",)));
}
