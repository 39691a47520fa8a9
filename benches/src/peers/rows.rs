//! The structs of peers that use tokio-postgres' rows, which are read by position with type checks.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use tokio_postgres::{Error, Row};

pub(super) const ITEM: &str = "select * from items where id = $1";
pub(super) const ITEMS_BY_KEY: &str = "select * from items where id = any($1)";
pub(super) const DOCUMENT: &str = "select * from documents where id = $1";
pub(super) const ITEMS: &str = "select * from items order by id limit $1";
pub(super) const DOCUMENTS: &str = "select * from documents order by id limit $1";
pub(super) const ADD_ENTRY: &str = "insert into entries (name, quantity) values ($1, $2)";

/// An `insert` of `count` rows in one VALUES.
pub(super) fn add_entries(count: usize) -> String {
    let rows: Vec<_> = (0..count)
        .map(|n| format!("(${}, ${})", n * 2 + 1, n * 2 + 2))
        .collect();
    format!(
        "insert into entries (name, quantity) values {}",
        rows.join(", ")
    )
}

/// The parameters of [`add_entries`].
pub(super) fn add_entries_params(
    count: usize,
) -> Vec<&'static (dyn tokio_postgres::types::ToSql + Sync)> {
    let mut params: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = Vec::new();
    for entry in super::entries(count) {
        params.push(&entry.name);
        params.push(&entry.quantity);
    }
    params
}

/// A row of `items`.
#[derive(Debug)]
#[expect(dead_code, reason = "read, not used")]
pub(super) struct Item {
    id: i64,
    name: String,
    quantity: i32,
    price: f64,
    active: bool,
    note: Option<String>,
}

impl Item {
    pub(super) fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            quantity: row.try_get(2)?,
            price: row.try_get(3)?,
            active: row.try_get(4)?,
            note: row.try_get(5)?,
        })
    }
}

/// A row of `documents`.
#[derive(Debug)]
#[expect(dead_code, reason = "read, not used")]
pub(super) struct Document {
    id: i64,
    name: String,
    tags: Vec<String>,
    body: serde_json::Value,
    price: Decimal,
    created_at: DateTime<Utc>,
    note: Option<String>,
}

impl Document {
    pub(super) fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            tags: row.try_get(2)?,
            body: row.try_get(3)?,
            price: row.try_get(4)?,
            created_at: row.try_get(5)?,
            note: row.try_get(6)?,
        })
    }
}

pub(super) fn items(rows: &[Row]) -> Result<Vec<Item>, Error> {
    rows.iter().map(Item::from_row).collect()
}

pub(super) fn documents(rows: &[Row]) -> Result<Vec<Document>, Error> {
    rows.iter().map(Document::from_row).collect()
}
