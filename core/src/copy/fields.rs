//! The field that each column is written from, and its type.

use super::{CopyIn, CopyRow, Format, describe::describe, encoder::EncodedField};
use crate::{
    Error, ErrorKind, WriteField, executor::Handle, names::column_list, query::Text,
    session::Session,
};

impl CopyIn<'_> {
    /// A statement whose parameters have the types of the columns, and which the server rejects if there are not
    /// `width` columns.
    pub(super) fn types_sql(&self, width: usize) -> String {
        // An INSERT of these columns needs only the privilege that COPY needs, too.
        let columns = match self.columns.as_slice() {
            [] => String::new(),
            columns => format!(" ({})", column_list(columns)),
        };
        let params: Vec<_> = (1..=width).map(|n| format!("${n}")).collect();
        let (table, params) = (&self.table, params.join(", "));
        format!("INSERT INTO {table}{columns} OVERRIDING SYSTEM VALUE VALUES ({params})")
    }

    /// How the fields of a row are written. Asks the server for the types of the columns and, if neither the caller nor
    /// the fields name columns, for the columns themselves. `handle` must be one on `session`.
    pub(crate) async fn fields<R: CopyRow>(
        &mut self,
        handle: Handle<'_>,
        session: &Session,
    ) -> Result<Vec<EncodedField>, Error> {
        if !is_named(R::FIELDS) {
            self.name_columns(handle).await?;
        }
        let order = match_fields(R::FIELDS, &mut self.columns);
        let possible = session.needs_server("`COPY`").and(order);
        let copy = Text::written(self.sql(&Format::Binary));
        let order = possible.map_err(|error| copy.blame(error))?;
        let described = describe(session, &Text::written(self.types_sql(order.len()))).await?;
        let types = described.params();
        let known = self.table.carrying_columns();
        let is_carried = |column: &str| {
            let column = known.iter().find(|known| known.name == column);
            column.is_some_and(|column| column.carrier().is_some())
        };
        let mut fields = Vec::with_capacity(order.len());
        for (i, (field, ty)) in order.into_iter().zip(types).enumerate() {
            let column = self.columns.get(i).cloned().unwrap_or_default();
            let field = match is_carried(&column) {
                true => Err(Error::new(
                    ErrorKind::Mapping,
                    "its type has no binary form, so COPY cannot write it: use `insert_many`",
                )
                .in_column(column)),
                false => EncodedField::new(R::FIELDS, field, column, ty),
            };
            fields.push(field.map_err(|error| copy.blame(error))?);
        }
        Ok(fields)
    }
}

/// Whether the fields have the names of columns.
fn is_named(fields: &[WriteField]) -> bool {
    fields.iter().all(|field| !field.column.is_empty())
}

/// The field that each column is written from: by name, or by position if the fields have no names.
fn match_fields(fields: &[WriteField], columns: &mut Vec<String>) -> Result<Vec<usize>, Error> {
    let named = is_named(fields);
    if columns.is_empty() && fields.is_empty() {
        let message = "the rows write no column, which COPY cannot do: use `insert_many`";
        return Err(Error::new(ErrorKind::Mapping, message));
    }
    if columns.is_empty() && named {
        *columns = fields.iter().map(|f| f.column.to_owned()).collect();
    }
    if !named {
        if !columns.is_empty() && columns.len() != fields.len() {
            let (columns, fields) = (columns.len(), fields.len());
            let message = format!("{columns} columns are named, but a row has {fields} values");
            return Err(Error::new(ErrorKind::Mapping, message));
        }
        return Ok((0..fields.len()).collect());
    }
    let place = |column: &String| {
        let place = fields.iter().position(|field| field.column == column);
        place.ok_or_else(|| {
            let known: Vec<_> = fields.iter().map(|f| format!("`{}`", f.column)).collect();
            let known = known.join(", ");
            let message = format!("no field is written into this column; there are {known}");
            Error::new(ErrorKind::Mapping, message).in_column(column)
        })
    };
    columns.iter().map(place).collect()
}
