//! Reads by key: one row, rows by many keys in their order, and whether there is one.

use super::asked::{Keys, asked_name, lists, write_asked, write_is_asked, write_lists};
use super::built::{Built, Shape};
use super::select::SelectRow;
use super::sql::Sql;
use crate::{Column, Field, Many, One, Opt, Param, Table, Value};

/// The table and columns that are read, without the row's type.
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

/// The rows with these keys, in their order: the keys column by column.
#[doc(hidden)]
pub fn find_many<'a, R: SelectRow>(
    name: &'static str,
    shape: &'static Shape,
    keys: Vec<Keys<'a>>,
) -> Built<'a, Many<R>> {
    let reads = Reads::of::<R>();
    match lists(keys) {
        Ok(lists) => Built::fixed(name, shape.text(&reads, write_find_many), lists),
        Err(keys) => {
            let mut sql = Sql::new("");
            write_found(&mut sql, &reads, |sql, columns| {
                write_asked(sql, R::TABLE, columns, keys);
            });
            Built::new(name, sql)
        }
    }
}

fn write_find_many(sql: &mut Sql<'_>, reads: &Reads) {
    write_found(sql, reads, |sql, columns| {
        write_lists(sql, reads.table, columns, &[]);
    });
}

fn write_found<'a>(
    sql: &mut Sql<'a>,
    reads: &Reads,
    asked: impl FnOnce(&mut Sql<'a>, &[Option<&'static Column>]),
) {
    let Reads { table, key, fields } = reads;
    sql.push("select ");
    sql.qualified(table.name, |sql| {
        sql.columns_of(fields, table);
    });
    sql.push(" from ");
    let columns: Vec<_> = key.iter().map(|name| table.column(name)).collect();
    asked(sql, &columns);
    sql.push(" join ").table(table).push(" on ");
    sql.separated(" and ", key.iter().enumerate(), |sql, (i, name)| {
        write_is_asked(sql, table, name, i);
    });
    sql.push(" order by ")
        .push(asked_name(table))
        .push(".number");
}

/// Appends the condition that the key is `$1`, `$2` and so on.
fn write_key(sql: &mut Sql<'_>, Reads { table, key, .. }: &Reads) {
    sql.separated(" and ", key.iter().enumerate(), |sql, (i, name)| {
        sql.column(name).push(" = ");
        match table.column(name) {
            Some(column) => sql.compared_number(i + 1, column),
            None => sql.number(i + 1),
        };
    });
}
