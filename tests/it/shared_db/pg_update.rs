//! `#[derive(PgUpdate)]` on a real server: what is written and what is not, versions, deletions.

use howdah::{
    AnyRow, ErrorKind, PgInsert, PgRow, PgSelect, PgUpdate, Pool, Value, key, page_order, sql,
};
use howdah_codegen::scratch::Database;

use super::pg_schema::{self as schema, SQL};
use super::support::pool;

#[derive(Clone, Debug, PartialEq, PgRow, PgInsert, PgUpdate, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key, generated)]
    id: i64,
    name: String,
    note: Option<String>,
    tags: Vec<String>,
    #[pg(try_from = i64)]
    population: u64,
    #[pg(generated)]
    loud: Option<String>,
}

/// Places "A" to "C", with ids 1 to 3.
async fn places() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(SQL).await.unwrap();
    for name in ["A", "B", "C"] {
        let insert = Place::insert().name(name).note(Some("n")).population(1);
        insert.execute(&pool).await.unwrap();
    }
    (pool, database)
}

#[tokio::test]
async fn only_what_is_set_is_written() {
    let (pool, _database) = places().await;
    let before = Place::find(2).fetch(&pool).await.unwrap().unwrap();
    let update = || Place::update(2).name("Z").tags(&["t"]);
    assert_eq!(
        update().sql(),
        r#"update "places" set "name" = $1, "tags" = $2 where "id" = $3"#
    );
    let after = update().returning().fetch(&pool).await.unwrap().unwrap();
    let expected = Place {
        name: "Z".into(),
        tags: vec!["t".into()],
        loud: Some("Z".into()),
        ..before
    };
    assert_eq!(after, expected);
    assert_eq!(Place::find(2).fetch(&pool).await.unwrap(), Some(expected));
    let others = Place::select().filter(Place::NAME.is_in(&["A", "C"]));
    assert_eq!(others.count(&pool).await.unwrap(), 2);
}

#[tokio::test]
async fn to_leave_to_set_and_to_set_null_are_three_things() {
    let (pool, _database) = places().await;
    let note = async || Place::find(1).fetch(&pool).await.unwrap().unwrap().note;
    Place::update(1).name("X").execute(&pool).await.unwrap();
    assert_eq!(note().await.as_deref(), Some("n"));
    Place::update(1)
        .note(Some("m"))
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(note().await.as_deref(), Some("m"));
    Place::update(1).note(None).execute(&pool).await.unwrap();
    assert_eq!(note().await, None);
    let update = Place::update(1).defaults((Place::POPULATION, Place::TAGS));
    let place = update.returning().fetch(&pool).await.unwrap().unwrap();
    assert_eq!((place.population, place.tags.len()), (0, 0));
}

#[tokio::test]
async fn columns_are_set_to_what_sql_computes() {
    let (pool, _database) = places().await;
    let update = Place::update(1)
        .name("first")
        .set_to_sql(Place::POPULATION, sql("population + ").push_bind(41_i64))
        .set_to_sql(Place::NAME, "name || '!'");
    assert_eq!(
        update.sql(),
        r#"update "places" set "name" = name || '!', "population" = population + $1 where "id" = $2"#
    );
    let place = update.returning().fetch(&pool).await.unwrap().unwrap();
    assert_eq!((place.name.as_str(), place.population), ("A!", 42));
}

#[tokio::test]
async fn an_update_without_columns_is_an_error_or_nothing_by_choice() {
    let (pool, _database) = places().await;
    let error = Place::update(1).execute(&pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NothingToDo);
    assert_eq!(
        error.to_string(),
        "query `Place::update`: the update sets no column: set one, or say `or_nothing`"
    );
    assert_eq!(
        Place::update(1).or_nothing().execute(&pool).await.unwrap(),
        0
    );
    let update = Place::update(1).or_nothing().returning();
    assert_eq!(update.fetch(&pool).await.unwrap(), None);
    let all = Place::update_where(Place::ID.gt(0))
        .or_nothing()
        .returning();
    assert_eq!(all.fetch(&pool).await.unwrap(), []);
}

