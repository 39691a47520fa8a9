//! Loading, and loading again.

use places::{load, migrate};

use crate::service::Service;

#[tokio::test]
async fn all_places_are_loaded_once() {
    let service = Service::start().await;
    let count = howdah::query("select count(*) from places");
    let (places,) = count.fetch_one::<(i64,)>(&service.pool).await.unwrap();
    assert!(places > 140_000, "{places}");
    let again = load::load(&service.pool).await.unwrap();
    assert_eq!(again.added, 0);
    // GeoNames has a few of them twice.
    let twice = again.read - u64::try_from(places).unwrap();
    assert!((1..100).contains(&twice), "{twice}");
}

#[tokio::test]
async fn a_migration_runs_once() {
    let service = Service::start().await;
    let run = migrate::migrate(&service.pool).await.unwrap();
    assert!(run.is_empty(), "{run:?}");
}
