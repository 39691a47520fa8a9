//! The numbers of updated and of new rows of an upsert, for every kind of relation.

use howdah::{Columns, PgInsert, PgRow, PgSelect, Pool, UpsertCounts, key};
use rust_decimal::Decimal;

use crate::shared_db::support;

/// As `howdah generate` writes it.
mod parts {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};

    pub(super) const TABLE: Table = Table {
        schema: "public",
        name: "parts",
        columns: &[ID, SIZE, VALUE],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    pub(super) const ID: Column = Column {
        table: "parts",
        name: "id",
        ty: types::INT4,
        nullable: false,
        default: ColumnDefault::None,
    };
    pub(super) const SIZE: Column = Column {
        name: "size",
        ty: types::NUMERIC,
        ..ID
    };
    pub(super) const VALUE: Column = Column {
        name: "value",
        ..ID
    };
    pub(super) const PKEY: Constraint = Constraint {
        schema: "public",
        table: "parts",
        name: "parts_pkey",
        kind: ConstraintKind::PrimaryKey,
        columns: &["id", "size"],
        deferrable: false,
    };
}

#[derive(PgInsert, PgRow, PgSelect)]
#[pg(table = parts)]
struct Part {
    id: i32,
    size: Decimal,
    value: i32,
}

const PLAIN: &str = "
    create table parts (id int4, size numeric, value int4 not null, primary key (id, size))";

const PARTITIONED: &str = "
    create table parts (id int4, size numeric, value int4 not null, primary key (id, size)) partition by range (id);
    create table low partition of parts for values from (0) to (10);
    create table high partition of parts default";

const VIEW: &str = "
    create table stock (id int4, big numeric, value int4 not null, primary key (id, big)) partition by range (id);
    create table low partition of stock for values from (0) to (10);
    create table high partition of stock default;
    create view parts as select value, big as size, id from stock";

fn rows(keys: std::ops::Range<i32>) -> Vec<Part> {
    keys.map(|id| Part {
        id,
        size: Decimal::new(10, 1),
        value: id,
    })
    .collect()
}

async fn upsert<E: howdah::Executor>(executor: &E, rows: &[Part]) -> (u64, u64) {
    let insert = Part::insert_many(rows).on_conflict(key!(parts::PKEY));
    counts(insert.do_update().execute_counted(executor).await)
}

async fn upsert_of(pool: &Pool, rows: &[Part], columns: impl Columns<Part>) -> (u64, u64) {
    let insert = Part::insert_many(rows).on_conflict(key!(parts::PKEY));
    counts(insert.do_update_of(columns).execute_counted(pool).await)
}

fn counts(counts: Result<UpsertCounts, howdah::Error>) -> (u64, u64) {
    let counts = counts.unwrap();
    (counts.inserted, counts.updated)
}

#[tokio::test]
async fn what_is_new_is_told_from_what_was_there_of_tables_partitions_and_views() {
    for schema in [PLAIN, PARTITIONED, VIEW] {
        let (pool, _database) = support::pool().await;
        pool.batch_execute(schema).await.unwrap();
        assert_eq!(upsert(&pool, &rows(0..8)).await, (8, 0));
        assert_eq!(upsert(&pool, &rows(5..20)).await, (12, 3));
        assert_eq!(upsert(&pool, &rows(0..900)).await, (880, 20));
        assert_eq!(upsert(&pool, &rows(7..8)).await, (0, 1));
        assert_eq!(upsert(&pool, &[]).await, (0, 0));

        let some = rows(890..910);
        let insert = || Part::insert_many(&some).on_conflict(key!(parts::PKEY));
        let left = insert().do_nothing().execute_counted(&pool).await;
        assert_eq!(counts(left), (10, 0));
        // What the condition leaves as it is, is neither.
        let mut more = rows(905..915);
        more.reverse();
        let insert = Part::insert_many(&more).on_conflict(key!(parts::PKEY));
        let insert = insert.only_where_sql("t.id < 907 or t.value > 1000");
        let insert = insert.do_update();
        assert_eq!(counts(insert.execute_counted(&pool).await), (5, 2));
        let insert = Part::insert_many(&rows(915..918))
            .execute_counted(&pool)
            .await;
        assert_eq!(counts(insert), (3, 0));
    }
}

#[tokio::test]
async fn a_single_row_is_told_as_well() {
    for schema in [PLAIN, PARTITIONED, VIEW] {
        let (pool, _database) = support::pool().await;
        pool.batch_execute(schema).await.unwrap();
        for (id, value, is_new) in [(1, 1, true), (1, 2, false), (2, 3, true), (1, 4, false)] {
            let insert = Part::insert().id(id).size(Decimal::ONE).value(value);
            let upsert = insert.on_conflict(key!(parts::PKEY)).do_update();
            let outcome = upsert.returning_outcome().fetch(&pool).await.unwrap();
            assert_eq!(
                (outcome.is_inserted(), outcome.into_row().value),
                (is_new, value)
            );
        }
    }
}

#[tokio::test]
async fn keys_that_are_equal_but_written_otherwise_are_the_same_row() {
    let (pool, _database) = support::pool().await;
    pool.batch_execute(PARTITIONED).await.unwrap();
    assert_eq!(upsert(&pool, &rows(0..3)).await, (3, 0));
    let same = || {
        let mut same = rows(0..4);
        same.iter_mut().for_each(|part| part.size = Decimal::ONE);
        same
    };
    assert_eq!(same()[0].size, Decimal::new(10, 1));
    assert_ne!(same()[0].size.to_string(), Decimal::new(10, 1).to_string());
    assert_eq!(upsert(&pool, &same()).await, (1, 3));
    assert_eq!(
        upsert_of(&pool, &same(), (Part::SIZE, Part::VALUE)).await,
        (0, 4)
    );
    assert_eq!(upsert_of(&pool, &rows(0..5), Part::SIZE).await, (1, 4));
}

#[tokio::test]
async fn a_row_that_a_trigger_leaves_alone_counts_for_nothing_and_no_other_for_it() {
    let (pool, _database) = support::pool().await;
    pool.batch_execute(PARTITIONED).await.unwrap();
    pool.batch_execute(
        "create trigger idle before update on parts
         for each row execute function suppress_redundant_updates_trigger()",
    )
    .await
    .unwrap();
    assert_eq!(upsert(&pool, &rows(0..5)).await, (5, 0));
    // Each that is there is left alone, and comes right before one that is new.
    let (there, new) = (rows(0..5), rows(5..10));
    let mixed: Vec<Part> = there
        .into_iter()
        .zip(new)
        .flat_map(|(a, b)| [a, b])
        .collect();
    assert_eq!(upsert(&pool, &mixed).await, (5, 0));
}

#[tokio::test]
async fn each_statement_of_a_transaction_counts_for_itself() {
    let (pool, _database) = support::pool().await;
    pool.batch_execute(PARTITIONED).await.unwrap();
    pool.transaction(async |tx| {
        assert_eq!(upsert(tx, &rows(0..5)).await, (5, 0));
        assert_eq!(upsert(tx, &rows(0..5)).await, (0, 5));
        howdah::query("delete from parts").execute(tx).await?;
        assert_eq!(upsert(tx, &rows(4..6)).await, (2, 0));
        let all = rows(0..10);
        let insert = Part::insert_many(&all).on_conflict(key!(parts::PKEY));
        let batches = insert.do_update().in_batches_of(3);
        assert_eq!(counts(batches.execute_counted(tx).await), (8, 2));
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
}
