//! Whether fields can hold columns of a table; if not, the message that says so. The caller panics.

use super::message::Message;
use super::suggest::nearest_column;
use super::verdict::{MOST_LISTED, Nulls, by_position, fit, wanted_by};
use crate::{ColumnField, Field, NestedField, Table};

/// What is wrong with a field that reads a column of `table`. A field with `#[pg(default)]` may read a
/// column that the table does not have.
pub(super) const fn field(table: &Table, field: &ColumnField) -> Option<Message> {
    column(table, field.name, field, Nulls::Checked)
}

/// What is wrong with a row type that reads columns of `table`, except with its own fields that a derive has named:
/// those are reported at the field.
pub(super) const fn row(table: &Table, fields: &[Field]) -> Option<Message> {
    if by_position(fields) {
        return Some(Message::new().text(
            "rows that are read by position do not say which columns they want: name the columns in `FIELDS`",
        ));
    }
    let mut i = 0;
    while i < fields.len() {
        let message = match &fields[i] {
            Field::Column(field) if field.field.is_empty() => self::field(table, field),
            Field::Column(_) => None,
            Field::Nested(nested) => nested_row(table, nested, Message::new(), Nulls::Checked),
        };
        if message.is_some() {
            return message;
        }
        i += 1;
    }
    None
}

/// What is wrong with a nested row type that reads columns of `table` whose names begin with `prefix` and its own.
const fn nested_row(
    table: &Table,
    nested: &NestedField,
    prefix: Message,
    nulls: Nulls,
) -> Option<Message> {
    let prefix = prefix.text(nested.prefix);
    let nulls = nulls.inside(nested);
    let mut i = 0;
    while i < nested.fields.len() {
        let message = match &nested.fields[i] {
            Field::Column(field) => column(table, prefix.text(field.name).as_str(), field, nulls),
            Field::Nested(nested) => nested_row(table, nested, prefix, nulls),
        };
        if message.is_some() {
            return message;
        }
        i += 1;
    }
    None
}

const fn column(table: &Table, name: &str, field: &ColumnField, nulls: Nulls) -> Option<Message> {
    let Some(column) = table.column(name) else {
        if field.optional_column {
            return None;
        }
        return Some(no_column(table, name, field.field));
    };
    let subject = Message::new()
        .text("column `")
        .table(table)
        .text(".")
        .text(column.name);
    fit(
        subject.text("`"),
        &column.ty,
        column.nullable,
        "",
        field,
        nulls,
    )
}

/// The message for a column that `table` does not have. It is the same in all derives of a struct, so that the compiler
/// reports it once.
pub(super) const fn no_column(table: &Table, column: &str, field: &str) -> Message {
    let message = Message::new()
        .text("table `")
        .table(table)
        .text("` has no column ");
    let message = wanted_by(message.name(column), field);
    let mut message = nearest_column(table, column).suggest(message);
    if table.columns.len() > MOST_LISTED {
        return message;
    }
    let mut i = 0;
    while i < table.columns.len() {
        message = message
            .text(if i == 0 { " (it has " } else { ", " })
            .name(table.columns[i].name);
        i += 1;
    }
    if i > 0 { message.text(")") } else { message }
}
