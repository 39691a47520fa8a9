//! Rows that are only inserted.

use howdah::{Error, ErrorKind, PgInsert, PgRow, Pool, Value, query};

use super::schema::items as table;
use super::schema::{Item, Noted, all, items, noted, pool};
use crate::shared_db::proxy::Proxy;
use crate::waiting::in_time;

#[tokio::test]
async fn rows_are_inserted_whatever_their_number() {
    let (pool, _database) = pool().await;
    let mut expected = Vec::new();
    for count in [0, 1, 2, 3, 100, 499, 500, 3_000] {
        let first = expected.len() as i64;
        let rows = items(first..first + count);
        let inserted = Item::insert_many(&rows).execute(&pool).await;
        assert_eq!(inserted.unwrap(), count as u64);
        expected.extend(rows);
    }
    assert_eq!(all::<Item>(&pool).await, expected);
}

#[tokio::test]
async fn array_columns_are_inserted_as_they_are() {
    let (pool, _database) = pool().await;
    let mut expected = Vec::new();
    // The last are more values than a statement may have parameters.
    for count in [1, 2, 50, 25_000] {
        let first = expected.len() as i64;
        let rows = noted(first..first + count);
        let ids = Noted::insert_many(&rows)
            .returning_columns(Noted::ID)
            .fetch(&pool)
            .await
            .unwrap();
        assert!(ids.into_iter().eq(first..first + count));
        expected.extend(rows);
    }
    assert_eq!(all::<Noted>(&pool).await, expected);
}

#[tokio::test]
async fn rows_come_back_in_their_order() {
    let (pool, _database) = pool().await;
    let mut rows = items(0..1_000);
    rows.reverse();
    let returned = Item::insert_many(&rows).returning().fetch(&pool).await;
    assert_eq!(returned.unwrap(), rows);
    let returned = Item::insert_many(&items(1_000..1_001))
        .returning_as::<(i64,)>()
        .fetch(&pool)
        .await;
    let error = returned.unwrap_err();
    assert!(error.to_string().contains("read by position"), "{error}");
}

/// As an insert of one row does.
#[tokio::test]
async fn what_comes_back_may_have_fields_that_the_table_lacks() {
    #[derive(Debug, PartialEq, PgRow)]
    struct Seen {
        id: i64,
        #[pg(default)]
        seen_by: Option<String>,
    }

    let (pool, _database) = pool().await;
    let seen = Item::insert_many(&items(7..8))
        .returning_as::<Seen>()
        .fetch(&pool)
        .await;
    let expected = Seen {
        id: 7,
        seen_by: None,
    };
    assert_eq!(seen.unwrap(), [expected]);
}

#[tokio::test]
async fn the_statement_is_the_same_whatever_the_number() {
    let sql = |count| Item::insert_many(&items(0..count)).sql().unwrap();
    assert_eq!(
        sql(2),
        r#"insert into "The shop"."Items" as t ("id", "select", "mo""od", "price") select unnest($1::bigint[]) as "id", unnest($2::text[]) as "select", unnest($3::"The shop"."Mood"[]) as "mo""od", unnest($4::numeric[]) as "price""#
    );
    assert_eq!(sql(2), sql(20_000));
    assert_eq!(
        Noted::insert_many(&noted(0..2)).sql().unwrap(),
        r#"insert into "The shop"."Items" as t ("id", "select", "notes") values ($1, $2, $3), ($4, $5, $6)"#
    );
}

#[tokio::test]
async fn a_row_that_is_refused_keeps_all_out() {
    let (pool, _database) = pool().await;
    for count in [10, 1_000] {
        let mut rows = items(0..count);
        rows[7].select = "forbidden".to_owned();
        let error = Item::insert_many(&rows).execute(&pool).await.unwrap_err();
        assert!(error.is_check_violation());
        assert_eq!(error.rows_written(), 0);
        let mut rows = noted(0..count * 25);
        rows.last_mut().unwrap().select = "forbidden".to_owned();
        let error = Noted::insert_many(&rows)
            .returning()
            .fetch(&pool)
            .await
            .unwrap_err();
        assert!(error.is_check_violation());
    }
    assert!(all::<Item>(&pool).await.is_empty());
}

