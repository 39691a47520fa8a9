#[path = "../schema.rs"]
mod schema;
use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::places)]
struct Place<'r> {
    id: i64,
    #[pg(rename = "note")]
    remark: &'r str,
}

#[derive(PgRow)]
#[pg(table = schema::log)]
struct Log {
    entry: i32,
}

fn main() {}

