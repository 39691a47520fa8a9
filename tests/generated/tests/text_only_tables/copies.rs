//! COPY, which sends rows in binary: out of a table with casts, and not into it.

use howdah::copy::Csv;
use howdah::{Value, copy_in, copy_out, query};
use howdah_generated_tests::golden::types_text_only_tables::schema;

use crate::tables::{Sheet, pool, sheets};

#[tokio::test]
async fn rows_are_copied_out() {
    let (pool, _database) = pool().await.unwrap();
    let rows = sheets(&pool).await.unwrap();
    Sheet::insert_many(&rows).execute(&pool).await.unwrap();
    let copied = copy_out(schema::sheets::TABLE).rows::<Sheet, _>(&pool);
    let mut copied = copied.await.unwrap().collect().await.unwrap();
    copied.sort_by_key(|row| row.id);
    assert_eq!(copied, rows);
    let copied = copy_out(schema::sheets::TABLE)
        .columns(["length", "id"])
        .rows::<(Option<String>, i32), _>(&pool);
    let mut copied = copied.await.unwrap().collect().await.unwrap();
    copied.sort_by_key(|row| row.1);
    assert_eq!(copied, [(rows[0].length.clone(), 1), (None, 2)]);
}

/// As text, the server's own form of all values goes out and in.
#[tokio::test]
async fn text_is_copied_both_ways() {
    let (pool, _database) = pool().await.unwrap();
    let rows = sheets(&pool).await.unwrap();
    Sheet::insert_many(&rows).execute(&pool).await.unwrap();
    let mut csv = Vec::new();
    copy_out(schema::sheets::TABLE)
        .to_writer(Csv::new(), &mut csv, &pool)
        .await
        .unwrap();
    assert!(String::from_utf8_lossy(&csv).contains("BOX(0.1 "));
    query("delete from sheets").execute(&pool).await.unwrap();
    let copied = copy_in(schema::sheets::TABLE).from_reader(Csv::new(), &csv[..], &pool);
    assert_eq!(copied.await.unwrap(), 2);
    let other = "create table other_sheets (like sheets)";
    pool.batch_execute(other).await.unwrap();
    let copied = copy_out(schema::sheets::TABLE)
        .into_table(&pool, copy_in("other_sheets"), &pool)
        .await;
    assert_eq!(copied.unwrap(), 2);
    let same = query("select count(*) from other_sheets o join sheets s on o::text = s::text");
    assert_eq!(same.fetch_one::<Value<i64>>(&pool).await.unwrap(), 2);
}

/// Tuples have no table to be compared with while compiling.
#[tokio::test]
async fn tuples_are_refused_by_name() {
    let (pool, _database) = pool().await.unwrap();
    let copied = copy_in(schema::sheets::TABLE)
        .columns(["id", "length"])
        .from_rows([(1, "1 .. 2")], &pool);
    let error = copied.await.unwrap_err().to_string();
    let expected =
        "column `length`: its type has no binary form, so COPY cannot write it: use `insert_many`";
    assert!(error.ends_with(expected), "{error}");
}
