#[path = "../schema.rs"]
mod schema;

use howdah::{Box2d, PgInsert, Pool, copy_in};

#[derive(PgInsert)]
#[pg(table = schema::maps)]
struct NewMap<'a> {
    id: i64,
    length: Option<String>,
    bounds: Box2d,
    tiles: Vec<Box2d>,
    scan: &'a [u8],
}

fn copied(
    pool: &'static Pool,
    maps: Vec<NewMap<'static>>,
) -> impl Future<Output = Result<u64, howdah::Error>> {
    copy_in(schema::maps::TABLE).from_rows(maps, pool)
}

fn main() {
    let _: fn(_, _) -> _ = copied;
}
