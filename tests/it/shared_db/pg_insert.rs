//! `#[derive(PgInsert)]` on a real server: what is written, what the database fills in, and what happens if the row
//! exists already.

use howdah::{Accepts, BytesMut, Decode, DecodeError, Encode, EncodeError, ErrorKind, IsNull, Key};
use howdah::{PgInsert, PgRow, PgSelect, Pool, Range, Type, Upserted, Value, key, sql};
use howdah_codegen::scratch::Database;

use super::pg_schema::{self as schema, SQL};
use super::support::pool;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Sad,
    Happy,
}

const MOOD: &Accepts = &Accepts::User {
    schema: "public",
    name: "mood",
};

impl Encode for Mood {
    const ACCEPTS: &'static Accepts = MOOD;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(match self {
            Mood::Sad => b"sad",
            Mood::Happy => b"happy",
        });
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for Mood {
    const ACCEPTS: &'static Accepts = MOOD;

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Ok(if raw == b"sad" {
            Mood::Sad
        } else {
            Mood::Happy
        })
    }
}

#[derive(Clone, Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key, generated)]
    id: i64,
    name: String,
    note: Option<String>,
    tags: Vec<String>,
    mood: Mood,
    open: Option<Range<i32>>,
    #[pg(json)]
    extra: Option<Vec<u8>>,
    #[pg(try_from = i64)]
    population: u64,
    #[pg(generated)]
    loud: Option<String>,
}

const BY_NAME: Key<Place> = Key::of(&schema::places::PLACES_NAME_KEY);

async fn places() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(SQL).await.unwrap();
    (pool, database)
}

#[tokio::test]
async fn columns_that_are_not_set_get_their_defaults() {
    let (pool, _database) = places().await;
    let insert = Place::insert().name("Café \"Ö\"; drop table places");
    assert_eq!(insert.sql(), r#"insert into "places" ("name") values ($1)"#);
    let place = Place::insert()
        .name("Café")
        .returning()
        .fetch(&pool)
        .await
        .unwrap();
    let expected = Place {
        id: 1,
        name: "Café".into(),
        note: None,
        tags: vec![],
        mood: Mood::Happy,
        open: None,
        extra: None,
        population: 0,
        loud: Some("CAFÉ".into()),
    };
    assert_eq!(place, expected);
}

#[tokio::test]
async fn every_column_can_be_set_in_any_order() {
    let (pool, _database) = places().await;
    let place = Place::insert()
        .population(5)
        .extra(Some(&vec![1, 2]))
        .open(Some((9..17).into()))
        .tags(&["a", "b"])
        .note(Some("n"))
        .mood(Mood::Sad)
        .name("X")
        .returning()
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!((place.population, place.extra), (5, Some(vec![1, 2])));
    assert_eq!(place.open, Some((9..17).into()));
    assert_eq!(place.tags, ["a", "b"]);
    assert_eq!((place.note.as_deref(), place.mood), (Some("n"), Mood::Sad));
    // Lists of owned text as well, and null where it is meant.
    let tags = vec!["c".to_owned()];
    let added = Place::insert()
        .name("Y")
        .tags(&tags)
        .note(None)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(added, 1);
    assert_eq!(
        Place::insert()
            .name("Z")
            .tags(&[])
            .execute(&pool)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn the_last_value_of_a_column_counts() {
    let (pool, _database) = places().await;
    let place = Place::insert()
        .name("A")
        .note(Some("x"))
        .name("B")
        .note(None);
    let place = place.returning().fetch(&pool).await.unwrap();
    assert_eq!((place.name.as_str(), place.note), ("B", None));
}

#[tokio::test]
async fn a_value_that_does_not_convert_is_an_error_and_nothing_is_written() {
    let (pool, _database) = places().await;
    let insert = Place::insert().name("X").population(u64::MAX);
    let error = insert.execute(&pool).await.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::Encode, Some(2)));
    let count = howdah::query("select count(*) from places");
    assert_eq!(count.fetch_one::<Value<i64>>(&pool).await.unwrap(), 0);
}

fn whole(name: &str) -> Place {
    Place {
        id: 0,
        name: name.into(),
        note: Some("n".into()),
        tags: vec!["t".into()],
        mood: Mood::Sad,
        open: Some(Range::Empty),
        extra: Some(vec![3]),
        population: 7,
        loud: None,
    }
}

#[tokio::test]
async fn a_whole_struct_is_inserted_without_what_the_database_makes() {
    let (pool, _database) = places().await;
    let place = whole("Oslo");
    let added = place.insert_row().returning().fetch(&pool).await.unwrap();
    let expected = Place {
        id: 1,
        loud: Some("OSLO".into()),
        ..place
    };
    assert_eq!(added, expected);
}

#[derive(Debug, PartialEq, PgRow)]
struct Numbers {
    id: i64,
    population: i64,
}

#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a, T> {
    name: &'a str,
    note: T,
}

