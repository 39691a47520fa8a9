//! Updates and deletes of many rows by their keys.

use howdah::{PgInsert, PgRow, PgUpdate, delete_many, query};

use super::schema::items as table;
use super::schema::{Item, Noted, all, items, noted, pool};
use crate::shared_db::support;

#[tokio::test]
async fn each_row_gets_its_own_values() {
    let (pool, _database) = pool().await;
    Item::insert_many(&items(0..2_000))
        .execute(&pool)
        .await
        .unwrap();
    let mut rows = items(0..1_500);
    for row in &mut rows {
        row.select.push('?');
        row.price = None;
    }
    assert_eq!(
        Item::update_many(&rows).execute(&pool).await.unwrap(),
        1_500
    );
    let now = all::<Item>(&pool).await;
    assert_eq!(now[..1_500], rows);
    assert_eq!(now[1_500..], items(1_500..2_000));
    // Keys that are not there are passed over.
    let more = items(1_999..2_010);
    let updated = Item::update_many(&more).returning().fetch(&pool).await;
    assert_eq!(updated.unwrap(), more[..1]);
    assert_eq!(
        Item::update_many(&items(0..0))
            .execute(&pool)
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn arrays_are_updated_as_they_are() {
    let (pool, _database) = pool().await;
    Noted::insert_many(&noted(0..25_000))
        .execute(&pool)
        .await
        .unwrap();
    let mut rows = noted(0..25_000);
    for row in &mut rows {
        row.notes = row
            .notes
            .take()
            .map(|notes| notes.into_iter().rev().collect());
    }
    assert_eq!(
        Noted::update_many(&rows).execute(&pool).await.unwrap(),
        25_000
    );
    assert_eq!(all::<Noted>(&pool).await, rows);
}

#[tokio::test]
async fn some_columns_are_updated_where_a_condition_holds() {
    let (pool, _database) = pool().await;
    Item::insert_many(&items(0..10))
        .execute(&pool)
        .await
        .unwrap();
    let mut rows = items(0..10);
    for row in &mut rows {
        row.select = "new".to_owned();
        row.mood = None;
    }
    let update = Item::update_many(&rows)
        .only(Item::SELECT)
        .only_where_sql("t.price is not null and u.id > 2");
    assert_eq!(update.execute(&pool).await.unwrap(), 6);
    let now = all::<Item>(&pool).await;
    assert_eq!(now.iter().filter(|row| row.select == "new").count(), 6);
    assert_eq!(now[4].mood, items(4..5)[0].mood);
}

#[tokio::test]
async fn rows_are_updated_and_deleted_where_columns_have_some_values() {
    let (pool, _database) = pool().await;
    Item::insert_many(&items(0..10))
        .execute(&pool)
        .await
        .unwrap();
    let mut rows = items(0..10);
    for row in &mut rows {
        row.select = "new".to_owned();
    }
    let update = || {
        Item::update_many(&rows)
            .only(Item::SELECT)
            .only_where(Item::ID.is_in(&[1, 4, 5, 7]))
            .only_where(!Item::PRICE.is_null())
    };
    assert_eq!(
        update().sql().unwrap(),
        r#"update "The shop"."Items" as t set "select" = u."select" from (select unnest($2::bigint[]) as "id", unnest($3::text[]) as "select") as u where t."id" = u."id" and "t"."id" = any($1) and not ("t"."price" is null)"#
    );
    let updated = update().returning_columns((Item::ID, Item::SELECT));
    let mut updated = updated.fetch(&pool).await.unwrap();
    updated.sort();
    let expected = [1, 4, 7].map(|id| (id, "new".to_owned()));
    assert_eq!(updated, expected);
    // In batches, the values of the conditions go with each.
    let updated = update().in_batches_of(3).execute(&pool).await;
    assert_eq!(updated.unwrap(), 3);

    let keys: Vec<i64> = (0..8).collect();
    let delete = || Item::delete_many(&keys).only_where(Item::SELECT.eq("new"));
    let deleted = delete().only_where(Item::ID.lt(2)).returning();
    assert_eq!(deleted.fetch(&pool).await.unwrap(), rows[1..2]);
    let deleted = delete().returning_columns(Item::ID).fetch(&pool).await;
    let mut deleted = deleted.unwrap();
    deleted.sort_unstable();
    assert_eq!(deleted, [4, 7]);
    // Without a struct of the table's own, as another.
    let deleted = delete_many(&table::TABLE, &keys).returning_as::<Item>();
    assert_eq!(deleted.fetch(&pool).await.unwrap().len(), 5);
    assert_eq!(all::<Item>(&pool).await, items(8..10));

    let mut rows = noted(0..30_000);
    Noted::insert_many(&rows[10..])
        .execute(&pool)
        .await
        .unwrap();
    for row in &mut rows {
        row.notes = Some(vec![]);
    }
    let update = Noted::update_many(&rows).only_where(Noted::NOTES.is_null());
    assert_eq!(update.execute(&pool).await.unwrap(), 7_499);
}

#[tokio::test]
async fn rows_are_deleted_by_their_keys() {
    let (pool, _database) = pool().await;
    Item::insert_many(&items(0..1_000))
        .execute(&pool)
        .await
        .unwrap();
    let keys: Vec<i64> = (0..2_000).filter(|id| id % 2 == 0).chain([2, 4]).collect();
    assert_eq!(
        delete_many(&table::TABLE, &keys)
            .execute(&pool)
            .await
            .unwrap(),
        500
    );
    assert!(all::<Item>(&pool).await.iter().all(|row| row.id % 2 == 1));
    let wrong = delete_many(&table::TABLE, &[(1_i64, 2_i64)])
        .execute(&pool)
        .await;
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.ends_with("the key has 1 columns, but the keys have 2 values"),
        "{wrong}"
    );
    let wrong = delete_many(&table::TABLE, &["1"]).execute(&pool).await;
    let wrong = wrong.unwrap_err().to_string();
    assert!(
        wrong.contains("column `id`: the column is bigint, but the value can be sent as"),
        "{wrong}"
    );
}

/// A key of two columns.
mod visits {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};

    pub(super) const TABLE: Table = Table {
        schema: "public",
        name: "visits",
        columns: &[PLACE, DAYS],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const PLACE: Column = Column {
        table: "visits",
        name: "place",
        ty: types::INT8,
        nullable: false,
        default: ColumnDefault::None,
    };
    const DAYS: Column = Column {
        name: "days",
        ty: types::INT4_ARRAY,
        ..PLACE
    };
    const PKEY: Constraint = Constraint {
        schema: "public",
        table: "visits",
        name: "visits_pkey",
        kind: ConstraintKind::PrimaryKey,
        columns: &["place", "days"],
        deferrable: false,
    };
}

#[tokio::test]
async fn a_key_of_several_columns_even_arrays_is_found() {
    let (pool, _database) = support::pool().await;
    let sql = "create table visits (place int8, days int[], primary key (place, days));
               insert into visits select n, array[n, n + 1] from generate_series(1, 10) n";
    pool.batch_execute(sql).await.unwrap();
    let keys = [(1_i64, vec![1, 2]), (2, vec![2, 4]), (3, vec![3, 4])];
    let deleted = delete_many(&visits::TABLE, &keys).execute(&pool).await;
    assert_eq!(deleted.unwrap(), 2);
    let left = query("select count(*) from visits").fetch_one::<(i64,)>(&pool);
    assert_eq!(left.await.unwrap().0, 8);
}

/// A table whose rows count their changes.
mod counted {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};

    pub(super) const TABLE: Table = Table {
        schema: "public",
        name: "counted",
        columns: &[ID, NAME, VERSION],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const ID: Column = Column {
        table: "counted",
        name: "id",
        ty: types::INT4,
        nullable: false,
        default: ColumnDefault::IdentityAlways,
    };
    const NAME: Column = Column {
        name: "name",
        ty: types::TEXT,
        default: ColumnDefault::None,
        ..ID
    };
    const VERSION: Column = Column {
        name: "version",
        default: ColumnDefault::Value,
        ..ID
    };
    const PKEY: Constraint = Constraint {
        schema: "public",
        table: "counted",
        name: "counted_pkey",
        kind: ConstraintKind::PrimaryKey,
        columns: &["id"],
        deferrable: false,
    };
}

#[derive(Clone, Debug, PartialEq, PgInsert, PgRow, PgUpdate)]
#[pg(table = counted)]
struct Counted {
    #[pg(key, generated)]
    id: i32,
    name: String,
    #[pg(version)]
    version: i32,
}

#[tokio::test]
async fn a_row_that_has_changed_meanwhile_is_passed_over() {
    let (pool, _database) = support::pool().await;
    let sql = "create table counted (id int generated always as identity constraint counted_pkey primary key,
                                     name text not null, version int not null default 0);
               insert into counted (name) select n::text from generate_series(1, 10) n";
    pool.batch_execute(sql).await.unwrap();
    let read = query("select * from counted order by id").fetch_all::<Counted>(&pool);
    let mut rows = read.await.unwrap();
    for row in &mut rows {
        row.name.push('!');
    }
    query("update counted set version = version + 1 where id > 6")
        .execute(&pool)
        .await
        .unwrap();
    let updated = Counted::update_many(&rows).returning().fetch(&pool).await;
    let updated = updated.unwrap();
    assert_eq!(updated.len(), 6);
    assert!(
        updated
            .iter()
            .all(|row| row.id <= 6 && row.version == 1 && row.name.ends_with('!'))
    );
    assert_eq!(Counted::update_many(&rows).execute(&pool).await.unwrap(), 0);
}