#[tokio::test]
async fn rows_are_updated_by_a_condition() {
    let (pool, _database) = places().await;
    let update = Place::update_where(Place::ID.ge(2)).population(9);
    let update = update.only_where(Place::NAME.ne("C"));
    let names = update.returning_columns((Place::ID, Place::NAME));
    assert_eq!(names.fetch(&pool).await.unwrap(), [(2, "B".to_owned())]);
    assert_eq!(Place::update(77).name("X").execute(&pool).await.unwrap(), 0);
    let missing = Place::update(77).name("X").returning();
    assert_eq!(missing.fetch(&pool).await.unwrap(), None);
}

#[tokio::test]
async fn a_whole_struct_updates_the_row_with_its_key() {
    let (pool, _database) = places().await;
    let mut place = Place::find(3).fetch(&pool).await.unwrap().unwrap();
    place.name = "Q".into();
    place.note = None;
    let after = place.update_row().returning().fetch(&pool).await.unwrap();
    let expected = Place {
        loud: Some("Q".into()),
        ..place
    };
    assert_eq!(after, Some(expected));
}

#[tokio::test]
async fn rows_are_deleted_by_key_and_by_condition() {
    let (pool, _database) = places().await;
    let deleted = Place::delete(1).returning().fetch(&pool).await.unwrap();
    assert_eq!(deleted.unwrap().name, "A");
    assert_eq!(Place::delete(1).execute(&pool).await.unwrap(), 0);
    let delete = Place::delete_where(Place::NAME.starts_with("B"));
    assert_eq!(
        Place::delete_where(Place::ID.eq(1)).sql(),
        r#"delete from "places" where "id" = $1"#
    );
    assert_eq!(delete.execute(&pool).await.unwrap(), 1);
    assert_eq!(Place::select().count(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn a_row_type_that_names_no_columns_is_given_all() {
    let (pool, _database) = places().await;
    let all: Vec<_> = schema::places::TABLE
        .columns
        .iter()
        .map(|c| c.name)
        .collect();
    let names = |row: &AnyRow| {
        row.columns()
            .map(|(name, _)| name.to_owned())
            .collect::<Vec<_>>()
    };

    let updated = Place::update(1).name("D").returning_as::<AnyRow>();
    let updated = updated.fetch(&pool).await.unwrap().unwrap();
    assert_eq!(names(&updated), all);
    assert_eq!(updated.get::<&str>("name").unwrap(), "D");
    let selected = Place::select().build_as::<AnyRow>().fetch(&pool).await;
    assert_eq!(names(&selected.unwrap()[0]), all);
    let deleted = Place::delete_many(&[1, 2]).returning_as::<AnyRow>();
    let deleted = deleted.fetch(&pool).await.unwrap();
    assert_eq!(
        (deleted.len(), names(&deleted[0])),
        (2, all.iter().map(|&n| n.to_owned()).collect())
    );
}

/// A row that is read by position does not say what to ask for.
#[tokio::test]
async fn rows_without_names_are_refused_before_anything_is_written() {
    let (pool, _database) = places().await;
    let selected = Place::select().build_as::<Value<i64>>().fetch(&pool).await;
    let inserted = Place::insert().name("Z").returning_as::<(i64,)>();
    let updated = Place::update(1).name("Z").returning_as::<(i64,)>();
    let deleted = Place::delete(1).returning_as::<(i64,)>();
    let all_deleted = Place::delete_many(&[1]).returning_as::<(i64,)>();
    for refused in [
        selected.map(drop),
        inserted.fetch(&pool).await.map(drop),
        updated.fetch(&pool).await.map(drop),
        deleted.fetch(&pool).await.map(drop),
        all_deleted.fetch(&pool).await.map(drop),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mapping, "{error}");
        assert!(error.query().is_some(), "{error}");
        let why = "rows that are read by position do not say which columns they want";
        assert!(error.to_string().ends_with(why), "{error}");
    }
    assert_eq!(Place::select().count(&pool).await.unwrap(), 3);
}

/// In which the type stands in a group of its own, that cannot be seen.
macro_rules! place_with {
    ($name:ty, $note:ty) => {
        #[derive(PgInsert, PgUpdate)]
        #[pg(table = schema::places)]
        struct Written {
            #[pg(key, generated)]
            id: i64,
            name: $name,
            note: $note,
        }
    };
}

place_with!(String, Option<String>);

#[tokio::test]
async fn a_type_that_a_macro_was_given_is_borrowed_as_well() {
    let (pool, _database) = places().await;
    let insert = Written::insert().name("D").note(Some("d"));
    let id = insert
        .returning_as::<Place>()
        .fetch(&pool)
        .await
        .unwrap()
        .id;
    let update = Written::update(id).note(None);
    assert_eq!(update.execute(&pool).await.unwrap(), 1);
    let written = Written {
        id,
        name: "E".into(),
        note: None,
    };
    written.update_row().execute(&pool).await.unwrap();
    let found = Place::find(id).fetch(&pool).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.note), ("E", None));
}

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::places)]
struct Versioned {
    #[pg(key, generated)]
    id: i64,
    name: String,
    #[pg(version)]
    version: i32,
}

