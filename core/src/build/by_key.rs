//! Reads by key: one row, rows by many keys in their order, and whether there is one.

use super::built::{Built, Shape};
use super::select::SelectRow;
use super::sql::Sql;
use crate::{Field, Many, One, Opt, Param, Table, Value};

/// What is read, without its type.
struct Reads {
    table: &'static Table,
    key: &'static [&'static str],
    fields: &'static [Field],
}

impl Reads {
    const fn of<R: SelectRow>() -> Self {
        Self {
            table: R::TABLE,
            key: R::KEY,
            fields: R::FIELDS,
        }
    }
}

/// Whether a column of the key declares an SRID.
const fn has_srids(table: &Table, key: &[&str]) -> bool {
    let mut i = 0;
    while i < key.len() {
        if table.srid(key[i]) != 0 {
            return true;
        }
        i += 1;
    }
    false
}

/// The values of the key, or arrays of them, as they are sent: shapes with the SRIDs of their columns.
fn sent<R: SelectRow>(key: Vec<Param<'_>>) -> Vec<Param<'_>> {
    // Other keys pass through here as fast as if nobody asked.
    if !const { has_srids(R::TABLE, R::KEY) } {
        return key;
    }
    let columns = R::KEY.iter().map(|name| R::TABLE.column(name));
    let key = key.into_iter().zip(columns);
    key.map(|(value, column)| value.in_column(column)).collect()
}

/// The row with a key, as `Place::find` asks for it.
#[doc(hidden)]
pub fn find<'a, R: SelectRow>(
    name: &'static str,
    shape: &'static Shape,
    key: Vec<Param<'a>>,
) -> Built<'a, Opt<R>> {
    Built::fixed(
        name,
        shape.text(&Reads::of::<R>(), write_find),
        sent::<R>(key),
    )
}

fn write_find(sql: &mut Sql<'_>, reads: &Reads) {
    sql.push("select ").columns_of(reads.fields, reads.table);
    sql.push(" from ").table(reads.table).push(" where ");
    write_key(sql, reads);
}

/// Whether there is a row with a key, as `Place::exists` asks.
#[doc(hidden)]
pub fn exists<'a, R: SelectRow>(
    name: &'static str,
    shape: &'static Shape,
    key: Vec<Param<'a>>,
) -> Built<'a, One<Value<bool>>> {
    Built::fixed(
        name,
        shape.text(&Reads::of::<R>(), write_exists),
        sent::<R>(key),
    )
}

fn write_exists(sql: &mut Sql<'_>, reads: &Reads) {
    sql.push("select exists (select from ").table(reads.table);
    sql.push(" where ");
    write_key(sql, reads);
    sql.push(")");
}

/// The rows with these keys, in their order: `keys` are an array for each column of the key.
#[doc(hidden)]
pub fn find_many<'a, R: SelectRow>(
    name: &'static str,
    shape: &'static Shape,
    keys: Vec<Param<'a>>,
) -> Built<'a, Many<R>> {
    let text = shape.text(&Reads::of::<R>(), write_find_many);
    Built::fixed(name, text, sent::<R>(keys))
}

fn write_find_many(sql: &mut Sql<'_>, reads: &Reads) {
    let Reads { table, key, fields } = reads;
    sql.push("select ");
    sql.qualified(table.name, |sql| {
        sql.columns_of(fields, table);
    });
    sql.push(" from ");
    write_asked(sql, table, key);
    sql.push(" join ").table(table).push(" on ");
    sql.separated(" and ", key.iter().enumerate(), |sql, (i, name)| {
        sql.qualified(table.name, |sql| {
            sql.column(name);
        });
        sql.push(" = ").coming(table.carrier(name), |sql| {
            sql.push(&format!("{ASKED}.key_{}", i + 1));
        });
    });
    sql.push(&format!(" order by {ASKED}.number"));
}

/// The name of the keys that are asked for, beside a table.
pub(super) const ASKED: &str = "howdah_asked";

/// Appends the keys that are asked for, with their numbers: the next parameters are an array for each column.
pub(super) fn write_asked(sql: &mut Sql<'_>, table: &Table, key: &[&str]) {
    sql.push("unnest(");
    sql.separated(", ", key.iter().enumerate(), |sql, (i, name)| {
        sql.number(i + 1);
        if let Some(column) = table.column(name) {
            sql.push("::").ty(column.sent_type()).push("[]");
        }
    });
    sql.push(&format!(") with ordinality as {ASKED} ("));
    sql.separated(", ", 1..=key.len(), |sql, i| {
        sql.push(&format!("key_{i}"));
    });
    sql.push(", number)");
}

/// Appends the condition that the key is `$1`, `$2` and so on.
fn write_key(sql: &mut Sql<'_>, Reads { table, key, .. }: &Reads) {
    sql.separated(" and ", key.iter().enumerate(), |sql, (i, name)| {
        let carrier = table.carrier(name);
        sql.column(name).push(" = ").value_number(i + 1, carrier);
    });
}
