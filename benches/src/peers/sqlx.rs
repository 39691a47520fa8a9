//! sqlx, with a connection acquired once, or from its pool each time, without the default ping.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, FromRow, PgConnection, PgPool};

use super::rows;
use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, entries, next_document, next_key, next_keys,
    tasks,
};

/// When a connection is taken from the pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Acquire {
    Once,
    EachTime,
}

pub(super) struct Sqlx {
    pool: PgPool,
    acquire: Acquire,
}

#[derive(FromRow)]
#[expect(dead_code, reason = "read, not used")]
struct Item {
    id: i64,
    name: String,
    quantity: i32,
    price: f64,
    active: bool,
    note: Option<String>,
}

#[derive(FromRow)]
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

async fn item(connection: &mut PgConnection) -> Result<Option<Item>, sqlx::Error> {
    let query = sqlx::query_as(rows::ITEM).bind(next_key());
    query.fetch_optional(connection).await
}

async fn once(connection: &mut PgConnection, case: Case) -> Result<(), Failure> {
    match case {
        Case::Item => {
            black_box(item(connection).await?);
        }
        Case::Items(count) => {
            let query = sqlx::query_as::<_, Item>(rows::ITEMS).bind(count);
            black_box(query.fetch_all(connection).await?);
        }
        Case::Document => {
            let query = sqlx::query_as::<_, Document>(rows::DOCUMENT).bind(next_document());
            black_box(query.fetch_optional(connection).await?);
        }
        Case::Documents(count) => {
            let query = sqlx::query_as::<_, Document>(rows::DOCUMENTS).bind(count);
            black_box(query.fetch_all(connection).await?);
        }
        Case::Insert => {
            let query = sqlx::query(rows::ADD_ENTRY).bind("entry").bind(1);
            query.execute(connection).await?;
        }
        Case::InsertMany(count) => {
            let entries = entries(count);
            let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            let quantities: Vec<i32> = entries.iter().map(|entry| entry.quantity).collect();
            let query = sqlx::query(
                "insert into entries (name, quantity) select * from unnest($1::text[], $2::integer[])",
            );
            let query = query.bind(names).bind(quantities);
            query.execute(connection).await?;
        }
        Case::KeysInTurn => {
            for _ in 0..MANY {
                black_box(item(connection).await?);
            }
        }
        Case::KeysGathered => {
            let query = sqlx::query_as::<_, Item>(rows::ITEMS_BY_KEY).bind(next_keys());
            black_box(query.fetch_all(connection).await?);
        }
        Case::Transaction => {
            let mut transaction = connection.begin().await?;
            black_box(item(&mut transaction).await?);
            transaction.commit().await?;
        }
        Case::KeysAtOnce | Case::Tasks => {}
    }
    Ok(())
}

impl Sqlx {
    pub(super) fn connect(url: &str, acquire: Acquire) -> Result<Self, Failure> {
        let options = PgPoolOptions::new()
            .max_connections(CONNECTIONS.try_into()?)
            .test_before_acquire(false);
        let pool = options.connect_lazy(url)?;
        Ok(Self { pool, acquire })
    }
}

impl Peer for Sqlx {
    fn name(&self) -> &'static str {
        match self.acquire {
            Acquire::Once => "sqlx (connection)",
            Acquire::EachTime => "sqlx (pool)",
        }
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        match (case, self.acquire) {
            (Case::KeysAtOnce, _) | (Case::Tasks, Acquire::Once) => return None,
            (Case::Tasks, Acquire::EachTime) => {
                let pool = self.pool.clone();
                return Some(Box::pin(tasks(move |_| {
                    let pool = pool.clone();
                    async move {
                        black_box(item(&mut *pool.acquire().await?).await?);
                        Ok(())
                    }
                })));
            }
            _ => {}
        }
        Some(Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            for _ in 0..times {
                if self.acquire == Acquire::EachTime {
                    drop(connection);
                    connection = self.pool.acquire().await?;
                }
                once(&mut connection, case).await?;
            }
            Ok(())
        }))
    }
}
