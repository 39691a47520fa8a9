#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, PgSelect, page_order};

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    id: i64,
    name: String,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Other {
    name: String,
}

fn main() {
    let _ = Place::select().page(9, (Place::ID.asc(),), Some((1,)));
    let _ = page_order!(Place::ID);
    let _ = Place::select().page(9, page_order!(Other::NAME.asc()), None);
}
