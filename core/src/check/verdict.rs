//! Whether fields can hold the columns of a query's result; if not, the message that says so. The caller panics.

use super::{
    ResultColumn,
    message::Message,
    suggest::{Nearest, usual_type},
};
use crate::{ColumnField, Field, NestedField, SqlType, sql_type::accepts::str_eq};

/// What is wrong with a row type that reads a result with these columns.
pub(super) const fn row(fields: &[Field], columns: &[ResultColumn]) -> Option<Message> {
    if by_position(fields) {
        by_place(fields, columns)
    } else {
        by_name(fields, Message::new(), Nulls::Checked, columns)
    }
}

/// Whether fields are matched with columns by position: such fields have no names.
pub(super) const fn by_position(fields: &[Field]) -> bool {
    match fields {
        [Field::Column(field), ..] => field.name.is_empty(),
        _ => false,
    }
}

const fn by_place(fields: &[Field], columns: &[ResultColumn]) -> Option<Message> {
    if fields.len() != columns.len() {
        let message = match columns {
            [column, ..] => Message::new().text("query ").name(column.query),
            [] => Message::new().text("the query"),
        };
        return Some(
            message
                .text(" returns ")
                .number(columns.len())
                .text(if columns.len() == 1 {
                    " column, but "
                } else {
                    " columns, but "
                })
                .number(fields.len())
                .text(if fields.len() == 1 { " is" } else { " are" })
                .text(" read by position"),
        );
    }
    let mut i = 0;
    while i < fields.len() {
        if let Field::Column(field) = &fields[i] {
            let message = result_fit(&columns[i], field, Nulls::Checked);
            if message.is_some() {
                return message;
            }
        }
        i += 1;
    }
    None
}

const fn by_name(
    fields: &[Field],
    prefix: Message,
    nulls: Nulls,
    columns: &[ResultColumn],
) -> Option<Message> {
    let mut i = 0;
    while i < fields.len() {
        let message = match &fields[i] {
            Field::Column(field) => named(field, prefix.text(field.name), nulls, columns),
            Field::Nested(nested) => {
                let prefix = prefix.text(nested.prefix);
                by_name(nested.fields, prefix, nulls.inside(nested), columns)
            }
        };
        if message.is_some() {
            return message;
        }
        i += 1;
    }
    None
}

/// What is wrong with a field that reads the column called `name`.
const fn named(
    field: &ColumnField,
    name: Message,
    nulls: Nulls,
    columns: &[ResultColumn],
) -> Option<Message> {
    let mut found: Option<&ResultColumn> = None;
    let mut i = 0;
    while i < columns.len() {
        if str_eq(columns[i].name, name.as_str()) {
            if found.is_some() {
                let message = Message::new().text("query ").name(columns[i].query);
                let message = message
                    .text(" returns more than one column ")
                    .name(columns[i].name);
                return Some(wanted_by(message, field.field).text(": give them aliases"));
            }
            found = Some(&columns[i]);
        }
        i += 1;
    }
    match found {
        Some(column) => result_fit(column, field, nulls),
        None if field.optional_column => None,
        None => Some(no_result_column(columns, name.as_str(), field.field)),
    }
}

const fn no_result_column(columns: &[ResultColumn], name: &str, field: &str) -> Message {
    let message = match columns {
        [column, ..] => Message::new().text("query ").name(column.query),
        [] => Message::new().text("the query"),
    };
    let message = message.text(" returns no column ").name(name);
    let message = wanted_by(message, field);
    let mut near = Nearest::to(name);
    let mut i = 0;
    while i < columns.len() {
        near = near.or(columns[i].name);
        i += 1;
    }
    let mut message = near.suggest(message);
    if columns.len() > MOST_LISTED {
        return message;
    }
    let mut i = 0;
    while i < columns.len() {
        message = message
            .text(if i == 0 { " (it returns " } else { ", " })
            .name(columns[i].name);
        i += 1;
    }
    if i > 0 { message.text(")") } else { message }
}

const fn result_fit(column: &ResultColumn, field: &ColumnField, nulls: Nulls) -> Option<Message> {
    let subject = Message::new()
        .text("column ")
        .name(column.name)
        .text(" of query ");
    fit(
        subject.name(column.query),
        &column.ty,
        column.nullable,
        column.reason,
        field,
        nulls,
    )
}

/// Whether null in a column matters to the field.
#[derive(Clone, Copy)]
pub(super) enum Nulls {
    Checked,
    /// The field is in an optional nested struct.
    Allowed,
}

impl Nulls {
    /// Whether null matters to the fields of a nested row in it.
    pub(super) const fn inside(self, nested: &NestedField) -> Self {
        if nested.optional { Self::Allowed } else { self }
    }
}

/// What is wrong with a field that reads `subject`, a column of this type and nullability.
pub(super) const fn fit(
    subject: Message,
    ty: &SqlType,
    nullable: bool,
    reason: &str,
    field: &ColumnField,
    nulls: Nulls,
) -> Option<Message> {
    let nullable = nullable && matches!(nulls, Nulls::Checked);
    if !field.accepts.accepts(ty) {
        let message = is_type(subject.text(" is `").sql_type(ty).text("`, but "), field);
        if field.conversion.is_empty() {
            let message = message.text(", which holds ").accepts(field.accepts);
            return Some(usual_type(message, ty, nullable || field.nullable));
        }
        let message = message
            .text(" by `#[pg(")
            .text(field.conversion)
            .text(")]`");
        return Some(message.text(", which holds ").accepts(field.accepts));
    }
    if nullable && !field.nullable {
        let message = subject.text(" is nullable");
        let message = if reason.is_empty() {
            message
        } else {
            message.text(" (").text(reason).text(")")
        };
        let message = is_type(message.text(", but "), field);
        return Some(if field.rust_type.is_empty() {
            message.text(", which is no `Option`")
        } else {
            message
                .text(": use `Option<")
                .text(field.rust_type)
                .text(">`")
        });
    }
    None
}

/// Appends ``field `Place::note` is `String` ``, without the parts that are not known.
const fn is_type(message: Message, field: &ColumnField) -> Message {
    let message = if field.field.is_empty() {
        message.text("it is read into a field")
    } else {
        message.text("field ").name(field.field)
    };
    if field.rust_type.is_empty() {
        return message;
    }
    let is = if field.field.is_empty() {
        " of type "
    } else {
        " is "
    };
    message.text(is).name(field.rust_type)
}

pub(super) const fn wanted_by(message: Message, field: &str) -> Message {
    if field.is_empty() {
        message
    } else {
        message.text(" for field ").name(field)
    }
}

/// Lists of names beyond this are left out of messages.
pub(super) const MOST_LISTED: usize = 40;
