#![deny(unused_must_use)]

#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgUpdate};

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct NewLog {
    entry: Option<i32>,
}

#[derive(PgUpdate)]
#[pg(table = schema::log)]
struct Log {
    #[pg(key)]
    entry: i32,
}

fn main() {
    NewLog::insert().entry(Some(1));
    Log::update(1);
}
