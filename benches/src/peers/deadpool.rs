//! deadpool-postgres: tokio-postgres from a pool, with its cache of prepared statements.

use std::hint::black_box;

use deadpool_postgres::{GenericClient, Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::future::try_join_all;
use tokio_postgres::NoTls;

use super::rows::{self, Document, Item};
use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, next_document, next_key, next_keys, tasks,
};

/// A pool that does not check connections before use.
pub(super) fn pool(url: &str) -> Result<Pool, Failure> {
    let config = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(url.parse()?, NoTls, config);
    Ok(Pool::builder(manager).max_size(CONNECTIONS).build()?)
}

pub(super) struct Deadpool {
    pool: Pool,
}

async fn item(client: &impl GenericClient) -> Result<Option<Item>, Failure> {
    let statement = client.prepare_cached(rows::ITEM).await?;
    let row = client.query_opt(&statement, &[&next_key()]).await?;
    Ok(row.as_ref().map(Item::from_row).transpose()?)
}

impl Deadpool {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        Ok(Self { pool: pool(url)? })
    }

    async fn once(&self, case: Case) -> Result<(), Failure> {
        if case == Case::Tasks {
            let pool = self.pool.clone();
            return tasks(move |_| {
                let pool = pool.clone();
                async move {
                    black_box(item(&pool.get().await?).await?);
                    Ok(())
                }
            })
            .await;
        }
        let mut client = self.pool.get().await?;
        match case {
            Case::Item => {
                black_box(item(&client).await?);
            }
            Case::Items(count) => {
                let statement = client.prepare_cached(rows::ITEMS).await?;
                let rows = client.query(&statement, &[&count]).await?;
                black_box(rows::items(&rows)?);
            }
            Case::Document => {
                let statement = client.prepare_cached(rows::DOCUMENT).await?;
                let row = client.query_opt(&statement, &[&next_document()]).await?;
                black_box(row.as_ref().map(Document::from_row).transpose()?);
            }
            Case::Documents(count) => {
                let statement = client.prepare_cached(rows::DOCUMENTS).await?;
                let rows = client.query(&statement, &[&count]).await?;
                black_box(rows::documents(&rows)?);
            }
            Case::Insert => {
                let statement = client.prepare_cached(rows::ADD_ENTRY).await?;
                client.execute(&statement, &[&"entry", &1]).await?;
            }
            Case::InsertMany(count) => {
                let statement = client.prepare_cached(&rows::add_entries(count)).await?;
                let params = rows::add_entries_params(count);
                client.execute(&statement, &params).await?;
            }
            Case::KeysInTurn => {
                for _ in 0..MANY {
                    black_box(item(&client).await?);
                }
            }
            Case::KeysAtOnce => {
                let client = &client;
                black_box(try_join_all((0..MANY).map(|_| item(client))).await?);
            }
            Case::KeysGathered => {
                let statement = client.prepare_cached(rows::ITEMS_BY_KEY).await?;
                let rows = client.query(&statement, &[&next_keys()]).await?;
                black_box(rows::items(&rows)?);
            }
            Case::Transaction => {
                let transaction = client.transaction().await?;
                black_box(item(&transaction).await?);
                transaction.commit().await?;
            }
            Case::Tasks => {}
        }
        Ok(())
    }
}

impl Peer for Deadpool {
    fn name(&self) -> &'static str {
        "deadpool-postgres"
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
