//! tokio-postgres with held connections, prepared statements and rows that are read by position. All others are
//! compared with it.

use std::collections::hash_map::{Entry, HashMap};
use std::hint::black_box;
use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls, Statement};

use super::rows::{self, Document, Item};
use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, next_document, next_key, next_keys, tasks,
};

pub(super) struct Bare {
    connections: Vec<Arc<Mutex<Connection>>>,
}

struct Connection {
    client: Client,
    item: Statement,
    items: Statement,
    items_by_key: Statement,
    document: Statement,
    documents: Statement,
    add_entry: Statement,
    add_entries: HashMap<usize, Statement>,
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
                items_by_key: client.prepare(rows::ITEMS_BY_KEY).await?,
                document: client.prepare(rows::DOCUMENT).await?,
                documents: client.prepare(rows::DOCUMENTS).await?,
                add_entry: client.prepare(rows::ADD_ENTRY).await?,
                add_entries: HashMap::new(),
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
            Case::Document => {
                let key = next_document();
                let row = self.client.query_opt(&self.document, &[&key]).await?;
                black_box(row.as_ref().map(Document::from_row).transpose()?);
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
            Case::InsertMany(count) => {
                let statement = match self.add_entries.entry(count) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        new.insert(self.client.prepare(&rows::add_entries(count)).await?)
                    }
                };
                let params = rows::add_entries_params(count);
                self.client.execute(&*statement, &params).await?;
            }
            Case::KeysInTurn => {
                for _ in 0..MANY {
                    black_box(self.item(next_key()).await?);
                }
            }
            Case::KeysAtOnce => {
                black_box(try_join_all((0..MANY).map(|_| self.item(next_key()))).await?);
            }
            Case::KeysGathered => {
                let keys = next_keys();
                let rows = self.client.query(&self.items_by_key, &[&keys]).await?;
                black_box(rows::items(&rows)?);
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
