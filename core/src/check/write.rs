//! Whether fields can be written into the columns of a table; if not, the message that says so. The caller panics.

use super::{
    message::Message,
    suggest::{nearest_column, usual_type},
    table::no_column,
};
use crate::{
    Accepts, Carrier, Column, ColumnDefault, Table, WriteField, codec::carrier::carried_field,
    sql_type::accepts::str_eq,
};

/// What is wrong with a field that an insert writes.
pub(super) const fn insert_field(table: &Table, field: &WriteField) -> Option<Message> {
    let message = insert_column(table, field.column, field.field);
    if message.is_some() {
        return message;
    }
    match table.column(field.column) {
        Some(column) => fit(table, column, field),
        None => None,
    }
}

/// What is wrong with a field that a key's column is compared with.
pub(super) const fn key_field(table: &Table, field: &WriteField) -> Option<Message> {
    match table.column(field.column) {
        Some(column) => fit(table, column, field),
        None => Some(no_column(table, field.column, field.field)),
    }
}

/// What is wrong with a column that an insert writes, apart from its type.
pub(super) const fn insert_column(table: &Table, column: &str, field: &str) -> Option<Message> {
    let Some(column) = table.column(column) else {
        return Some(no_column(table, column, field));
    };
    let why = match column.default {
        ColumnDefault::IdentityAlways => "is `generated always as identity`",
        ColumnDefault::Generated => "is generated from other columns",
        // `writable` reports this once, for the whole view.
        ColumnDefault::ReadOnly if table.is_read_only() => return None,
        ColumnDefault::ReadOnly => "is what the view selects",
        ColumnDefault::None | ColumnDefault::Value | ColumnDefault::IdentityByDefault => {
            return None;
        }
    };
    let message = subject(table, column).text(" ").text(why);
    let message = message
        .text(", so nothing can write it, but field ")
        .name(field);
    Some(message.text(" would: mark the field `#[pg(generated)]`"))
}

/// What keeps a column from counting the changes of its row.
pub(super) const fn version_field(table: &Table, field: &WriteField) -> Option<Message> {
    const INTEGERS: Accepts = Accepts::Builtin(&["int2", "int4", "int8"]);
    let Some(column) = table.column(field.column) else {
        return None;
    };
    // That the field does not fit is said already.
    if INTEGERS.accepts(&column.ty) || !field.accepts.accepts(&column.ty) {
        return None;
    }
    let message = subject(table, column).text(" is `").sql_type(&column.ty);
    let message = message.text("`, but field ").name(field.field);
    Some(message.text(" is a `version`, which each update raises by one: it needs an integer"))
}

/// Why rows cannot be written to a table.
pub(super) const fn writable(table: &Table, name: &str) -> Option<Message> {
    if !table.is_read_only() {
        return None;
    }
    let message = Message::new().text("nothing can be written to the view `");
    let message = message.table(table).text("`, but ").name(name);
    let message =
        message.text(" would: PostgreSQL writes through a view that selects rows of one table, ");
    Some(message.text("and others need an `INSTEAD OF` trigger; derive `PgSelect` to read it"))
}

/// What an insert of these columns leaves out although it is required.
pub(super) const fn insert_columns(table: &Table, name: &str, columns: &[&str]) -> Option<Message> {
    if let Some(message) = writable(table, name) {
        return Some(message);
    }
    if !table.hidden.is_empty() {
        let message = Message::new().text("nothing can be inserted through the view `");
        let message = message.table(table).text("`, but ").name(name);
        let message = message.text(" would: it does not show ");
        let message = message.names(table.hidden);
        return Some(message.text(if table.hidden.len() == 1 {
            ", which is not null and has no default in the table below"
        } else {
            ", which are not null and have no default in the table below"
        }));
    }
    let total = count_missing(table, columns);
    if total == 0 {
        return None;
    }
    let message = Message::new().text("an insert into `").table(table);
    let mut message = message.text(if total == 1 {
        "` needs column "
    } else {
        "` needs columns "
    });
    let (mut i, mut listed) = (0, 0);
    while i < table.columns.len() {
        if is_missing(table, &table.columns[i], columns) {
            message = message
                .separator(listed, total, " and ")
                .name(table.columns[i].name);
            listed += 1;
        }
        i += 1;
    }
    let message = message.text(if total == 1 {
        ", which is not null and has no default, but "
    } else {
        ", which are not null and have no default, but "
    });
    let message = message
        .name(name)
        .text(" has no field that is written into ");
    let message = message.text(if total == 1 { "it" } else { "them" });
    Some(message.text("; what a trigger fills is a field with `#[pg(generated)]`"))
}

