//! howdah: generated query functions on a pool.

use std::hint::black_box;

use futures_util::future::try_join_all;
use howdah::{InsertMany, Pool};

use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, entries, next_document, next_key, next_keys,
    tasks,
};
use crate::queries::items as queries;

pub(super) struct Howdah {
    pool: Pool,
}

impl Howdah {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        let pool = Pool::builder(url)?.max_size(CONNECTIONS).build()?;
        Ok(Self { pool })
    }

    async fn once(&self, case: Case) -> Result<(), Failure> {
        let pool = &self.pool;
        match case {
            Case::Item => {
                black_box(queries::item(next_key()).fetch(pool).await?);
            }
            Case::Items(count) => {
                black_box(queries::items(count).fetch(pool).await?);
            }
            Case::Document => {
                black_box(queries::document(next_document()).fetch(pool).await?);
            }
            Case::Documents(count) => {
                black_box(queries::documents(count).fetch(pool).await?);
            }
            Case::Insert => {
                queries::add_entry("entry", 1).fetch(pool).await?;
            }
            Case::InsertMany(count) => {
                InsertMany::new(entries(count)).execute(pool).await?;
            }
            Case::KeysInTurn => {
                let connection = pool.get().await?;
                for _ in 0..MANY {
                    black_box(queries::item(next_key()).fetch(&connection).await?);
                }
            }
            Case::KeysAtOnce => {
                let connection = pool.get().await?;
                let fetches = (0..MANY).map(|_| queries::item(next_key()).fetch(&connection));
                black_box(try_join_all(fetches).await?);
            }
            Case::KeysGathered => {
                let keys = next_keys();
                black_box(queries::items_by_key(&keys).fetch(pool).await?);
            }
            Case::Transaction => {
                let row = pool.transaction(async |tx| queries::item(next_key()).fetch(tx).await);
                black_box(row.await?);
            }
            Case::Tasks => {
                let pool = pool.clone();
                tasks(move |_| {
                    let pool = pool.clone();
                    async move {
                        black_box(queries::item(next_key()).fetch(&pool).await?);
                        Ok(())
                    }
                })
                .await?;
            }
        }
        Ok(())
    }
}

impl Peer for Howdah {
    fn name(&self) -> &'static str {
        "howdah (pool)"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        Some(Box::pin(async move {
            for _ in 0..times {
                self.once(case).await?;
            }
            Ok(())
        }))
    }
}
