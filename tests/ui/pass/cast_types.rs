//! What is derived for columns of types without a binary form, and what else can be copied into their tables.

#[path = "../schema.rs"]
mod schema;

use howdah::{Box2d, Executor, PgInsert, PgRow, PgSelect, PgUpdate, Pool, copy_in};

#[derive(PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::maps)]
struct Map {
    #[pg(key)]
    id: i64,
    bounds: Box2d,
    length: Option<String>,
    tiles: Vec<Option<Box2d>>,
    scan: Vec<u8>,
}

fn copied(pool: &'static Pool, ids: Vec<(i64,)>) -> impl Future<Output = Result<u64, howdah::Error>> {
    copy_in(schema::maps::TABLE).columns(["id"]).from_rows(ids, pool)
}

fn inserted<E: Executor>(executor: &E, maps: &[Map]) -> impl Future<Output = Result<u64, howdah::Error>> {
    Map::insert_many(maps).execute(executor)
}

fn main() {
    let _: fn(_, _) -> _ = copied;
    let _ = inserted::<Pool>;
    let update = Map::update(1).length(Some("1 .. 2"));
    assert_eq!(
        update.sql(),
        r#"update "maps" set "length" = ($1::text::"public"."seg") where "id" = $2"#
    );
}