const fn count_missing(table: &Table, columns: &[&str]) -> usize {
    let (mut i, mut total) = (0, 0);
    while i < table.columns.len() {
        if is_missing(table, &table.columns[i], columns) {
            total += 1;
        }
        i += 1;
    }
    total
}

const fn is_missing(table: &Table, column: &Column, columns: &[&str]) -> bool {
    if !column.is_required() {
        return false;
    }
    let mut i = 0;
    while i < columns.len() {
        if str_eq(columns[i], column.name) {
            return false;
        }
        i += 1;
    }
    // A misspelt column is reported at its field, so do not report the column that it means as missing.
    let mut i = 0;
    while i < columns.len() {
        if table.column(columns[i]).is_none()
            && let Some(meant) = nearest_column(table, columns[i]).name()
            && str_eq(meant, column.name)
        {
            return false;
        }
        i += 1;
    }
    true
}

/// What is wrong with a field's type.
const fn fit(table: &Table, column: &Column, field: &WriteField) -> Option<Message> {
    if let Some(Carrier { coming: None, .. }) = column.carrier() {
        let message = subject(table, column).text(" holds composites with values that PostgreSQL ");
        let message = message.text("has no binary form of, so howdah cannot send it, but field ");
        let message = message.name(field.field).text(" would: write it in SQL, ");
        return Some(message.text("and leave the field out of structs that are written"));
    }
    if !field.accepts.accepts(&column.ty) {
        let message = subject(table, column).text(" is `").sql_type(&column.ty);
        let message = is_type(message.text("`, but "), field);
        if field.conversion.is_empty() {
            let message = message.text(", which holds ").accepts(field.accepts);
            return Some(usual_type(
                message,
                &column.ty,
                column.nullable || field.nullable,
            ));
        }
        let message = message
            .text(" by `#[pg(")
            .text(field.conversion)
            .text(")]`");
        return Some(message.text(", which holds ").accepts(field.accepts));
    }
    if field.nullable && !column.nullable {
        let message = is_type(subject(table, column).text(" is not null, but "), field);
        return Some(match inside_option(field.rust_type) {
            Some(inner) => message.text(": use ").name(inner),
            None => message.text(", which can be null"),
        });
    }
    None
}

/// Why COPY cannot write these fields.
pub(super) const fn copied(table: &Table, fields: &[WriteField]) -> Option<Message> {
    let Some((column, field)) = carried_field(table, fields) else {
        return None;
    };
    let message = subject(table, column)
        .text(" is of a type without a binary form, so COPY cannot write it from field ");
    Some(message.name(field.field).text(": use `insert_many`"))
}

const fn subject(table: &Table, column: &Column) -> Message {
    let message = Message::new().text("column `").table(table).text(".");
    message.text(column.name).text("`")
}

const fn is_type(message: Message, field: &WriteField) -> Message {
    message
        .text("field ")
        .name(field.field)
        .text(" is ")
        .name(field.rust_type)
}

/// The `T` of `Option<T>`.
const fn inside_option(written: &str) -> Option<&str> {
    const HEAD: &str = "Option<";
    if written.len() <= HEAD.len() {
        return None;
    }
    let (head, tail) = written.split_at(HEAD.len());
    if !str_eq(head, HEAD) {
        return None;
    }
    Some(tail.split_at(tail.len() - 1).0)
}
