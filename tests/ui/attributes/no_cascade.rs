#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate, Pool};

// One mistake, one error: the uses of the struct are not reported too.
#[derive(PgRow)]
struct Place<T> {
    #[pg(nonsense)]
    id: T,
}

fn is_row<'r, R: PgRow<'r>>() {}

#[derive(PgRow, PgInsert)]
#[pg(table = schema::places)]
struct Inserted {
    #[pg(json, record)]
    name: String,
}

#[derive(PgUpdate)]
#[pg(table = schema::places)]
struct Updated {
    #[pg(key, version)]
    id: i64,
}

#[derive(PgRow, PgSelect)]
struct Listed {
    name: String,
}

async fn uses(pool: &Pool, inserted: Inserted, updated: &[Updated]) {
    inserted.insert_row().execute(pool).await.ok();
    Inserted::insert_many(&[inserted]).execute(pool).await.ok();
    updated[0].update_row().execute(pool).await.ok();
    Listed::select().limit(1).fetch(pool).await.ok();
    Updated::update_many(updated).execute(pool).await.ok();
}

fn main() {
    is_row::<Place<i64>>();
}
