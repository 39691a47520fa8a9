#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate, Pool, key, page_order};

// Each mistake is said once, whatever number of derives finds it, and the uses are not reported too.
#[derive(Clone, PgRow, PgInsert, PgUpdate, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key, generated)]
    id: i64,
    naem: String,
    note: Option<String>,
    tags: String,
}

async fn uses(pool: &Pool, place: &Place, places: &[Place]) -> Result<(), howdah::Error> {
    let _: Option<Place> = Place::find(1).fetch(pool).await?;
    let _: Vec<Place> = Place::select()
        .filter(Place::NAEM.eq("x").and(Place::NOTE.is_null()))
        .order_by(Place::TAGS.asc())
        .fetch(pool)
        .await?;
    let _ = Place::select().page(3, page_order!(Place::NAEM.asc(), Place::ID.asc()), Some(("a", 1))).fetch(pool).await?;
    let _: Place = Place::insert().naem("a").tags("b").returning().fetch(pool).await?;
    Place::insert().naem("a").tags("b").on_conflict(key!(schema::places::PLACES_PKEY)).do_nothing().execute(pool).await?;
    Place::update(1).naem("b").note(None).returning().fetch(pool).await?;
    Place::update_where(Place::NAEM.eq("b")).note(None).execute(pool).await?;
    place.update_row().execute(pool).await?;
    place.insert_row().execute(pool).await?;
    Place::insert_many(places).execute(pool).await?;
    Place::update_many(places).execute(pool).await?;
    Place::delete(1).execute(pool).await?;
    Place::delete_many(&[1]).execute(pool).await?;
    Ok(())
}

fn main() {}
