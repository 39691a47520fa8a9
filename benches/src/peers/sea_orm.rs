//! SeaORM on its pool, without the default ping.

use std::hint::black_box;

use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, Set, TransactionTrait,
};

use super::{
    CONNECTIONS, Case, Failure, MANY, Peer, Running, next_document, next_key, next_keys, tasks,
};

mod items {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "items")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub quantity: i32,
        pub price: f64,
        pub active: bool,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod documents {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub tags: Vec<String>,
        pub body: serde_json::Value,
        pub price: rust_decimal::Decimal,
        pub created_at: chrono::DateTime<chrono::Utc>,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod entries {
    use sea_orm::entity::prelude::*;

    // SeaORM needs a key; the table has none.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub quantity: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) struct SeaOrm {
    database: DatabaseConnection,
}

async fn item(database: &impl ConnectionTrait) -> Result<Option<items::Model>, DbErr> {
    items::Entity::find_by_id(next_key()).one(database).await
}

fn entry(name: &str, quantity: i32) -> entries::ActiveModel {
    entries::ActiveModel {
        name: Set(name.to_owned()),
        quantity: Set(quantity),
    }
}

impl SeaOrm {
    pub(super) async fn connect(url: &str) -> Result<Self, Failure> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(CONNECTIONS.try_into()?)
            .test_before_acquire(false)
            .sqlx_logging(false)
            .connect_lazy(true);
        let database = Database::connect(options).await?;
        Ok(Self { database })
    }

    async fn once(&self, case: Case) -> Result<(), Failure> {
        let database = &self.database;
        match case {
            Case::Item => {
                black_box(item(database).await?);
            }
            Case::Items(count) => {
                let query = items::Entity::find().order_by_asc(items::Column::Id);
                black_box(query.limit(count.unsigned_abs()).all(database).await?);
            }
            Case::Document => {
                let query = documents::Entity::find_by_id(next_document());
                black_box(query.one(database).await?);
            }
            Case::Documents(count) => {
                let query = documents::Entity::find().order_by_asc(documents::Column::Id);
                black_box(query.limit(count.unsigned_abs()).all(database).await?);
            }
            Case::Insert => {
                let insert = entries::Entity::insert(entry("entry", 1));
                insert.exec_without_returning(database).await?;
            }
            Case::InsertMany(count) => {
                let rows = super::entries(count)
                    .iter()
                    .map(|e| entry(&e.name, e.quantity));
                let insert = entries::Entity::insert_many(rows);
                insert.exec_without_returning(database).await?;
            }
            Case::KeysInTurn => {
                for _ in 0..MANY {
                    black_box(item(database).await?);
                }
            }
            Case::KeysGathered => {
                let query = items::Entity::find().filter(items::Column::Id.is_in(next_keys()));
                black_box(query.all(database).await?);
            }
            Case::Transaction => {
                let transaction = database.begin().await?;
                black_box(item(&transaction).await?);
                transaction.commit().await?;
            }
            Case::Tasks => {
                let database = database.clone();
                tasks(move |_| {
                    let database = database.clone();
                    async move {
                        black_box(item(&database).await?);
                        Ok(())
                    }
                })
                .await?;
            }
            Case::KeysAtOnce => {}
        }
        Ok(())
    }
}

impl Peer for SeaOrm {
    fn name(&self) -> &'static str {
        "sea-orm"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        (case != Case::KeysAtOnce).then(|| -> Running<'_> {
            Box::pin(async move {
                for _ in 0..times {
                    self.once(case).await?;
                }
                Ok(())
            })
        })
    }
}
