#[path = "../schema.rs"]
mod schema;

use howdah::{PgInsert, key};

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a> {
    name: &'a str,
    note: Option<String>,
    tags: Vec<String>,
    #[pg(rename = "mood")]
    feeling: howdah::Bridge<i32>,
    location: geo_types::Point<f64>,
}

fn incomplete() {
    let here = geo_types::Point::new(0.0, 0.0);
    let _ = NewPlace::insert().tags(&["a"]).location(here).sql();
    let _ = NewPlace::insert().note(Some("a")).finish();
}

// One column, one error, also behind `await` and `?`.
async fn awaited(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    let here = geo_types::Point::new(0.0, 0.0);
    let insert = NewPlace::insert().name("a").tags(&["a"]).location(here);
    insert.execute(pool).await?;
    Ok(())
}

fn values() {
    let _ = NewPlace::insert().name(5);
    let _ = NewPlace::insert().note("a");
    let _ = NewPlace::insert().tags(&[1, 2]);
}

fn no_row() {
    let here = geo_types::Point::new(0.0, 0.0);
    let insert = NewPlace::insert().name("a").tags(&[]).feeling(howdah::Bridge(1)).location(here);
    let _ = insert.returning();
}

fn keys(insert: howdah::Insert<'_, NewPlace<'_>>, other: howdah::Insert<'_, NewPlace<'_>>) {
    let _ = insert.on_conflict(key!(schema::places::PLACES_CHECK));
    let _ = other.on_conflict(key!(schema::log::LOG_PKEY));
}

fn main() {}
