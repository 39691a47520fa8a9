#[path = "../schema.rs"]
mod schema;

use howdah::{Box2d, PgComposite, PgInsert};

#[derive(PgComposite)]
struct Stay {
    around: Option<Box2d>,
}

#[derive(PgInsert)]
#[pg(table = schema::maps)]
struct NewMap<'a> {
    id: i64,
    bounds: Option<Box2d>,
    length: f64,
    tiles: Vec<Box2d>,
    scan: &'a str,
    stay: Option<Stay>,
}

fn main() {}
