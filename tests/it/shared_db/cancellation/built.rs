//! The operations of builders, and of queries that `howdah generate` writes.

use futures_util::TryStreamExt;
use howdah::{
    Many, Param, PgInsert, PgRow, PgSelect, PgUpdate, Pool, Query, Value, delete_many, key, query,
    verify,
};

use super::{Operation, Watched};

/// As `howdah generate` writes it.
mod rows {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};

    pub(super) const TABLE: Table = Table {
        schema: "public",
        name: "rows",
        columns: &[ID, VALUE],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    pub(super) const ID: Column = Column {
        table: "rows",
        name: "id",
        ty: types::INT4,
        nullable: false,
        default: ColumnDefault::None,
    };
    pub(super) const VALUE: Column = Column {
        name: "value",
        ..ID
    };
    pub(super) const PKEY: Constraint = Constraint {
        table: "rows",
        name: "rows_pkey",
        schema: "public",
        kind: ConstraintKind::PrimaryKey,
        columns: &["id"],
        deferrable: false,
    };
}

#[derive(PgRow, PgInsert, PgUpdate, PgSelect)]
#[pg(table = rows)]
struct Row {
    #[pg(key)]
    id: i32,
    value: i32,
}

fn some_rows(count: i32) -> Vec<Row> {
    (0..count).map(|id| Row { id, value: id }).collect()
}

async fn empty(pool: &Pool) {
    query("delete from rows").execute(pool).await.unwrap();
}

pub(super) const OPERATIONS: &[Operation] = &[
    ("statement", |Watched { pool, .. }| {
        Box::pin(async move {
            let all = || {
                Query::<Many<Value<i32>>>::new(
                    "n",
                    "select n from generate_series(1, $1::int4) n",
                    [Param::new(300)],
                )
            };
            assert_eq!(all().fetch(pool).await.unwrap().len(), 300);
            assert_eq!(all().fetch_rows(pool).await.unwrap().len(), 300);
            assert_eq!(all().execute(pool).await.unwrap(), 300);
            let stream = all().stream(pool).await.unwrap();
            assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 300);
        })
    }),
    ("row by its key", |Watched { pool, .. }| {
        Box::pin(async move {
            let insert = Row::insert().id(1).value(1);
            let insert = insert.on_conflict(key!(rows::PKEY)).do_update();
            insert.execute(pool).await.unwrap();
            Row::find(1).fetch(pool).await.unwrap();
            let update = Row::update(1).value(2);
            assert_eq!(update.execute(pool).await.unwrap(), 1);
            let update = Row::update(1).value(3).returning();
            assert_eq!(update.execute(pool).await.unwrap(), 1);
            assert_eq!(Row::delete(1).execute(pool).await.unwrap(), 1);
        })
    }),
    ("rows by a condition", |Watched { pool, .. }| {
        Box::pin(async move {
            let all = || Row::select().filter(Row::VALUE.ge(0));
            all().fetch(pool).await.unwrap();
            all()
                .order_by(Row::ID.asc())
                .fetch_first(pool)
                .await
                .unwrap();
            let stream = all().stream(pool).await.unwrap();
            stream.try_collect::<Vec<_>>().await.unwrap();
            let stream = all().build().stream(pool).await.unwrap();
            stream.try_collect::<Vec<_>>().await.unwrap();
            all().count(pool).await.unwrap();
            all().exists(pool).await.unwrap();
            let grouped = Row::select().grouped_by(Row::VALUE, &[1, 2]);
            assert_eq!(grouped.fetch(pool).await.unwrap().len(), 2);
        })
    }),
    ("bulk insert", |Watched { pool, .. }| {
        Box::pin(async move {
            empty(pool).await;
            Row::insert_many(&some_rows(100))
                .execute(pool)
                .await
                .unwrap();
        })
    }),
    ("bulk insert of many", |Watched { pool, .. }| {
        Box::pin(async move {
            empty(pool).await;
            Row::insert_many(&some_rows(5_000))
                .execute(pool)
                .await
                .unwrap();
        })
    }),
    ("bulk insert in batches", |Watched { pool, .. }| {
        Box::pin(async move {
            empty(pool).await;
            let rows = some_rows(100);
            let insert = Row::insert_many(&rows).in_batches_of(30);
            assert_eq!(insert.returning().fetch(pool).await.unwrap().len(), 100);
        })
    }),
    ("bulk update and delete", |Watched { pool, .. }| {
        Box::pin(async move {
            let rows = some_rows(100);
            Row::update_many(&rows).execute(pool).await.unwrap();
            let keys = (0..100).collect::<Vec<_>>();
            delete_many(&rows::TABLE, &keys)
                .execute(pool)
                .await
                .unwrap();
        })
    }),
    ("bulk insert that is counted", |Watched { pool, .. }| {
        Box::pin(async move {
            let rows = some_rows(100);
            let insert = Row::insert_many(&rows).on_conflict(key!(rows::PKEY));
            insert.do_update().execute_counted(pool).await.unwrap();
            let updated = Row::update_many(&rows).returning().fetch(pool).await;
            assert_eq!(updated.unwrap().len(), 100);
            let keys: Vec<_> = rows.iter().map(|row| row.id).collect();
            let deleted = Row::delete_many(&keys).returning().fetch(pool).await;
            assert_eq!(deleted.unwrap().len(), 100);
        })
    }),
    ("verify", |Watched { pool, .. }| {
        Box::pin(async move {
            let contract = verify::TableContract {
                table: &rows::TABLE,
                queries: &["some"],
            };
            verify::schema(pool, &[contract], &[], &[]).await.unwrap();
        })
    }),
];
