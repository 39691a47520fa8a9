//! The tables of the structs, as SQL and in the form of each library.

use std::fmt::Write as _;

/// A table: an identity, a unique name, and then some of [`COLUMNS`].
#[derive(Clone, Debug)]
pub struct Table {
    number: usize,
    columns: Vec<&'static Column>,
}

/// A column, with its type in each library.
#[derive(Debug)]
struct Column {
    name: &'static str,
    sql: &'static str,
    rust: &'static str,
    diesel: &'static str,
}

const fn column(
    name: &'static str,
    sql: &'static str,
    rust: &'static str,
    diesel: &'static str,
) -> Column {
    Column {
        name,
        sql,
        rust,
        diesel,
    }
}

const KEY: [Column; 2] = [
    column(
        "id",
        "bigint generated always as identity primary key",
        "i64",
        "Int8",
    ),
    column("name", "text not null unique", "String", "Text"),
];

const COLUMNS: [Column; 14] = [
    column("note", "text", "Option<String>", "Nullable<Text>"),
    column("rank", "integer not null", "i32", "Int4"),
    column("price", "double precision not null", "f64", "Float8"),
    column("active", "boolean not null default true", "bool", "Bool"),
    column(
        "created_at",
        "timestamptz not null default now()",
        "chrono::DateTime<chrono::Utc>",
        "Timestamptz",
    ),
    column(
        "updated_at",
        "timestamptz",
        "Option<chrono::DateTime<chrono::Utc>>",
        "Nullable<Timestamptz>",
    ),
    column("parent_id", "bigint", "Option<i64>", "Nullable<Int8>"),
    column("email", "text not null", "String", "Text"),
    column("body", "jsonb not null", "serde_json::Value", "Jsonb"),
    column(
        "extra",
        "jsonb",
        "Option<serde_json::Value>",
        "Nullable<Jsonb>",
    ),
    column("score", "real", "Option<f32>", "Nullable<Float4>"),
    column("state", "smallint not null default 0", "i16", "Int2"),
    column("day", "date", "Option<chrono::NaiveDate>", "Nullable<Date>"),
    column("title", "text not null default ''", "String", "Text"),
];

/// This many tables, of 6 to 16 columns.
#[must_use]
pub fn tables(count: usize) -> Vec<Table> {
    let table = |number| {
        let others = COLUMNS.iter().cycle().skip(number % COLUMNS.len());
        Table {
            number,
            columns: KEY.iter().chain(others.take(4 + number % 11)).collect(),
        }
    };
    (0..count).map(table).collect()
}

/// The statements that create them.
#[must_use]
pub fn sql(tables: &[Table]) -> String {
    let mut text = String::new();
    for Table { number, columns } in tables {
        let columns: Vec<_> = columns
            .iter()
            .map(|c| format!("{} {}", c.name, c.sql))
            .collect();
        let _ = writeln!(text, "create table t{number} ({});", columns.join(", "));
    }
    text
}

impl Table {
    /// Its name in SQL.
    #[must_use]
    pub fn name(&self) -> String {
        format!("t{}", self.number)
    }

    /// Its columns in diesel's form.
    #[must_use]
    pub fn diesel(&self) -> String {
        let columns = self
            .columns
            .iter()
            .map(|c| format!("{} -> {},", c.name, c.diesel));
        let columns: String = columns.collect();
        format!(
            "diesel::table! {{ {} (id) {{ {columns} }} }}\n",
            self.name()
        )
    }

    /// A struct for its rows, with this before it.
    #[must_use]
    pub fn structure(&self, before: &str) -> String {
        let fields = self
            .columns
            .iter()
            .map(|c| format!("    pub {}: {},\n", c.name, c.rust));
        let fields: String = fields.collect();
        format!("{before}\npub struct T{} {{\n{fields}}}\n", self.number)
    }
}
