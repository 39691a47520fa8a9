#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate, Pool, key, page_order};

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
    #[pg(json, try_from = i32)]
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

#[derive(PgRow, PgInsert, PgUpdate)]
#[pg(table = schema::places)]
struct Borrowed<'a, 'b> {
    #[pg(key, generatd)]
    id: i64,
    name: &'a str,
    note: Option<&'b str>,
}

#[derive(PgRow, PgInsert, PgUpdate)]
#[pg(table = schema::places)]
struct OfAny<'a, T: Clone> {
    #[pg(key, key)]
    id: i64,
    name: &'a str,
    note: T,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Listing<'a> {
    #[pg(key)]
    id: i64,
    name: &'a str,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct ListingOf<T> {
    #[pg(key)]
    id: T,
}

async fn uses_of_generic(
    pool: &Pool,
    borrowed: &[Borrowed<'_, '_>],
    of_any: &[OfAny<'_, Option<String>>],
) -> Result<(), howdah::Error> {
    Borrowed::insert().name("a").note(None).execute(pool).await?;
    Borrowed::insert_many(borrowed).on_conflict(key!(schema::places::PLACES_PKEY)).do_update().execute(pool).await?;
    Borrowed::update(1).name("b").note(None).execute(pool).await?;
    Borrowed::update_many(borrowed).execute(pool).await?;
    Borrowed::delete_many(&[1]).execute(pool).await?;
    borrowed[0].insert_row().execute(pool).await?;
    borrowed[0].update_row().execute(pool).await?;
    of_any[0].insert_row().execute(pool).await?;
    of_any[0].update_row().execute(pool).await?;
    OfAny::insert_many(of_any).execute(pool).await?;
    OfAny::update_many(of_any).execute(pool).await?;

    let listed: Vec<Listing<'_>> = Listing::select()
        .filter(Listing::NAME.eq("x").and(Listing::ID.gt(1)))
        .order_by(Listing::NAME.desc())
        .fetch(pool)
        .await?;
    let _: usize = listed[0].name.len();
    let _ = Listing::select().page(3, page_order!(Listing::ID.asc()), Some((1,))).fetch(pool).await?;
    let _: Option<Listing<'_>> = Listing::find(1).fetch(pool).await?;
    let _: Vec<Listing<'_>> = Listing::find_many(&[1]).fetch(pool).await?;
    let _: bool = Listing::exists(1).fetch(pool).await?;
    let _: Vec<ListingOf<i64>> = ListingOf::select().filter(ListingOf::ID.eq(1)).fetch(pool).await?;
    let found: Option<ListingOf<i64>> = ListingOf::find(1).fetch(pool).await?;
    drop(found.map(|found| found.id + 1));
    Ok(())
}

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
