//! Writing through views: what the generated `schema` module says of them is what PostgreSQL allows.

mod support;

use howdah::{PgInsert, PgRow, PgUpdate, Value, key, query};
use howdah_generated_tests::golden::schema_all::{self, schema};
use howdah_generated_tests::violates;
use support::pool;

/// Of a view of one table, with a column that is computed and a check option.
#[derive(Clone, Debug, PartialEq, PgInsert, PgUpdate)]
#[pg(table = schema::loud_names)]
struct Named {
    #[pg(key)]
    a: i32,
    #[pg(key)]
    b: i32,
    name: String,
    #[pg(generated)]
    loud: Option<String>,
}

/// What is read of it: what the table's column says of null holds for the view's.
#[derive(Debug, PartialEq, PgRow)]
#[pg(table = schema::loud_names)]
struct Read {
    name: String,
    loud: Option<String>,
}

fn read(name: &str, loud: &str) -> Read {
    Read {
        name: name.to_owned(),
        loud: Some(loud.to_owned()),
    }
}

#[tokio::test]
async fn a_view_of_one_table_is_written_like_it() {
    use schema::loud_names::InsertViolation;
    let (pool, _database) = pool("schema/all").await.unwrap();
    let insert = Named::insert().a(1).b(1).name("one");
    let inserted = insert.returning_as::<Read>().fetch(&pool).await.unwrap();
    assert_eq!(inserted, read("one", "ONE"));
    // What it breaks are the constraints of the table below.
    let again = Named::insert().a(1).b(1).execute(&pool).await;
    violates!(again, InsertViolation::ParentsPkey);
    // The default of the table, as the view leaves it.
    let plain = Named::insert().a(1).b(2).returning_as::<Read>();
    assert_eq!(plain.fetch(&pool).await.unwrap(), read("x", "X"));
    let rows = [3, 4, 5].map(|b| Named {
        a: 1,
        b,
        name: format!("n{b}"),
        loud: None,
    });
    let many = Named::insert_many(&rows).execute(&pool).await.unwrap();
    assert_eq!(many, 3);
    let update = Named::update(1, 3).name("three");
    let updated = update.returning_as::<Read>().fetch(&pool).await.unwrap();
    assert_eq!(updated, Some(read("three", "THREE")));
    assert_eq!(rows[1].update_row().execute(&pool).await.unwrap(), 1);
    Named::update_many(&rows).execute(&pool).await.unwrap();
    assert_eq!(Named::delete(1, 5).execute(&pool).await.unwrap(), 1);
    assert_eq!(
        Named::delete_many(&[(1, 4), (1, 9)])
            .execute(&pool)
            .await
            .unwrap(),
        1
    );
    let left = query("select array_agg(name order by b) from parents");
    let left: Vec<String> = left.fetch_one::<Value<_>>(&pool).await.unwrap();
    assert_eq!(left, ["one", "x", "n3"]);
}

/// Of a view of that view, which has other names for the columns of the key.
#[derive(Debug, PartialEq, PgInsert)]
#[pg(table = schema::keyed_names)]
struct Keyed {
    second: i32,
    first: i32,
    name: String,
}

#[tokio::test]
async fn the_keys_of_the_table_are_those_of_its_views() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    let upsert = |name| {
        let insert = Keyed::insert().first(1).second(2).name(name);
        insert
            .on_conflict(key!(schema::keyed_names::PARENTS_PKEY))
            .do_update()
    };
    assert_eq!(
        upsert("one").sql(),
        r#"insert into "keyed_names" ("first", "second", "name") values ($1, $2, $3) on conflict ("first", "second") do update set "name" = excluded."name""#
    );
    assert_eq!(upsert("one").execute(&pool).await.unwrap(), 1);
    assert_eq!(upsert("two").execute(&pool).await.unwrap(), 1);
    let rows = [2, 3].map(|second| Keyed {
        second,
        first: 1,
        name: format!("n{second}"),
    });
    let many = Keyed::insert_many(&rows).on_conflict(key!(schema::keyed_names::PARENTS_PKEY));
    let counts = many.do_update().execute_counted(&pool).await.unwrap();
    assert_eq!((counts.inserted, counts.updated), (1, 1));
    let error = rows[0].insert_row().execute(&pool).await.unwrap_err();
    assert!(error.is(&schema::keyed_names::PARENTS_PKEY), "{error}");
    let all = query("select b, name from parents order by b").fetch_all::<(i32, String)>(&pool);
    assert_eq!(
        all.await.unwrap(),
        [(2, "n2".to_owned()), (3, "n3".to_owned())]
    );
    // Not all columns of the key are shown, or a trigger writes.
    assert!(schema::names::TABLE.constraints.is_empty());
    assert!(schema::through_triggers::TABLE.constraints.is_empty());
    schema_all::verify(&pool).await.unwrap();
}

