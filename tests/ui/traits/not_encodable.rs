#[path = "../schema.rs"]
mod schema;

use howdah::{PgComposite, PgDomain, PgInsert, PgUpdate};

#[derive(Clone)]
struct Thing;
#[derive(Clone)]
struct Lent<'a>(&'a str);

// However often the derives send a field, its type is complained of once.
#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a> {
    name: Lent<'a>,
    note: Option<Thing>,
    tags: Vec<Thing>,
    #[pg(json)]
    mood: Thing,
    #[pg(try_from = i32)]
    location: Thing,
}

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct Optional {
    #[pg(json)]
    entry: Option<Thing>,
}

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key)]
    id: Thing,
    name: Thing,
    note: Option<Vec<Thing>>,
}

#[derive(PgUpdate)]
#[pg(table = schema::log)]
struct Line {
    #[pg(key)]
    #[pg(try_from = Thing)]
    entry: i32,
}

// These are sent and read.
#[derive(PgComposite)]
struct Address {
    street: Thing,
}

#[derive(PgDomain)]
struct Mood(Thing);

fn main() {}
