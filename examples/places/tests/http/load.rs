//! Loading, and loading again.

use howdah::Pool;
use howdah_codegen::scratch::Server;
use places::{load, migrate, queries};

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

#[tokio::test]
async fn of_two_that_start_at_once_one_migrates() {
    let server = Server::shared().unwrap();
    server.require_extension("postgis").unwrap();
    for _ in 0..4 {
        let database = server.database().unwrap();
        let pool = Pool::connect(database.url()).await.unwrap();
        let run = tokio::try_join!(migrate::migrate(&pool), migrate::migrate(&pool));
        let (one, other) = run.unwrap();
        assert_eq!([one, other].concat(), ["0001_places", "0002_countries"]);
    }
}

#[tokio::test]
async fn a_schema_that_the_queries_do_not_know_is_found_at_the_start() {
    let service = Service::start().await;
    queries::verify(&service.pool).await.unwrap();
    let changed = service
        .pool
        .batch_execute("alter table places alter tags drop not null");
    changed.await.unwrap();
    let error = queries::verify(&service.pool).await.unwrap_err();
    assert!(error.to_string().contains("places.tags"), "{error}");
}
