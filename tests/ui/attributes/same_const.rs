//! Fields whose columns become consts.

#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, PgSelect};

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
#[allow(non_snake_case)]
struct Place {
    name: String,
    #[pg(rename = "note")]
    Name: Option<String>,
}

fn main() {}