#[tokio::test]
async fn other_structs_and_defaults_can_be_asked_for() {
    let (pool, _database) = places().await;
    let insert = Place::insert().name("A").population(3);
    let numbers = insert.returning_as::<Numbers>().fetch(&pool).await.unwrap();
    assert_eq!(
        numbers,
        Numbers {
            id: 1,
            population: 3
        }
    );
    let new = NewPlace {
        name: "B",
        note: Some("generic"),
    };
    let place = new.insert_row().returning_as::<Place>();
    let place = place.fetch(&pool).await.unwrap();
    assert_eq!(place.note.as_deref(), Some("generic"));
}

#[tokio::test]
async fn a_conflict_can_be_passed_over() {
    let (pool, _database) = places().await;
    let insert = || {
        Place::insert()
            .name("A")
            .population(1)
            .on_conflict(BY_NAME)
            .do_nothing()
    };
    assert_eq!(
        insert().sql(),
        r#"insert into "places" ("name", "population") values ($1, $2) on conflict ("name") do nothing"#
    );
    assert!(insert().returning().fetch(&pool).await.unwrap().is_some());
    assert!(insert().returning().fetch(&pool).await.unwrap().is_none());
    assert_eq!(insert().execute(&pool).await.unwrap(), 0);
    let insert = Place::insert().name("A").finish();
    let insert = insert.on_any_conflict_do_nothing();
    assert_eq!(insert.execute(&pool).await.unwrap(), 0);
}

#[tokio::test]
async fn a_conflict_can_update_and_tells_that_it_did() {
    let (pool, _database) = places().await;
    let upsert = |population| {
        let insert = Place::insert()
            .name("A")
            .note(Some("n"))
            .population(population);
        insert
            .on_conflict(key!(schema::places::PLACES_NAME_KEY))
            .do_update()
    };
    assert_eq!(
        upsert(1).sql(),
        r#"insert into "places" ("name", "note", "population") values ($1, $2, $3) on conflict ("name") do update set "note" = excluded."note", "population" = excluded."population""#
    );
    let first = upsert(1).returning_outcome().fetch(&pool).await.unwrap();
    assert!(matches!(first, Upserted::Inserted(place) if place.population == 1));
    let second = upsert(2).returning_outcome().fetch(&pool).await.unwrap();
    assert!(!second.is_inserted());
    let second = second.into_row();
    assert_eq!((second.id, second.population), (1, 2));
}

#[tokio::test]
async fn a_conflict_cannot_update_a_column_that_the_insert_does_not_set() {
    let (pool, _database) = places().await;
    let insert = Place::insert().name("A").note(Some("kept")).population(1);
    insert.execute(&pool).await.unwrap();
    let found = || Place::insert().name("A").population(2).on_conflict(BY_NAME);
    let update = || found().do_update_of((Place::POPULATION, Place::NOTE));
    let refused = "the column cannot be updated from the row, which does not write it";
    for error in [
        update().execute(&pool).await.unwrap_err(),
        update().returning().fetch(&pool).await.unwrap_err(),
        update().returning_outcome().fetch(&pool).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Mapping);
        assert_eq!(
            error.to_string(),
            format!("query `Place::insert`, column `note`: {refused}")
        );
    }
    // So it is of many rows.
    let rows = [whole("A")];
    let many = Place::insert_many(&rows).on_conflict(BY_NAME);
    let error = many.do_update_of(Place::LOUD).execute(&pool).await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Mapping, Some("loud"))
    );
    assert!(error.to_string().ends_with(refused), "{error}");
    // A default that is asked for is set.
    let update = found().do_update_of(Place::POPULATION).returning();
    let updated = update.fetch(&pool).await.unwrap();
    assert_eq!(
        (updated.note.as_deref(), updated.population),
        (Some("kept"), 2)
    );
    let update = found().do_update_of(Place::NOTE).defaults(Place::NOTE);
    let updated = update.returning().fetch(&pool).await.unwrap();
    assert_eq!(updated.note, None);
}

