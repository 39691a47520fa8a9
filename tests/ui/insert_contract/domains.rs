//! A domain's type that can be null.

#[path = "../schema.rs"]
mod schema;

use howdah::{PgDomain, PgInsert};

#[derive(PgDomain)]
#[pg(transparent)]
struct Name(Option<String>);

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct Place {
    name: Name,
    tags: Vec<String>,
    #[pg(generated)]
    mood: String,
    #[pg(generated)]
    location: String,
}

fn main() {}
