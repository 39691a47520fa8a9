//! Whether a constraint is a unique key of a table; if not, the sentence that says so. Pure: it answers, and
//! leaves it to the caller to panic.

use super::message::Message;
use crate::accepts::str_eq;
use crate::{Constraint, ConstraintKind, Table};

/// What keeps a constraint from being a target of `on conflict` for rows of `table`.
pub(super) const fn unique_key(table: &Table, constraint: &Constraint) -> Option<Message> {
    let message = Message::new().name(constraint.name);
    if !str_eq(constraint.table, table.name) || !str_eq(constraint.schema, table.schema) {
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

/// What keeps these columns from being a key of `table`.
pub(super) const fn key_columns(table: &Table, name: &str, columns: &[&str]) -> Option<Message> {
    if table.constraints.is_empty() {
        return None;
    }
    let mut i = 0;
    while i < table.constraints.len() {
        let constraint = &table.constraints[i];
        let partial = matches!(
            constraint.kind,
            ConstraintKind::UniqueIndex { predicate: Some(_) }
        );
        if is_unique(constraint) && !partial && includes(columns, constraint.columns) {
            return None;
        }
        i += 1;
    }
    let message = Message::new().text("the key of ").name(name).text(" is ");
    let mut message = message;
    let mut i = 0;
    while i < columns.len() {
        message = message
            .separator(i, columns.len(), " and ")
            .name(columns[i]);
        i += 1;
    }
    let message = message.text(", but several rows of `").table(table);
    Some(keys(message.text("` may have the same there"), table))
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

/// Appends which keys there are.
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
