#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate, Pool, key};

// One mistake, one error: the uses of the struct are not reported too.
#[derive(PgRow)]
struct Generic<T> {
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

#[derive(PgRow, PgInsert, PgUpdate, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key, generatd)]
    id: i64,
    name: String,
    note: Option<String>,
    #[pg(jsno)]
    tags: Tags,
}

struct Tags;

#[derive(PgRow, PgInsert, PgSelect)]
#[pg(table = schema::places)]
struct Positional(i64, String);

async fn uses(pool: &Pool, inserted: Inserted, updated: &[Updated]) {
    inserted.insert_row().execute(pool).await.ok();
    Inserted::insert_many(&[inserted]).execute(pool).await.ok();
    updated[0].update_row().execute(pool).await.ok();
    Listed::select().limit(1).fetch(pool).await.ok();
    Updated::update_many(updated).execute(pool).await.ok();
    Positional::select().fetch(pool).await.ok();
}

async fn uses_of_all(pool: &Pool, place: &Place, places: &[Place]) -> Result<(), howdah::Error> {
    let _: Option<Place> = Place::find(1).fetch(pool).await?;
    let _: Vec<Place> = Place::select()
        .filter(Place::NAME.eq("x").and(Place::NOTE.is_null()))
        .order_by(Place::TAGS.asc())
        .fetch(pool)
        .await?;
    let _: Place = Place::insert().name("a").note(None).returning().fetch(pool).await?;
    Place::insert().name("a").on_conflict(key!(schema::places::PLACES_PKEY)).do_nothing().execute(pool).await?;
    Place::update(1).name("b").note(None).returning().fetch(pool).await?;
    Place::update_where(Place::NAME.eq("b")).note(Some("c")).execute(pool).await?;
    place.update_row().execute(pool).await?;
    place.insert_row().execute(pool).await?;
    Place::insert_many(places).execute(pool).await?;
    Place::delete(1).execute(pool).await?;
    Place::delete_many(&[1]).execute(pool).await?;
    Ok(())
}

fn main() {
    is_row::<Generic<i64>>();
}
