#[path = "../schema.rs"]
mod schema;

use howdah::PgUpdate;

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key)]
    id: i64,
    name: String,
    note: Option<String>,
}

fn main() {
    let _ = Place::update(1).name(None);
    let _ = Place::update("1").note(Some("a"));
    let _ = Place::update(1).id(2);
}
