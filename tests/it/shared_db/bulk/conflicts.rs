//! Rows some of which are there already.

use howdah::{Constraint, ConstraintKind, ErrorKind, InsertMany, PgRow};

use super::schema::items as table;
use super::schema::{Item, Noted, all, items, noted, pool};

#[tokio::test]
async fn rows_that_are_there_are_left_or_updated() {
    let (pool, _database) = pool().await;
    let before = items(0..10);
    InsertMany::new(&before).execute(&pool).await.unwrap();

    let mut rows = items(5..15);
    for row in &mut rows {
        row.select.push('!');
    }
    let inserted = InsertMany::new(&rows)
        .on_conflict(table::PKEY)
        .do_nothing()
        .returning::<Item>()
        .fetch(&pool)
        .await;
    assert_eq!(inserted.unwrap(), rows[5..]);
    assert_eq!(all::<Item>(&pool).await[..10], before);

    let written = InsertMany::new(&rows).on_conflict(table::PKEY).do_update();
    assert_eq!(written.execute(&pool).await.unwrap(), 10);
    let now = all::<Item>(&pool).await;
    assert_eq!(now[..5], before[..5]);
    assert_eq!(now[5..], rows);
}

#[tokio::test]
async fn some_columns_are_updated_and_only_where_asked() {
    let (pool, _database) = pool().await;
    InsertMany::new(&items(0..10)).execute(&pool).await.unwrap();
    let mut rows = items(0..10);
    for row in &mut rows {
        row.select.push('!');
        row.mood = None;
    }
    let only = InsertMany::new(&rows)
        .on_conflict(table::PKEY)
        .do_update_columns(&[table::SELECT]);
    assert_eq!(only.execute(&pool).await.unwrap(), 10);
    let now = all::<Item>(&pool).await;
    let old = items(0..10);
    assert!(
        now.iter()
            .zip(&rows)
            .all(|(now, row)| now.select == row.select)
    );
    assert!(now.iter().zip(&old).all(|(now, old)| now.mood == old.mood));

    let some = InsertMany::new(&rows)
        .on_conflict(table::PKEY)
        .do_update_where("t.id < 3 and excluded.id > 0");
    assert_eq!(some.execute(&pool).await.unwrap(), 2);
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
    InsertMany::new(&[free(1, "a"), free(2, "b")])
        .execute(&pool)
        .await
        .unwrap();
    let rows = [free(3, "b"), free(4, "c")];
    let left = InsertMany::new(&rows)
        .on_conflict(table::SELECT_KEY)
        .do_nothing();
    assert_eq!(left.execute(&pool).await.unwrap(), 1);
    let left = InsertMany::new(&rows).on_any_conflict_do_nothing();
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
    InsertMany::new(&before).execute(&pool).await.unwrap();
    let mut rows = noted(0..30_000);
    for row in &mut rows {
        row.notes = Some(vec![None, Some("new".to_owned())]);
    }
    let written = InsertMany::new(&rows)
        .on_conflict(table::PKEY)
        .do_update()
        .returning::<Written>()
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(written.len(), 30_000);
    assert!(written.iter().map(|row| row.id).eq(0..30_000));
    assert!(written[0].added < written[29_999].added);
    assert_eq!(all::<Noted>(&pool).await, rows);
}

#[tokio::test]
async fn what_is_no_key_of_the_table_is_refused() {
    let (pool, _database) = pool().await;
    let message = async |key| {
        let rows = items(0..2);
        let insert = InsertMany::new(&rows).on_conflict(key).do_update();
        let error = insert.execute(&pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mapping);
        error.to_string()
    };
    let check = Constraint {
        name: "positive",
        kind: ConstraintKind::Check,
        ..table::PKEY
    };
    let said = message(check).await;
    assert!(
        said.ends_with(
            "`positive` cannot say which rows are there already: it is no unique constraint"
        ),
        "{said}"
    );
    let other = Constraint {
        table: "others",
        ..table::PKEY
    };
    assert!(
        message(other)
            .await
            .ends_with("it is one of `The shop.others`")
    );
    let later = Constraint {
        deferrable: true,
        ..table::PKEY
    };
    assert!(message(later).await.ends_with("it is deferrable"));
}