#[tokio::test]
async fn who_comes_second_with_the_same_version_is_told() {
    let (pool, _database) = places().await;
    let first = Versioned::update(1, 1).name("first").returning();
    let first = first.fetch(&pool).await.unwrap().unwrap();
    assert_eq!((first.name.as_str(), first.version), ("first", 2));
    for error in [
        Versioned::update(1, 1)
            .name("second")
            .execute(&pool)
            .await
            .unwrap_err(),
        Versioned::update(1, 1)
            .name("second")
            .returning()
            .fetch(&pool)
            .await
            .unwrap_err(),
        Versioned::delete(1, 1).execute(&pool).await.unwrap_err(),
        Versioned {
            version: 1,
            ..first.clone()
        }
        .update_row()
        .execute(&pool)
        .await
        .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Stale, "{error}");
    }
    let again = first.update_row().returning().fetch(&pool).await.unwrap();
    assert_eq!(
        again,
        Some(Versioned {
            version: 3,
            ..first
        })
    );
    assert_eq!(Versioned::delete(1, 3).execute(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn a_condition_beside_the_version_is_answered_and_not_taken_for_another_version() {
    let (pool, _database) = places().await;
    let row = Versioned::update(1, 1).name("X").returning();
    let row = row.fetch(&pool).await.unwrap().unwrap();
    for version in [2, 1] {
        let update = || {
            Versioned::update(1, version)
                .name("Y")
                .only_where(Versioned::NAME.eq("zzz"))
        };
        assert_eq!(update().execute(&pool).await.unwrap(), 0);
        assert_eq!(update().returning().fetch(&pool).await.unwrap(), None);
        let delete = || Versioned::delete(1, version).only_where(Versioned::NAME.eq("zzz"));
        assert_eq!(delete().execute(&pool).await.unwrap(), 0);
        assert_eq!(delete().returning().fetch(&pool).await.unwrap(), None);
    }
    let whole = row.update_row().only_where(Versioned::NAME.eq("zzz"));
    assert_eq!(whole.execute(&pool).await.unwrap(), 0);
    let update = Versioned::update(1, 2)
        .name("Z")
        .only_where(Versioned::NAME.eq("X"));
    assert_eq!(update.execute(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn the_version_is_raised_once_by_whatever_names_it() {
    let (pool, _database) = places().await;
    let row = Versioned::update(1, 1).name("X").returning();
    let row = row.fetch(&pool).await.unwrap().unwrap();
    let rows = [Versioned {
        name: "Y".into(),
        ..row
    }];
    let raised = Versioned::update_many(&rows)
        .only(Versioned::VERSION)
        .returning();
    let raised = raised.fetch(&pool).await.unwrap().remove(0);
    assert_eq!((raised.name.as_str(), raised.version), ("X", 3));
    let rows = [Versioned {
        name: "Y".into(),
        ..raised
    }];
    let both = Versioned::update_many(&rows).only((Versioned::VERSION, Versioned::NAME));
    let both = both.returning().fetch(&pool).await.unwrap().remove(0);
    assert_eq!((both.name.as_str(), both.version), ("Y", 4));
    let to_default = Versioned::update(1, 4)
        .name("Z")
        .defaults(Versioned::VERSION);
    let error = to_default.execute(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `Versioned::update`, column `version`: the version is raised by each update, and cannot be set by hand"
    );
}

#[tokio::test]
async fn an_insert_that_updates_raises_the_version() {
    let (pool, _database) = places().await;
    let by_name = key!(schema::places::PLACES_NAME_KEY);
    let upsert = || Versioned::insert().name("A").on_conflict(by_name);
    assert_eq!(
        upsert().do_update().sql(),
        r#"insert into "places" ("name") values ($1) on conflict ("name") do update set "version" = "places"."version" + 1"#
    );
    let updated = upsert().do_update().returning().fetch(&pool).await.unwrap();
    assert_eq!(updated.version, 2);
    let of = upsert().do_update_of(Versioned::NAME);
    assert_eq!(of.returning().fetch(&pool).await.unwrap().version, 3);
    // What the row says of its version is not written.
    let stale = Versioned {
        version: 1,
        ..updated
    };
    let whole = stale.insert_row().on_conflict(by_name).do_update();
    assert_eq!(whole.returning().fetch(&pool).await.unwrap().version, 4);
    let many = Versioned::insert_many(std::slice::from_ref(&stale))
        .on_conflict(by_name)
        .do_update();
    assert_eq!(many.returning().fetch(&pool).await.unwrap()[0].version, 5);
    let new = Versioned {
        name: "new".into(),
        version: 7,
        ..stale
    };
    let new = new
        .insert_row()
        .on_conflict(by_name)
        .do_update()
        .returning();
    assert_eq!(new.fetch(&pool).await.unwrap().version, 7);
}

#[derive(Clone, Debug, PartialEq, PgRow, PgUpdate, PgInsert)]
#[pg(table = schema::order)]
struct Order {
    #[pg(key)]
    select: i32,
    #[pg(key, rename = "Größe")]
    size: String,
    user: Option<String>,
}

#[tokio::test]
async fn composite_keys_and_odd_names_find_their_row() {
    let (pool, _database) = places().await;
    for (select, size) in [(1, "s"), (1, "m"), (5, "s")] {
        let insert = Order::insert().select(select).size(size);
        insert.execute(&pool).await.unwrap();
    }
    let update = || Order::update(1, "m").user(Some("me"));
    assert_eq!(
        update().sql(),
        r#"update "Odd ""Schema"""."Order" set "user" = $1 where "select" = $2 and "Größe" = $3"#
    );
    let updated = update().returning().fetch(&pool).await.unwrap().unwrap();
    assert_eq!(
        (updated.size.as_str(), updated.user.as_deref()),
        ("m", Some("me"))
    );
    assert_eq!(Order::delete(5, "s").execute(&pool).await.unwrap(), 1);
    assert_eq!(Order::delete(5, "s").execute(&pool).await.unwrap(), 0);
}

#[tokio::test]
async fn builders_show_their_sql_and_then_run_it() {
    let (pool, _database) = places().await;
    let condition = || {
        let names = Place::NAME.is_in(&["A", "B"]).or(Place::NOTE.is_null());
        names.and(!Place::TAGS.has("gone"))
    };
    let update = Place::update_where(condition())
        .note(Some("m"))
        .defaults(Place::TAGS);
    assert_eq!(
        update.sql(),
        r#"update "places" set "note" = $1, "tags" = default where ("name" = any($2) or "note" is null) and not ("tags" @> $3)"#
    );
    assert_eq!(update.execute(&pool).await.unwrap(), 2);

    let order = page_order!(Place::NAME.asc(), Place::ID.asc());
    let page = Place::select()
        .filter(condition())
        .page(2, order, Some(("A", 1)));
    assert_eq!(
        page.sql(),
        r#"select "id", "name", "note", "tags", "population", "loud" from "places" where ("name" = any($1) or "note" is null) and not ("tags" @> $2) and ("name", "id") > ($3, $4) order by "name", "id" limit $5"#
    );
    let page = page.fetch(&pool).await.unwrap();
    assert_eq!(page.iter().map(|place| place.id).collect::<Vec<_>>(), [2]);

    let insert = page[0]
        .insert_row()
        .on_conflict(key!(schema::places::PLACES_NAME_KEY))
        .only_where(Place::NOTE.eq("m"))
        .do_update();
    let shown = insert.sql();
    assert!(shown.ends_with(r#"where "places"."note" = $5"#), "{shown}");
    let returned = insert.returning();
    assert!(returned.sql().starts_with(&shown));
    assert_eq!(returned.fetch(&pool).await.unwrap().as_ref(), page.first());

    let insert = Place::insert().name("D").population(1);
    assert_eq!(
        insert.sql(),
        r#"insert into "places" ("name", "population") values ($1, $2)"#
    );
    assert_eq!(insert.execute(&pool).await.unwrap(), 1);

    let delete = Place::delete_where(condition());
    assert!(
        delete
            .sql()
            .starts_with(r#"delete from "places" where ("name" "#)
    );
    assert_eq!(delete.execute(&pool).await.unwrap(), 3);
}
