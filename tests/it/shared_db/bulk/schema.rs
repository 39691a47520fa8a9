//! The table of the tests: names that need quotes, a domain, an enum, arrays, defaults.

use howdah::{PgInsert, PgRow, PgSelect, PgUpdate, Pool};

use crate::shared_db::support;

/// As `howdah generate` writes it.
pub(super) mod items {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, SqlType, Table, types};

    static MOOD: SqlType = SqlType::enumeration("The shop", "Mood");
    static PRICE: SqlType = SqlType::domain("The shop", "price", &types::NUMERIC);

    pub(crate) const TABLE: Table = Table {
        schema: "The shop",
        name: "Items",
        columns: &[ID, SELECT, MOODS, PRICES, NOTES, ADDED],
        constraints: &[PKEY, SELECT_KEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    pub(crate) const ID: Column = Column {
        table: "Items",
        name: "id",
        ty: types::INT8,
        nullable: false,
        default: ColumnDefault::IdentityByDefault,
    };
    pub(crate) const SELECT: Column = Column {
        name: "select",
        ty: types::TEXT,
        default: ColumnDefault::None,
        ..ID
    };
    pub(crate) const MOODS: Column = Column {
        name: "mo\"od",
        ty: MOOD,
        nullable: true,
        default: ColumnDefault::Value,
        ..ID
    };
    pub(crate) const PRICES: Column = Column {
        name: "price",
        ty: PRICE,
        nullable: true,
        default: ColumnDefault::None,
        ..ID
    };
    pub(crate) const NOTES: Column = Column {
        name: "notes",
        ty: types::TEXT_ARRAY,
        nullable: true,
        default: ColumnDefault::None,
        ..ID
    };
    pub(crate) const ADDED: Column = Column {
        name: "added",
        ty: types::TIMESTAMPTZ,
        default: ColumnDefault::Value,
        ..ID
    };
    pub(crate) const PKEY: Constraint = Constraint {
        schema: "The shop",
        table: "Items",
        name: "Items_pkey",
        kind: ConstraintKind::PrimaryKey,
        columns: &["id"],
        deferrable: false,
    };
    pub(crate) const SELECT_KEY: Constraint = Constraint {
        name: "Items_select_idx",
        kind: ConstraintKind::UniqueIndex {
            predicate: Some("(price IS NULL)"),
        },
        columns: &["select"],
        ..PKEY
    };
}

/// An item without arrays.
#[derive(Clone, Debug, PartialEq, PgInsert, PgRow, PgSelect, PgUpdate)]
#[pg(table = items)]
pub(super) struct Item {
    #[pg(key)]
    pub(super) id: i64,
    pub(super) select: String,
    #[pg(rename = "mo\"od")]
    pub(super) mood: Option<Mood>,
    pub(super) price: Option<rust_decimal::Decimal>,
}

/// An item with an array.
#[derive(Clone, Debug, PartialEq, PgInsert, PgRow, PgSelect, PgUpdate)]
#[pg(table = items)]
pub(super) struct Noted {
    #[pg(key)]
    pub(super) id: i64,
    pub(super) select: String,
    pub(super) notes: Option<Vec<Option<String>>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mood {
    Sad,
    Glad,
}

impl howdah::Encode for Mood {
    const ACCEPTS: &'static howdah::Accepts = &howdah::Accepts::User {
        schema: "The shop",
        name: "Mood",
    };

    fn encode(
        &self,
        _: &howdah::Type,
        out: &mut howdah::BytesMut,
    ) -> Result<howdah::IsNull, howdah::EncodeError> {
        out.extend_from_slice(match self {
            Self::Sad => b"sad",
            Self::Glad => b"glad",
        });
        Ok(howdah::IsNull::No)
    }
}

impl<'r> howdah::Decode<'r> for Mood {
    const ACCEPTS: &'static howdah::Accepts = <Self as howdah::Encode>::ACCEPTS;

    fn decode(_: &howdah::Type, raw: &'r [u8]) -> Result<Self, howdah::DecodeError> {
        match raw {
            b"sad" => Ok(Self::Sad),
            b"glad" => Ok(Self::Glad),
            _ => Err(howdah::DecodeError::invalid("no mood")),
        }
    }
}

/// Items of every kind, each with a key of its own.
pub(super) fn items(keys: std::ops::Range<i64>) -> Vec<Item> {
    keys.map(|id| Item {
        id,
        select: format!("ïtem {id}, {}", "x".repeat((id % 50) as usize)),
        mood: [None, Some(Mood::Sad), Some(Mood::Glad)][(id % 3) as usize],
        price: (id % 5 != 0).then(|| rust_decimal::Decimal::new(id * 7, 2)),
    })
    .collect()
}

pub(super) fn noted(keys: std::ops::Range<i64>) -> Vec<Noted> {
    keys.map(|id| Noted {
        id,
        select: format!("item {id}"),
        notes: (id % 4 != 0).then(|| {
            let note = |n| (n != 1).then(|| format!("note {n}"));
            (0..id % 4 - 1).map(note).collect()
        }),
    })
    .collect()
}

/// A database with the table.
pub(super) async fn pool() -> (Pool, howdah_codegen::scratch::Database) {
    let (pool, database) = support::pool().await;
    let sql = r#"
        create schema "The shop";
        create type "The shop"."Mood" as enum ('sad', 'glad');
        create domain "The shop".price as numeric(12, 2) check (value >= 0);
        create table "The shop"."Items" (
            added timestamptz not null default now(),
            id int8 generated by default as identity constraint "Items_pkey" primary key,
            "select" text not null check ("select" <> 'forbidden'),
            "mo""od" "The shop"."Mood" default 'sad',
            price "The shop".price,
            notes text[]
        );
        create unique index "Items_select_idx" on "The shop"."Items" ("select") where price is null"#;
    pool.batch_execute(sql).await.unwrap();
    (pool, database)
}

/// All rows as they are.
pub(super) async fn all<R: howdah::RowType>(pool: &Pool) -> Vec<R::Output> {
    howdah::query(r#"select * from "The shop"."Items" order by id"#)
        .fetch_all::<R>(pool)
        .await
        .unwrap()
}
