//! tokio-postgres with its connections in hand, its statements prepared beforehand and its rows read by position: what
//! all others are compared with.

use std::hint::black_box;
use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls, Statement};

use super::rows::{self, Item};
use super::{CONNECTIONS, Case, Failure, MANY, Peer, Running, next_key, tasks};

pub(super) struct Bare {
    connections: Vec<Arc<Mutex<Connection>>>,
}

struct Connection {
    client: Client,
    item: Statement,
    items: Statement,
    documents: Statement,
    add_entry: Statement,
    add_entries: Statement,
}

impl Bare {
    pub(super) async fn connect(url: &str) -> Result<Self, Failure> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            connections.push(Arc::new(Mutex::new(Connection {
                item: client.prepare(rows::ITEM).await?,
                items: client.prepare(rows::ITEMS).await?,
                documents: client.prepare(rows::DOCUMENTS).await?,
                add_entry: client.prepare(rows::ADD_ENTRY).await?,
                add_entries: client.prepare(&rows::add_entries()).await?,
                client,
            })));
        }
        Ok(Self { connections })
    }
}

impl Connection {
    async fn item(&self, key: i64) -> Result<Option<Item>, Failure> {
        let row = self.client.query_opt(&self.item, &[&key]).await?;
        Ok(row.as_ref().map(Item::from_row).transpose()?)
    }

    async fn once(&mut self, case: Case) -> Result<(), Failure> {
        match case {
            Case::Item => {
                black_box(self.item(next_key()).await?);
            }
            Case::Items(count) => {
                let rows = self.client.query(&self.items, &[&count]).await?;
                black_box(rows::items(&rows)?);
            }
            Case::Documents(count) => {
                let rows = self.client.query(&self.documents, &[&count]).await?;
                black_box(rows::documents(&rows)?);
            }
            Case::Insert => {
                self.client
                    .execute(&self.add_entry, &[&"entry", &1])
                    .await?;
            }
            Case::InsertMany => {
                let params = rows::add_entries_params();
                self.client.execute(&self.add_entries, &params).await?;
            }
            Case::KeysInTurn => {
                for _ in 0..MANY {
                    black_box(self.item(next_key()).await?);
                }
            }
            Case::KeysAtOnce => {
                black_box(try_join_all((0..MANY).map(|_| self.item(next_key()))).await?);
            }
            Case::Transaction => {
                let transaction = self.client.transaction().await?;
                let row = transaction.query_opt(&self.item, &[&next_key()]).await?;
                black_box(row.as_ref().map(Item::from_row).transpose()?);
                transaction.commit().await?;
            }
            Case::Tasks => {}
        }
        Ok(())
    }
}

impl Bare {
    async fn tasks(&self) -> Result<(), Failure> {
        let connections = self.connections.clone();
        tasks(move |task| {
            let connection = Arc::clone(&connections[task % CONNECTIONS]);
            async move {
                black_box(connection.lock().await.item(next_key()).await?);
                Ok(())
            }
        })
        .await
    }
}

impl Peer for Bare {
    fn name(&self) -> &'static str {
        "tokio-postgres"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        Some(Box::pin(async move {
            for _ in 0..times {
                match case {
                    Case::Tasks => self.tasks().await?,
                    case => self.connections[0].lock().await.once(case).await?,
                }
            }
            Ok(())
        }))
    }
}
