//! Whether a constraint is a unique key of a table; if not, the message that says so. The caller panics.

use super::message::Message;
use crate::{
    Constraint, ConstraintKind, Table, build::page::PageColumn, sql_type::accepts::str_eq,
};

/// Why a constraint cannot be a target of `on conflict` for rows of `table`.
pub(super) const fn unique_key(table: &Table, constraint: &Constraint) -> Option<Message> {
    if is_unknown(table) {
        return None;
    }
    let message = Message::new().name(constraint.name);
    if !is_of(table, constraint) && !is_listed(table, constraint) {
        let message = message.text(" is a constraint of table ");
        let message = message.name(constraint.table).text(", not of ");
        return Some(keys(message.text("`").table(table).text("`"), table));
    }
    if !is_unique(constraint) {
        let message = message.text(" is no unique key");
        return Some(keys(message, table));
    }
    if constraint.deferrable {
        let message =
            message.text(" is deferrable, and `on conflict` works only with keys that are not");
        return Some(keys(message, table));
    }
    None
}

/// Why these columns are not a key of `table`.
pub(super) const fn key_columns(table: &Table, name: &str, columns: &[&str]) -> Option<Message> {
    if !has_own(table) {
        return None;
    }
    let mut i = 0;
    while i < table.constraints.len() {
        let constraint = &table.constraints[i];
        if is_key(constraint) && includes(columns, constraint.columns) {
            return None;
        }
        i += 1;
    }
    let message = Message::new().text("the key of ").name(name).text(" is ");
    let message = message
        .names(columns)
        .text(", but several rows of `")
        .table(table);
    Some(keys(message.text("` may have the same there"), table))
}

/// Why rows of `table` can be equal in the columns of an order of pages.
pub(super) const fn page_order(columns: &[PageColumn]) -> Option<Message> {
    let [PageColumn { table, key, .. }, ..] = columns else {
        return None;
    };
    if is_unknown(table) {
        return None;
    }
    let mut i = 0;
    while i < table.constraints.len() {
        let constraint = &table.constraints[i];
        if tells_rows_apart(table, constraint) && sorts_by(columns, constraint.columns) {
            return None;
        }
        i += 1;
    }
    let key = if has_own(table) || key.is_empty() {
        best_key(table)
    } else {
        key
    };
    if sorts_by(columns, key) {
        return None;
    }
    let mut message = Message::new().text("pages sorted by ");
    let (mut i, mut nullable) = (0, false);
    while i < columns.len() {
        let column = columns[i].column;
        message = message.separator(i, columns.len(), " and ");
        message = message.name(column.name);
        nullable = nullable || column.nullable;
        i += 1;
    }
    let message = message.text(" can leave rows out, because several rows of `");
    let message = message
        .table(table)
        .text("` can have the same values there");
    let message = message.text(if nullable { ", or null" } else { "" });
    Some(match key {
        [] if table.constraints.is_empty() => {
            message.text("; mark the fields of a key `#[pg(key)]`, and end the order with them")
        }
        [] => message.text(", and it has no unique key of columns that are not null"),
        key => message.text(": end the order with ").names(key),
    })
}

/// Whether it is a constraint of the table itself, and not of a table that a view selects from.
const fn is_of(table: &Table, constraint: &Constraint) -> bool {
    str_eq(constraint.table, table.name) && str_eq(constraint.schema, table.schema)
}

/// Whether the table's own constraints are known. Those of a view are not: it can be unique in fewer columns than a key
/// of the table below.
const fn has_own(table: &Table) -> bool {
    match table.constraints {
        [first, ..] => is_of(table, first),
        [] => false,
    }
}

/// Whether the table lists exactly this constraint, with the column names of the view if it is one.
const fn is_listed(table: &Table, constraint: &Constraint) -> bool {
    let mut i = 0;
    while i < table.constraints.len() {
        let listed = &table.constraints[i];
        if str_eq(listed.name, constraint.name)
            && str_eq(listed.table, constraint.table)
            && str_eq(listed.schema, constraint.schema)
            && includes(listed.columns, constraint.columns)
        {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether the table is the placeholder for a struct whose mistakes are already reported.
const fn is_unknown(table: &Table) -> bool {
    table.name.is_empty()
}

/// The columns of the key that completes an order best; empty if there is no key.
const fn best_key(table: &Table) -> &'static [&'static str] {
    if let Some(key) = table.primary_key {
        return key.columns;
    }
    let mut i = 0;
    while i < table.constraints.len() {
        if tells_rows_apart(table, &table.constraints[i]) {
            return table.constraints[i].columns;
        }
        i += 1;
    }
    &[]
}

/// Whether a constraint is a key of columns that are not null. Nulls are equal to each other in an order, but not in a
/// key.
const fn tells_rows_apart(table: &Table, constraint: &Constraint) -> bool {
    let mut i = 0;
    while i < constraint.columns.len() {
        match table.column(constraint.columns[i]) {
            Some(column) if !column.nullable => i += 1,
            _ => return false,
        }
    }
    is_key(constraint)
}

/// Whether an order has all columns of a key. `false` for an empty key.
const fn sorts_by(columns: &[PageColumn], key: &[&str]) -> bool {
    let mut i = 0;
    while i < key.len() {
        let (mut j, mut found) = (0, false);
        while j < columns.len() {
            found = found || str_eq(columns[j].column.name, key[i]);
            j += 1;
        }
        if !found {
            return false;
        }
        i += 1;
    }
    !key.is_empty()
}

/// Whether all of `others` are among `names`.
const fn includes(names: &[&str], others: &[&str]) -> bool {
    let mut i = 0;
    while i < others.len() {
        let (mut j, mut found) = (0, false);
        while j < names.len() {
            found = found || str_eq(names[j], others[i]);
            j += 1;
        }
        if !found {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether the columns of a constraint are a unique key. A unique index of expressions alone has none.
const fn is_unique(constraint: &Constraint) -> bool {
    let unique = matches!(
        constraint.kind,
        ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::UniqueIndex { .. }
    );
    unique && !constraint.columns.is_empty()
}

/// Whether no two rows have the same values in the columns of a constraint, except nulls.
const fn is_key(constraint: &Constraint) -> bool {
    let partial = matches!(
        constraint.kind,
        ConstraintKind::UniqueIndex { predicate: Some(_) }
    );
    is_unique(constraint) && !partial
}

/// Appends the list of keys.
const fn keys(message: Message, table: &Table) -> Message {
    let (mut i, mut total) = (0, 0);
    while i < table.constraints.len() {
        total += is_target(&table.constraints[i]) as usize;
        i += 1;
    }
    let mut message = message.text(": ").text("`").table(table);
    if total == 0 {
        return message.text("` has no unique key");
    }
    message = message.text("` has ");
    let (mut i, mut listed) = (0, 0);
    while i < table.constraints.len() {
        if is_target(&table.constraints[i]) {
            message = message.separator(listed, total, " and ");
            message = message.name(table.constraints[i].name);
            listed += 1;
        }
        i += 1;
    }
    message
}

const fn is_target(constraint: &Constraint) -> bool {
    is_unique(constraint) && !constraint.deferrable
}
