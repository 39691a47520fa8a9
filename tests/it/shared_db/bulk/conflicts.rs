//! Rows, some of which exist already.

use howdah::{PgRow, key, query};

use super::schema::items as table;
use super::schema::{Item, Mood, Noted, all, items, noted, pool};

#[tokio::test]
async fn rows_that_are_there_are_left_or_updated() {
    let (pool, _database) = pool().await;
    let before = items(0..10);
    Item::insert_many(&before).execute(&pool).await.unwrap();

    let mut rows = items(5..15);
    for row in &mut rows {
        row.select.push('!');
    }
    let inserted = Item::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .do_nothing()
        .returning()
        .fetch(&pool)
        .await;
    assert_eq!(inserted.unwrap(), rows[5..]);
    assert_eq!(all::<Item>(&pool).await[..10], before);

    let written = Item::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .do_update();
    assert_eq!(written.execute(&pool).await.unwrap(), 10);
    let now = all::<Item>(&pool).await;
    assert_eq!(now[..5], before[..5]);
    assert_eq!(now[5..], rows);
}

#[tokio::test]
async fn upsert_many_inserts_and_updates_whatever_their_number() {
    let (pool, _database) = pool().await;
    let before = items(0..1_000);
    Item::insert_many(&before).execute(&pool).await.unwrap();
    let mut rows = items(500..2_000);
    for row in &mut rows {
        row.select.push('!');
    }
    let upsert = || Item::upsert_many(&rows, key!(table::PKEY));
    let counts = upsert().execute_counted(&pool).await.unwrap();
    assert_eq!((counts.inserted, counts.updated), (1_000, 500));
    let now = all::<Item>(&pool).await;
    assert_eq!(now[..500], before[..500]);
    assert_eq!(now[500..], rows);
    assert_eq!(upsert().returning().fetch(&pool).await.unwrap(), rows);
    let batches = upsert().in_batches_of(400).execute(&pool).await.unwrap();
    assert_eq!(batches, 1_500);
}

#[tokio::test]
async fn a_key_that_comes_up_twice_fails_all_rows() {
    let (pool, _database) = pool().await;
    let mut rows = items(0..1_000);
    rows.extend(items(7..8));
    let refused = Item::upsert_many(&rows, key!(table::PKEY))
        .execute(&pool)
        .await;
    // ON CONFLICT DO UPDATE command cannot affect row a second time
    assert_eq!(refused.unwrap_err().sqlstate(), Some("21000"));
    assert_eq!(all::<Item>(&pool).await, []);
}

#[tokio::test]
async fn some_columns_are_updated_and_only_where_asked() {
    let (pool, _database) = pool().await;
    Item::insert_many(&items(0..10))
        .execute(&pool)
        .await
        .unwrap();
    let mut rows = items(0..10);
    for row in &mut rows {
        row.select.push('!');
        row.mood = None;
    }
    let only = Item::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .do_update_of(Item::SELECT);
    assert_eq!(only.execute(&pool).await.unwrap(), 10);
    let now = all::<Item>(&pool).await;
    let old = items(0..10);
    assert!(
        now.iter()
            .zip(&rows)
            .all(|(now, row)| now.select == row.select)
    );
    assert!(now.iter().zip(&old).all(|(now, old)| now.mood == old.mood));

    let some = Item::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .only_where_sql("t.id < 3 and excluded.id > 0")
        .do_update();
    assert_eq!(some.execute(&pool).await.unwrap(), 2);
}