#[tokio::test]
async fn a_conflict_can_add_to_what_is_there() {
    let (pool, _database) = places().await;
    let insert = || Place::insert().name("A").note(Some("n")).population(2);
    let add = || {
        let found = insert().on_conflict(BY_NAME);
        found.set_to_sql(
            Place::POPULATION,
            sql("places.population + excluded.population * ").push_bind(10_i64),
        )
    };
    assert_eq!(
        add().only_where(Place::POPULATION.lt(50)).do_update().sql(),
        r#"insert into "places" ("name", "note", "population") values ($1, $2, $3) on conflict ("name") do update set "note" = excluded."note", "population" = places.population + excluded.population * $4 where "places"."population" < $5"#
    );
    for population in [2, 22, 42, 62] {
        let added = add().only_where(Place::POPULATION.lt(50)).do_update();
        let added = added.returning().fetch(&pool).await.unwrap();
        assert_eq!(added.unwrap().population, population);
    }
    let added = add().only_where(Place::POPULATION.lt(50)).do_update();
    assert_eq!(added.execute(&pool).await.unwrap(), 0);
    // Only what is named, and a column that the insert does not write.
    let loud = || {
        insert()
            .on_conflict(BY_NAME)
            .set_to_sql(Place::TAGS, "array['a']")
    };
    assert_eq!(
        loud()
            .do_update_of(Place::TAGS)
            .sql()
            .split_once("do update")
            .unwrap()
            .1,
        r#" set "tags" = array['a']"#
    );
    let outcome = loud().do_update_of(Place::NOTE).returning_outcome();
    let outcome = outcome.fetch(&pool).await.unwrap();
    assert!(
        matches!(outcome, Upserted::Updated(place) if place.tags == ["a"] && place.population == 62)
    );
    // The key was what the row was found by.
    let key = insert().on_conflict(BY_NAME).set_to_sql(Place::NAME, "'B'");
    let error = key.do_update().execute(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `Place::insert`, column `name`: a column of the key keeps its value"
    );
}

#[tokio::test]
async fn conflicts_of_many_rows_can_add_to_what_is_there() {
    let (pool, _database) = places().await;
    let population = |name, population| Place {
        population,
        ..whole(name)
    };
    let rows = [population("A", 1), population("B", 2), population("C", 3)];
    let upsert = |rows: &'static [Place]| {
        let found = Place::insert_many(rows).on_conflict(BY_NAME);
        found
            .set_to_sql(
                Place::POPULATION,
                sql("t.population + excluded.population + ").push_bind(100_i64),
            )
            .only_where(Place::POPULATION.ne(3))
    };
    let rows: &'static [Place] = Box::leak(Box::new(rows));
    let counts = upsert(&rows[..1]).do_update_of(Place::NOTE);
    let counts = counts.execute_counted(&pool).await.unwrap();
    assert_eq!((counts.inserted, counts.updated), (1, 0));
    let counts = upsert(rows).do_update().execute_counted(&pool).await;
    let counts = counts.unwrap();
    assert_eq!((counts.inserted, counts.updated), (2, 1));
    let returned = upsert(rows).do_update_of(Place::NOTE).returning();
    let mut returned: Vec<_> = returned.fetch(&pool).await.unwrap();
    returned.sort_by_key(|place| place.id);
    let found: Vec<_> = returned.iter().map(|place| place.population).collect();
    assert_eq!(found, [102 + 101, 104]);
}

