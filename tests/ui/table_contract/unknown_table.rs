#[path = "../schema.rs"]
mod schema;
use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::placs)]
struct Place {
    id: i64,
    name: String,
}

fn main() {}