#[tokio::test]
async fn rows_are_updated_where_columns_have_some_values() {
    let (pool, _database) = pool().await;
    let mut rows = items(0..10);
    Item::insert_many(&rows).execute(&pool).await.unwrap();
    rows.extend(items(10..12));
    for row in &mut rows {
        row.select.push('!');
        row.price = None;
    }
    let upsert = Item::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .only_where(Item::MOOD.eq(Mood::Glad).or(Item::ID.is_in(&[4, 6])))
        .only_where_sql("t.price < 100 and excluded.price is null")
        .only_where(Item::ID.ne(8))
        .do_update_of(Item::SELECT);
    assert_eq!(
        upsert.sql().unwrap(),
        r#"insert into "The shop"."Items" as t ("id", "select", "mo""od", "price") select unnest($4::bigint[]) as "id", unnest($5::text[]) as "select", unnest($6::"The shop"."Mood"[]) as "mo""od", unnest($7::numeric[]) as "price" on conflict ("id") do update set "select" = excluded."select" where ("t"."mo""od" = $1 or "t"."id" = any($2)) and "t"."id" <> $3 and (t.price < 100 and excluded.price is null)"#
    );
    let changed = upsert.returning_columns(Item::ID).fetch(&pool).await;
    assert_eq!(changed.unwrap(), [2, 4, 6, 10, 11]);

    // The values of conditions stand before those of any number of rows, in each of several statements.
    let before = noted(0..23_000);
    query(r#"delete from "The shop"."Items""#)
        .execute(&pool)
        .await
        .unwrap();
    Noted::insert_many(&before).execute(&pool).await.unwrap();
    let mut rows = before.clone();
    for row in &mut rows {
        row.notes = None;
    }
    let upsert = Noted::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .only_where(Noted::NOTES.has("note 0").and(Noted::ID.ge(100)))
        .do_update();
    let counts = upsert.execute_counted(&pool).await.unwrap();
    let expected = before.iter().filter(|row| row.id >= 100 && row.id % 4 > 1);
    assert_eq!(
        (counts.inserted, counts.updated),
        (0, expected.count() as u64)
    );
}

#[tokio::test]
async fn a_wrong_value_names_its_row_beside_conditions() {
    let (pool, _database) = pool().await;
    let mut rows = noted(0..3);
    rows[1].notes = Some(vec![Some("a\0b".to_owned())]);
    let upsert = Noted::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .only_where(Noted::ID.between(1, 2))
        .do_update();
    let error = upsert.execute(&pool).await.unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(2), Some("notes")));
    let wrong = "a\0b";
    let upsert = Noted::insert_many(&rows[..1])
        .on_conflict(key!(table::PKEY))
        .only_where(Noted::SELECT.eq(wrong))
        .do_update();
    let error = upsert.execute(&pool).await.unwrap_err();
    assert_eq!((error.row(), error.param()), (None, Some(1)), "{error}");
}

#[tokio::test]
async fn an_index_with_a_condition_says_which_rows_are_there() {
    let (pool, _database) = pool().await;
    let free = |id, select: &str| Item {
        id,
        select: select.to_owned(),
        mood: None,
        price: None,
    };
    Item::insert_many(&[free(1, "a"), free(2, "b")])
        .execute(&pool)
        .await
        .unwrap();
    let rows = [free(3, "b"), free(4, "c")];
    let left = Item::insert_many(&rows)
        .on_conflict(key!(table::SELECT_KEY))
        .do_nothing();
    assert_eq!(left.execute(&pool).await.unwrap(), 1);
    let left = Item::insert_many(&rows).on_any_conflict_do_nothing();
    assert_eq!(left.execute(&pool).await.unwrap(), 0);
}

/// Whether a row was inserted or updated is what the server says of its version.
#[derive(PgRow)]
struct Written {
    id: i64,
    added: chrono::DateTime<chrono::Utc>,
}

#[tokio::test]
async fn thousands_of_rows_with_arrays_are_updated_at_once() {
    let (pool, _database) = pool().await;
    let before = noted(0..15_000);
    Noted::insert_many(&before).execute(&pool).await.unwrap();
    let mut rows = noted(0..30_000);
    for row in &mut rows {
        row.notes = Some(vec![None, Some("new".to_owned())]);
    }
    let written = Noted::insert_many(&rows)
        .on_conflict(key!(table::PKEY))
        .do_update()
        .returning_as::<Written>()
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(written.len(), 30_000);
    assert!(written.iter().map(|row| row.id).eq(0..30_000));
    assert!(written[0].added < written[29_999].added);
    assert_eq!(all::<Noted>(&pool).await, rows);
}
