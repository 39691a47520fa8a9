//! howdah's cheaper features: rows that borrow from the result, with JSON as text, and connections that tasks share.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use howdah::{LazyJson, Multiplexed, PgRow, Pool, RowSet};
use rust_decimal::Decimal;

use super::{CONNECTIONS, Case, Failure, Peer, Running, next_document, next_key, next_keys, tasks};
use crate::queries::items as queries;

pub(super) struct Lean {
    pool: Pool,
    multiplexed: Multiplexed,
}

#[derive(PgRow)]
#[expect(dead_code, reason = "read, not used")]
struct Item<'r> {
    id: i64,
    name: &'r str,
    quantity: i32,
    price: f64,
    active: bool,
    note: Option<&'r str>,
}

#[derive(PgRow)]
#[expect(dead_code, reason = "read, not used")]
struct Document<'r> {
    id: i64,
    name: &'r str,
    tags: Vec<&'r str>,
    body: LazyJson<&'r str>,
    price: Decimal,
    created_at: DateTime<Utc>,
    note: Option<&'r str>,
}

fn look<'r, R: PgRow<'r>>(rows: &'r RowSet) -> Result<(), howdah::Error> {
    for row in rows.read::<R>()? {
        black_box(row?);
    }
    Ok(())
}

impl Lean {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        let pool = Pool::builder(url)?.max_size(CONNECTIONS).build()?;
        Ok(Self {
            multiplexed: pool.multiplexed(2),
            pool,
        })
    }

    async fn once(&self, case: Case) -> Result<(), Failure> {
        let pool = &self.pool;
        match case {
            Case::Item => {
                let query = queries::item(next_key()).fetch_rows(pool);
                look::<Item<'_>>(&query.await?)?;
            }
            Case::Items(count) => {
                look::<Item<'_>>(&queries::items(count).fetch_rows(pool).await?)?;
            }
            Case::KeysGathered => {
                let keys = next_keys();
                look::<Item<'_>>(&queries::items_by_key(&keys).fetch_rows(pool).await?)?;
            }
            Case::Document => {
                let query = queries::document(next_document()).fetch_rows(pool);
                look::<Document<'_>>(&query.await?)?;
            }
            Case::Documents(count) => {
                look::<Document<'_>>(&queries::documents(count).fetch_rows(pool).await?)?;
            }
            Case::Tasks => {
                let connections = self.multiplexed.clone();
                tasks(move |_| {
                    let connections = connections.clone();
                    async move {
                        black_box(queries::item(next_key()).fetch(&connections).await?);
                        Ok(())
                    }
                })
                .await?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Peer for Lean {
    fn name(&self) -> &'static str {
        "howdah (lean)"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        let does = matches!(
            case,
            Case::Item
                | Case::Items(_)
                | Case::KeysGathered
                | Case::Document
                | Case::Documents(_)
                | Case::Tasks
        );
        does.then(|| -> Running<'_> {
            Box::pin(async move {
                for _ in 0..times {
                    self.once(case).await?;
                }
                Ok(())
            })
        })
    }
}
