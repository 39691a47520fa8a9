//! What was generated from tables in `public` is used with those that the search path finds, such as a tenant's or a test's.

use std::fs;
use std::path::Path;

use howdah::{Pool, TransactionOptions};
use howdah_codegen::scratch::{Database, Server};
use howdah_generated_tests::golden::{queries_places, queries_violations};
use howdah_generated_tests::violates;

/// A pool whose search path is a schema with the tables of a golden case; there are none in `public`.
async fn tenant(case: &str) -> Result<(Pool, Database), Box<dyn std::error::Error>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden");
    let tables = fs::read_to_string(golden.join(case).join("schema.sql"))?;
    let database = Server::shared()?.database()?;
    let url = format!("{}?options=-csearch_path%3Dtenant", database.url());
    let pool = Pool::connect(&url).await?;
    pool.batch_execute("create schema tenant").await?;
    pool.batch_execute(&tables).await?;
    Ok((pool, database))
}

#[tokio::test]
async fn violations_are_told() {
    use queries_violations::rooms::*;
    use queries_violations::schema;

    let (pool, _database) = tenant("queries/violations").await.unwrap();
    let owner = add_owner("a@b.c").fetch(&pool).await.unwrap();
    let taken = add_owner("a@b.c").fetch(&pool).await;
    let taken = violates!(taken, AddOwnerViolation::OwnersEmailKey);
    assert!(taken.is(&schema::owners::OWNERS_EMAIL_KEY));
    assert!(!taken.is(&schema::owners::OWNERS_PKEY));

    let room = add_room(owner, "Blue", 4, Some("quiet"));
    let room = room.fetch(&pool).await.unwrap();
    let null = rename_room("", room).fetch(&pool).await;
    let null = violates!(null, RenameRoomViolation::RoomsNameNotNull);
    assert!(null.is_null_in(&schema::rooms::NAME));
}

#[tokio::test]
async fn verify_looks_at_them() {
    let (pool, database) = tenant("queries/places").await.unwrap();
    queries_places::verify(&pool).await.unwrap();
    let elsewhere = Pool::connect(database.url()).await.unwrap();
    let missing = queries_places::verify(&elsewhere).await.unwrap_err();
    assert!(missing.to_string().contains("places"), "{missing}");

    for (change, told) in [
        ("alter type mood rename value 'happy' to 'glad'", "glad"),
        (
            "alter domain email drop constraint email_check",
            "email_check",
        ),
        (
            "alter table places alter name type varchar",
            "character varying",
        ),
    ] {
        pool.batch_execute(change).await.unwrap();
        let changed = queries_places::verify(&pool).await.unwrap_err().to_string();
        assert!(changed.contains(told), "{change}: {changed}");
    }
}

#[tokio::test]
async fn verify_finds_what_is_in_public_whatever_the_search_path() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden");
    let tables = fs::read_to_string(golden.join("queries/places/schema.sql")).unwrap();
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    pool.batch_execute(&tables).await.unwrap();
    // Types in a schema of the search path are as good as those in `public`.
    let moves = "create schema shared; alter type mood set schema shared; alter domain email set schema shared";
    for (path, change) in [("", ""), ("empty,public", ""), ("public,shared", moves)] {
        let change = format!("create schema if not exists empty; {change}");
        pool.batch_execute(&change).await.unwrap();
        let path = path.replace(',', "%2C");
        let url = format!("{}?options=-csearch_path%3D{path}", database.url());
        let pool = Pool::connect(&url).await.unwrap();
        queries_places::verify(&pool).await.unwrap();
    }
}

#[tokio::test]
async fn one_pool_serves_a_schema_for_each_tenant_if_types_are_shared() {
    use queries_places::places::{add_place, find_place};
    use queries_places::types::Mood;

    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden");
    let tables = fs::read_to_string(golden.join("queries/places/schema.sql")).unwrap();
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute(&tables).await.unwrap();
    let tenants = ["tenant_1", "tenant_2"];
    for tenant in tenants {
        let copy = format!(
            "create schema {tenant}; create table {tenant}.places (like public.places including all)"
        );
        pool.batch_execute(&copy).await.unwrap();
    }
    pool.batch_execute("drop table public.places")
        .await
        .unwrap();
    let moods = [Mood::Happy, Mood::VerySad];
    for _ in 0..2 {
        for (tenant, mood) in tenants.iter().zip(&moods) {
            let path = format!("{tenant}, public");
            let options = TransactionOptions::new().setting("search_path", path);
            let found = pool
                .transaction_with(&options, async |tx| {
                    let name = format!("{tenant} of many");
                    if find_place(1).fetch(tx).await?.is_none() {
                        add_place(&name, &["new"], *mood, None).fetch(tx).await?;
                    }
                    find_place(1).fetch(tx).await
                })
                .await
                .unwrap()
                .unwrap();
            assert_eq!(
                (found.name, &found.mood),
                (format!("{tenant} of many"), mood)
            );
        }
    }
}
