//! cornucopia: the module that it generates, over deadpool-postgres.

use std::hint::black_box;

use deadpool_postgres::Pool;
use futures_util::future::try_join_all;
use howdah_benches_cornucopia::client::GenericClient;
use howdah_benches_cornucopia::queries::app::{self as queries, Item};
use tokio_postgres::Error;

use super::{
    Case, Failure, MANY, Peer, Running, deadpool, entries, next_document, next_key, next_keys,
    tasks,
};

pub(super) struct Cornucopia {
    pool: Pool,
}

async fn item(client: &impl GenericClient) -> Result<Option<Item>, Error> {
    queries::item().bind(client, &next_key()).opt().await
}

impl Cornucopia {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        Ok(Self {
            pool: deadpool::pool(url)?,
        })
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
                black_box(queries::items().bind(&client, &count).all().await?);
            }
            Case::Document => {
                let document = queries::document();
                black_box(document.bind(&client, &next_document()).opt().await?);
            }
            Case::Documents(count) => {
                black_box(queries::documents().bind(&client, &count).all().await?);
            }
            Case::Insert => {
                queries::add_entry().bind(&client, &"entry", &1).await?;
            }
            Case::InsertMany(count) => {
                let entries = entries(count);
                let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
                let quantities: Vec<_> = entries.iter().map(|entry| entry.quantity).collect();
                let add = queries::add_entries();
                add.bind(&client, &names, &quantities).await?;
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
                let keys = next_keys();
                black_box(queries::items_by_key().bind(&client, &keys).all().await?);
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

impl Peer for Cornucopia {
    fn name(&self) -> &'static str {
        "cornucopia"
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
