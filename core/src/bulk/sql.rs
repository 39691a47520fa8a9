//! The SQL of bulk statements, written from the schema's constants with quoted names. The same struct and options give
//! the same text for any number of rows, so that it is prepared once.

use std::fmt::Write as _;

use postgres_protocol::escape::escape_identifier;

use crate::{
    Accepts, Carrier, Column, Error, ErrorKind, SqlKind, SqlType, Table, TableName, WriteField,
    names::{column_list, push_name, push_type},
};

/// A field of a row, and its column.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    /// The index of the field in the row.
    pub(crate) field: usize,
    pub(crate) column: &'static str,
    pub(crate) accepts: &'static Accepts,
    /// The table's description of the column, if the table has it.
    known: Option<&'static Column>,
}

impl Sent {
    /// The carrier of its values, if they need one.
    fn carrier(&self) -> Option<&'static Carrier> {
        self.known?.carrier()
    }
}

/// The fields of the rows that a statement sends for columns of a table, in the order of its parameters.
pub(crate) struct Shape {
    pub(crate) table: &'static Table,
    pub(crate) sent: Vec<Sent>,
    /// The number of parameters before those of the rows. These are the values of conditions.
    pub(crate) given: usize,
}

impl Shape {
    /// All fields, each for its own column.
    pub(crate) fn new(table: &'static Table, fields: &[WriteField]) -> Self {
        Self::named(table, fields, fields.iter().map(|field| field.column))
    }

    /// All fields, for these columns.
    pub(crate) fn named(
        table: &'static Table,
        fields: &[WriteField],
        columns: impl Iterator<Item = &'static str>,
    ) -> Self {
        let sent = fields.iter().zip(columns).enumerate();
        let sent = sent.map(|(field, (written, column))| Sent {
            field,
            column,
            accepts: written.accepts,
            known: table.column(column),
        });
        Self {
            table,
            sent: sent.collect(),
            given: 0,
        }
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.sent.iter().map(|sent| sent.column)
    }

    /// The type that a column's values are sent as; for a domain, its base type.
    fn ty(&self, sent: &Sent) -> Result<&'static SqlType, Error> {
        let Some(column) = sent.known else {
            let message = format!("the table `{}` has no such column", self.table.name);
            return Err(Error::new(ErrorKind::Mapping, message).in_column(sent.column));
        };
        Ok(column.sent_type().without_domains())
    }

    /// Whether one of the columns has arrays, whose elements `unnest` would also separate.
    pub(crate) fn has_arrays(&self) -> Result<bool, Error> {
        for sent in &self.sent {
            if let SqlKind::Array(_) = self.ty(sent)?.kind {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `unnest($1::bigint[]) as "id", …`, side by side: a row for each element.
    pub(crate) fn unnests(&self) -> Result<String, Error> {
        let mut list = String::with_capacity(self.sent.len() * 48);
        for (i, sent) in self.sent.iter().enumerate() {
            let (before, after) = sent.carrier().map(Carrier::comes).unwrap_or_default();
            let _ = write!(
                list,
                "{}{before}unnest(${}::",
                separator(i),
                self.given + i + 1
            );
            push_type(&mut list, self.ty(sent)?);
            let _ = write!(list, "[]){after} as ");
            push_name(&mut list, sent.column);
        }
        Ok(list)
    }

    /// `null::bigint, …`
    pub(crate) fn nulls(&self) -> Result<String, Error> {
        let mut list = String::new();
        for (i, sent) in self.sent.iter().enumerate() {
            let _ = write!(list, "{}null", separator(i));
            // Values with a carrier are cast, which gives them their type.
            if sent.carrier().is_none() {
                list.push_str("::");
                push_type(&mut list, self.ty(sent)?);
            }
        }
        Ok(list)
    }

    /// `($1, $2), …`. `values` cannot have rows without columns, so a subquery returns as many of these.
    pub(crate) fn values(&self, rows: usize) -> String {
        let columns = self.sent.len();
        if columns == 0 {
            return format!("select from generate_series(1, {rows})");
        }
        let mut list = String::with_capacity(8 + rows * columns * 7);
        for row in 0..rows {
            list.push_str(separator(row));
            for (column, sent) in self.sent.iter().enumerate() {
                list.push_str(if column == 0 { "(" } else { ", " });
                let param = self.given + row * columns + column + 1;
                match sent.carrier() {
                    Some(carrier) => {
                        let (before, after) = carrier.comes();
                        let _ = write!(list, "{before}${param}::");
                        push_type(&mut list, &carrier.ty);
                        list.push_str(after);
                    }
                    None => {
                        let _ = write!(list, "${param}");
                    }
                }
            }
            list.push(')');
        }
        list
    }

    /// `insert into "places" as t ("id", …) `, without the rows.
    pub(crate) fn insert_head(&self) -> String {
        let table = TableName::from(self.table);
        if self.sent.is_empty() {
            return format!("insert into {table} as t ");
        }
        let columns = column_list(self.columns());
        format!("insert into {table} as t ({columns}) ")
    }
}

/// `t."id" = u."id" and …`
pub(crate) fn keys_equal<'c>(keys: impl Iterator<Item = &'c str>) -> String {
    let pairs: Vec<_> = keys
        .map(|key| {
            let key = escape_identifier(key);
            format!("t.{key} = u.{key}")
        })
        .collect();
    pairs.join(" and ")
}

pub(crate) fn separator(i: usize) -> &'static str {
    if i == 0 { "" } else { ", " }
}