#[tokio::test]
async fn the_outcome_is_told_of_partitioned_tables_too_and_of_each_statement_for_itself() {
    let (pool, _database) = places().await;
    let upsert = |user| {
        let insert = Order::insert().select(1).size("l").user(Some(user));
        insert.on_conflict(key!(schema::order::ORDER_PKEY))
    };
    let inserted = async |tx: &howdah::Transaction, user| {
        let outcome = upsert(user).do_update().returning_outcome();
        outcome.fetch(tx).await.map(|outcome| outcome.is_inserted())
    };
    pool.transaction(async |tx| {
        assert!(inserted(tx, "a").await?);
        assert!(!inserted(tx, "b").await?);
        // What is updated in a transaction and then gone is new when it comes again.
        howdah::query(r#"delete from "Odd ""Schema"""."Order""#)
            .execute(tx)
            .await?;
        assert!(inserted(tx, "c").await?);
        assert!(!inserted(tx, "d").await?);
        let other = upsert("d").only_where(!Order::USER.eq("d")).do_update();
        assert_eq!(other.returning_outcome().fetch(tx).await?, None);
        let other = upsert("e").only_where(!Order::USER.eq("e")).do_update();
        let other = other.returning_outcome().fetch(tx).await?;
        assert!(
            matches!(other, Some(Upserted::Updated(order)) if order.user.as_deref() == Some("e"))
        );
        let passed = upsert("f").do_nothing().returning_outcome().fetch(tx);
        assert_eq!(passed.await?, None);
        let plain = Order::insert()
            .select(2)
            .finish()
            .returning_outcome()
            .fetch(tx);
        assert!(plain.await?.is_inserted());
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_update_without_other_columns_returns_the_row_all_the_same() {
    let (pool, _database) = places().await;
    let upsert = || Place::insert().name("A").on_conflict(BY_NAME).do_update();
    let first = upsert().returning().fetch(&pool).await.unwrap();
    assert_eq!(upsert().returning().fetch(&pool).await.unwrap(), first);
}

#[derive(Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::order)]
struct Order {
    #[pg(key)]
    select: i32,
    #[pg(key, rename = "Größe")]
    size: String,
    user: Option<String>,
}

#[tokio::test]
async fn odd_names_composite_keys_and_partitions_are_as_good_as_any() {
    let (pool, _database) = places().await;
    let order = || Order::insert().select(1).size("l").user(Some("me"));
    assert_eq!(
        order().sql(),
        r#"insert into "Odd ""Schema"""."Order" ("select", "Größe", "user") values ($1, $2, $3)"#
    );
    let added = order().returning().fetch(&pool).await.unwrap();
    assert_eq!((added.select, added.size.as_str()), (1, "l"));
    let again = order()
        .on_conflict(key!(schema::order::ORDER_PKEY))
        .do_update();
    assert_eq!(again.execute(&pool).await.unwrap(), 1);
    let small = Order::insert()
        .select(9)
        .returning()
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!((small.size.as_str(), small.user), ("m", None));
}

/// `name` has no default, and a trigger gives it one.
#[derive(Debug, PgRow, PgInsert)]
#[pg(table = schema::places)]
struct Named {
    #[pg(generated)]
    name: String,
    note: Option<String>,
}

#[tokio::test]
async fn what_a_trigger_fills_is_left_to_it() {
    let (pool, _database) = places().await;
    let trigger = "
        create function name_it() returns trigger language plpgsql as $$
            begin new.name := 'place ' || new.note; return new; end
        $$;
        create trigger name_it before insert on places for each row execute function name_it()";
    pool.batch_execute(trigger).await.unwrap();
    let named = Named::insert().note(Some("1")).returning();
    assert_eq!(named.fetch(&pool).await.unwrap().name, "place 1");
    let row = Named {
        name: String::new(),
        note: Some("2".into()),
    };
    Named::insert_many(&[row]).execute(&pool).await.unwrap();
    let names = howdah::query("select name from places where note = '2'");
    let name = names
        .fetch_one::<howdah::Value<String>>(&pool)
        .await
        .unwrap();
    assert_eq!(name, "place 2");
}
