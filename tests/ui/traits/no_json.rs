#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow};

struct Plain<'a>(&'a str);

// Each error stands at its field.
#[derive(PgRow)]
struct Place<'a> {
    #[pg(json)]
    tags: Plain<'a>,
    #[pg(json)]
    more: Option<Plain<'a>>,
    #[pg(record)]
    owner: Vec<Plain<'a>>,
}

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct Document {
    #[pg(json)]
    entry: Plain<'static>,
}

#[derive(PgInsert)]
#[pg(table = schema::log)]
struct Line {
    entry: Plain<'static>,
}

fn main() {}