#[tokio::test]
async fn a_row_that_the_view_would_not_show_is_refused() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    let hidden = Named::insert().a(-1).b(1).name("hidden");
    let error = hidden.execute(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("44000"), "{error}");
    let rows = [1, -1].map(|a| Named {
        a,
        b: 1,
        name: "n".to_owned(),
        loud: None,
    });
    let error = Named::insert_many(&rows).execute(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("44000"), "{error}");
    let none = query("select count(*) from parents").fetch_one::<Value<i64>>(&pool);
    assert_eq!(none.await.unwrap(), 0);
}

/// A view with columns that the table below makes.
#[derive(Debug, PartialEq, PgInsert, PgRow)]
#[pg(table = schema::all_children)]
struct Child {
    #[pg(generated)]
    id: i32,
    first: Option<i32>,
    b: Option<i32>,
    #[pg(generated)]
    twice: Option<i32>,
}

#[tokio::test]
async fn what_the_table_makes_is_made_through_the_view() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    let child = Child::insert().first(Some(4)).returning().fetch(&pool);
    let expected = Child {
        id: 1,
        first: Some(4),
        b: None,
        twice: Some(8),
    };
    assert_eq!(child.await.unwrap(), expected);
    // Not a column that is shown, but one below that is not, keeps this from being a struct to insert.
    let hidden = schema::b_of_names::TABLE.hidden;
    let insert = "insert into b_of_names (number, name) values (1, 'n')";
    let error = query(insert).execute(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("23502"), "{error}");
    assert_eq!(error.column().as_slice(), hidden, "{error}");
}

/// Of an aggregate, which only a trigger can write.
#[derive(Debug, PgInsert)]
#[pg(table = schema::through_triggers)]
struct Counted {
    a: i32,
    n: i64,
}

#[tokio::test]
async fn a_trigger_writes_for_a_view() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    let insert = "create or replace function instead() returns trigger language plpgsql as $$ begin
        insert into parents select new.a, b from generate_series(1, new.n) b;
        return new;
    end $$";
    pool.batch_execute(insert).await.unwrap();
    assert_eq!(Counted::insert().a(1).n(2).execute(&pool).await.unwrap(), 1);
    let rows = [(2, 1), (3, 3)].map(|(a, n)| Counted { a, n });
    Counted::insert_many(&rows).execute(&pool).await.unwrap();
    let counts =
        query("select a, n from through_triggers order by a").fetch_all::<(i32, i64)>(&pool);
    assert_eq!(counts.await.unwrap(), [(1, 2), (2, 1), (3, 3)]);
}

/// Of views that are only read, what a query of them can give decides; of a materialized one, what it can have given.
#[derive(Debug, PartialEq, PgRow)]
#[pg(table = schema::counts)]
struct Count {
    a: i32,
    n: i64,
}

#[derive(Debug, PartialEq, PgRow)]
#[pg(table = schema::kept_counts)]
struct KeptCount {
    a: Option<i32>,
    n: i64,
}

#[tokio::test]
async fn views_that_are_only_read_say_what_cannot_be_null() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    pool.batch_execute(
        "insert into parents (a, b) values (1, 1), (1, 2); refresh materialized view kept_counts",
    )
    .await
    .unwrap();
    let counts = query("select a, n from counts").fetch_all::<Count>(&pool);
    assert_eq!(counts.await.unwrap(), [Count { a: 1, n: 2 }]);
    let kept = query("select a, n from kept_counts").fetch_all::<KeptCount>(&pool);
    assert_eq!(kept.await.unwrap(), [KeptCount { a: Some(1), n: 2 }]);
    schema_all::verify(&pool).await.unwrap();
}

/// What is generated from values that are never null is never null, as in the table's own row.
#[derive(Debug, PartialEq, PgRow)]
#[pg(table = schema::people)]
struct Person {
    full_name: String,
    nick_length: Option<i32>,
}

#[tokio::test]
async fn generated_columns_are_read_as_queries_read_them() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    schema_all::verify(&pool).await.unwrap();
    let insert = "insert into people values ('Ada', 'Lovelace', null)";
    pool.batch_execute(insert).await.unwrap();
    let rows: Vec<schema_all::types::PeopleRow> =
        schema_all::q::people().fetch(&pool).await.unwrap();
    assert_eq!(rows[0].full_name, "Ada Lovelace");
    let person = query("select * from people").fetch_one::<Person>(&pool);
    let expected = Person {
        full_name: "Ada Lovelace".to_owned(),
        nick_length: None,
    };
    assert_eq!(person.await.unwrap(), expected);
}

#[tokio::test]
async fn verify_compares_tables_that_no_query_names() {
    let (pool, _database) = pool("schema/all").await.unwrap();
    pool.batch_execute(
        "alter table parents alter column name drop not null;
         alter table children drop constraint positive;
         drop view keyed_names",
    )
    .await
    .unwrap();
    let error = schema_all::verify(&pool).await.unwrap_err();
    let differences: Vec<_> = error.differences().iter().map(|d| d.message()).collect();
    assert_eq!(
        differences,
        [
            "constraint `positive` of `public.children` is gone",
            "table `public.keyed_names` is gone",
            "column `public.parents.name` may be null",
        ]
    );
    assert!(error.differences().iter().all(|d| d.queries().is_empty()));
}