#[tokio::test]
async fn batches_that_went_well_stay() {
    let (pool, _database) = pool().await;
    let mut rows = items(0..1_000);
    rows[750].select = "forbidden".to_owned();
    let error = Item::insert_many(&rows)
        .in_batches_of(100)
        .execute(&pool)
        .await
        .unwrap_err();
    assert!(error.is_check_violation());
    assert_eq!(error.rows_written(), 700);
    assert!(
        error
            .to_string()
            .ends_with("(the first 700 rows stay written)")
    );
    assert_eq!(all::<Item>(&pool).await, rows[..700]);
}

#[tokio::test]
async fn a_transaction_around_it_is_the_one_that_counts() {
    let (pool, _database) = pool().await;
    let undone: Result<(), Error> = pool
        .transaction(async |tx| {
            Item::insert_many(&items(0..600)).execute(tx).await?;
            Noted::insert_many(&noted(600..23_000))
                .on_any_conflict_do_nothing()
                .execute(tx)
                .await?;
            let count = query(r#"select count(*) from "The shop"."Items""#);
            assert_eq!(count.fetch_one::<Value<i64>>(tx).await?, 23_000);
            Err(query("select 1 / 0").execute(tx).await.unwrap_err())
        })
        .await;
    assert_eq!(undone.unwrap_err().sqlstate(), Some("22012"));
    assert!(all::<Item>(&pool).await.is_empty());
}

/// A struct whose value does not fit its column.
#[derive(PgInsert)]
#[pg(table = table)]
struct Priced {
    select: String,
    #[pg(try_from = i64)]
    id: u64,
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_names_row_and_column() {
    let (pool, _database) = pool().await;
    for count in [1, 20, 2_000] {
        let mut rows: Vec<_> = (0..count)
            .map(|id| Priced {
                select: id.to_string(),
                id,
            })
            .collect();
        rows.last_mut().unwrap().id = u64::MAX;
        let error = Priced::insert_many(&rows).execute(&pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert_eq!(
            (error.row(), error.column()),
            (Some(count), Some("id")),
            "{error}"
        );
    }
    assert!(all::<Item>(&pool).await.is_empty());
}

#[tokio::test]
async fn tables_that_copy_treats_otherwise_get_an_insert() {
    let (pool, _database) = pool().await;
    let rows = items(0..600);
    let sql = r#"
        create table "The shop".log (n int);
        create rule note as on insert to "The shop"."Items" do also insert into "The shop".log values (1)"#;
    pool.batch_execute(sql).await.unwrap();
    assert_eq!(Item::insert_many(&rows).execute(&pool).await.unwrap(), 600);
    let logged = query(r#"select count(*) from "The shop".log"#).fetch_one::<Value<i64>>(&pool);
    assert!(logged.await.unwrap() > 0);

    // A view in the place of the table.
    let sql = r#"
        drop rule note on "The shop"."Items";
        alter table "The shop"."Items" rename to hidden;
        create view "The shop"."Items" as select * from "The shop".hidden"#;
    pool.batch_execute(sql).await.unwrap();
    let more = items(600..1_200);
    assert_eq!(Item::insert_many(&more).execute(&pool).await.unwrap(), 600);
    assert_eq!(all::<Item>(&pool).await.len(), 1_200);
}

#[tokio::test]
async fn what_has_to_be_known_for_a_copy_is_asked_in_one_round_trip() {
    let (_direct, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::builder(&proxy.url()).unwrap().max_size(1);
    let pool = pool.build().unwrap();
    // What is prepared once for all is there then.
    let first = Item::insert_many(&items(0..600)).execute(&pool).await;
    assert_eq!(first.unwrap(), 600);
    proxy.hold_back_until(2);
    let more = items(600..1_200);
    let second = Item::insert_many(&more).execute(&pool);
    assert_eq!(in_time(second).await.unwrap(), 600);
}
