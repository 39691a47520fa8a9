//! diesel-async with deadpool, without the default ping.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::future::try_join_all;
use rust_decimal::Decimal;

use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, next_document, next_key, next_keys, tasks,
};

diesel::table! {
    items (id) {
        id -> BigInt,
        name -> Text,
        quantity -> Integer,
        price -> Double,
        active -> Bool,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        name -> Text,
        tags -> Array<Text>,
        body -> Jsonb,
        price -> Numeric,
        created_at -> Timestamptz,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    entries (name) {
        name -> Text,
        quantity -> Integer,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = items)]
#[expect(dead_code, reason = "read, not used")]
struct Item {
    id: i64,
    name: String,
    quantity: i32,
    price: f64,
    active: bool,
    note: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = documents)]
#[expect(dead_code, reason = "read, not used")]
struct Document {
    id: i64,
    name: String,
    tags: Vec<String>,
    body: serde_json::Value,
    price: Decimal,
    created_at: DateTime<Utc>,
    note: Option<String>,
}

pub(super) struct Diesel {
    pool: Pool<AsyncPgConnection>,
}

async fn item(connection: &mut AsyncPgConnection) -> Result<Option<Item>, Error> {
    let query = items::table.find(next_key()).select(Item::as_select());
    query.first(connection).await.optional()
}

async fn once(connection: &mut AsyncPgConnection, case: Case) -> Result<(), Failure> {
    match case {
        Case::Item => {
            black_box(item(connection).await?);
        }
        Case::Items(count) => {
            let query = items::table.order(items::id).limit(count);
            black_box(query.select(Item::as_select()).load(connection).await?);
        }
        Case::Document => {
            let query = documents::table.find(next_document());
            let query = query.select(Document::as_select());
            black_box(query.first(connection).await.optional()?);
        }
        Case::Documents(count) => {
            let query = documents::table.order(documents::id).limit(count);
            black_box(query.select(Document::as_select()).load(connection).await?);
        }
        Case::Insert => {
            let row = (entries::name.eq("entry"), entries::quantity.eq(1));
            let insert = diesel::insert_into(entries::table).values(row);
            insert.execute(connection).await?;
        }
        Case::InsertMany(count) => {
            let rows: Vec<_> = super::entries(count)
                .iter()
                .map(|e| (entries::name.eq(&e.name), entries::quantity.eq(e.quantity)))
                .collect();
            let insert = diesel::insert_into(entries::table).values(rows);
            insert.execute(connection).await?;
        }
        Case::KeysInTurn => {
            for _ in 0..MANY {
                black_box(item(connection).await?);
            }
        }
        Case::KeysAtOnce => {
            let connection = &*connection;
            let fetches = (0..MANY).map(|_| async move {
                let query = items::table.find(next_key()).select(Item::as_select());
                query.first(&mut &*connection).await.optional()
            });
            black_box(try_join_all(fetches).await?);
        }
        Case::KeysGathered => {
            let query = items::table.filter(items::id.eq_any(next_keys()));
            black_box(query.select(Item::as_select()).load(connection).await?);
        }
        Case::Transaction => {
            let row =
                connection.transaction::<_, Error, _>(async |connection| item(connection).await);
            black_box(row.await?);
        }
        Case::Tasks => {}
    }
    Ok(())
}

impl Diesel {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager).max_size(CONNECTIONS).build()?;
        Ok(Self { pool })
    }
}

impl Peer for Diesel {
    fn name(&self) -> &'static str {
        "diesel-async"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        if case == Case::Tasks {
            let pool = self.pool.clone();
            return Some(Box::pin(tasks(move |_| {
                let pool = pool.clone();
                async move {
                    black_box(item(&mut *pool.get().await?).await?);
                    Ok(())
                }
            })));
        }
        Some(Box::pin(async move {
            for _ in 0..times {
                once(&mut *self.pool.get().await?, case).await?;
            }
            Ok(())
        }))
    }
}
