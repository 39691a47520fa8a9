//! SQL under construction: text and parameters grow together. Values become parameters and names are
//! quoted, so nothing that a user passes in is ever read as SQL.

use super::filter::composite;
use crate::{
    Carrier, Column, Error, Field, Param, SqlType, Table,
    names::{push_name, push_schema, push_type},
    row::field::column_names,
};

/// The columns that a statement returns.
pub(crate) enum Returning {
    Nothing,
    /// The columns of these fields.
    Fields(&'static [Field]),
    /// The columns with these names.
    Names(Vec<&'static str>),
}

/// The text of a statement, and its parameters so far.
#[derive(Default)]
pub(crate) struct Sql<'a> {
    text: String,
    params: Vec<Param<'a>>,
    /// The qualifier of column names, if a statement has more than one table.
    qualifier: Option<&'static str>,
    /// Why the statement cannot be written.
    fault: Option<Error>,
}

impl<'a> Sql<'a> {
    /// Begins with these words.
    pub(crate) fn new(words: &str) -> Self {
        let mut text = String::with_capacity(256);
        text.push_str(words);
        Self {
            text,
            params: Vec::new(),
            qualifier: None,
            fault: None,
        }
    }

    /// Calls `write`, and qualifies the columns that it appends with this name.
    pub(crate) fn qualified(&mut self, name: &'static str, write: impl FnOnce(&mut Self)) {
        let outer = self.qualifier.replace(name);
        write(self);
        self.qualifier = outer;
    }

    /// Appends words of SQL.
    pub(crate) fn push(&mut self, words: &str) -> &mut Self {
        self.text.push_str(words);
        self
    }

    /// Appends a quoted name.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        push_name(&mut self.text, name);
        self
    }

    /// Appends the name of a table.
    pub(crate) fn table(&mut self, table: &Table) -> &mut Self {
        push_schema(&mut self.text, table.schema);
        self.name(table.name)
    }

    /// Appends the name of an extension's function, which is in this schema.
    #[cfg(feature = "geo")]
    pub(crate) fn function(&mut self, schema: &str, name: &str) -> &mut Self {
        push_schema(&mut self.text, schema);
        self.push(name)
    }

    /// Appends an extension's operator, which is in this schema.
    #[cfg(feature = "geo")]
    pub(crate) fn operator(&mut self, schema: &str, operator: &str) -> &mut Self {
        if schema == "public" {
            return self.push(" ").push(operator).push(" ");
        }
        self.push(" operator(").name(schema).push(".");
        self.push(operator).push(") ")
    }

    /// Appends the name of a column, with the qualifier if there is one.
    pub(crate) fn column(&mut self, name: &str) -> &mut Self {
        if let Some(qualifier) = self.qualifier {
            self.name(qualifier).push(".");
        }
        self.name(name)
    }

    /// Appends the next parameter.
    pub(crate) fn param(&mut self, param: Param<'a>) -> &mut Self {
        let number = self.bind(param);
        self.number(number)
    }

    /// Appends the next parameter, a value for a column with this carrier.
    pub(crate) fn value(
        &mut self,
        param: Param<'a>,
        carrier: Option<&'static Carrier>,
    ) -> &mut Self {
        let number = self.bind(param);
        self.value_number(number, carrier)
    }

    /// Appends the parameter with this number, a value for a column with this carrier.
    pub(crate) fn value_number(
        &mut self,
        number: usize,
        carrier: Option<&'static Carrier>,
    ) -> &mut Self {
        self.coming(carrier, |sql| {
            sql.number(number);
            if let Some(carrier) = carrier {
                sql.push("::").ty(&carrier.ty);
            }
        })
    }

    /// Appends the parameter of this number, a value that a column is compared with.
    pub(crate) fn compared_number(&mut self, number: usize, column: &'static Column) -> &mut Self {
        self.value_number(number, column.carrier())
            .cast(composite(column))
    }

    /// Appends a cast to this type, if there is one.
    pub(crate) fn cast(&mut self, ty: Option<&SqlType>) -> &mut Self {
        match ty {
            Some(ty) => self.push("::").ty(ty),
            None => self,
        }
    }

    /// Appends a column with this carrier, cast for the way to the client.
    pub(crate) fn leaving(&mut self, carrier: &'static Carrier, name: &str) -> &mut Self {
        let (before, after) = carrier.leaving;
        self.push(before).column(name).push(after)
    }

    /// Appends a value of the carrier's type, which `value` appends, cast to the column's type.
    pub(crate) fn coming(
        &mut self,
        carrier: Option<&'static Carrier>,
        value: impl FnOnce(&mut Self),
    ) -> &mut Self {
        let (before, after) = carrier.map(Carrier::comes).unwrap_or_default();
        value(self.push(before));
        self.push(after)
    }

    /// Adds the next parameter, and returns its number.
    pub(crate) fn bind(&mut self, param: Param<'a>) -> usize {
        self.params.push(param);
        self.params.len()
    }

    /// Appends the parameter with this number.
    pub(crate) fn number(&mut self, number: usize) -> &mut Self {
        self.text.push('$');
        self.text.push_str(&number.to_string());
        self
    }

    /// Appends the name of a type.
    pub(crate) fn ty(&mut self, ty: &SqlType) -> &mut Self {
        push_type(&mut self.text, ty);
        self
    }

    /// Returns what `write` appends, instead of appending it.
    pub(crate) fn fragment(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.text);
        write(self);
        std::mem::replace(&mut self.text, outer)
    }

    /// Calls `each` for each item, and appends `separator` between them.
    pub(crate) fn separated<T>(
        &mut self,
        separator: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.push(separator);
            }
            each(self, item);
        }
        self
    }

    /// Appends the columns that a row type reads from `table`, as a list. Columns that may be absent are left out if
    /// the table does not have them. A row type without fields gets all columns.
    pub(crate) fn columns_of(&mut self, fields: &[Field], table: &Table) -> &mut Self {
        if fields.is_empty() {
            let all: Vec<_> = table.columns.iter().map(|column| column.name).collect();
            return self.columns_named(&all, table);
        }
        match column_names(fields, table) {
            Ok(names) => self.columns_named(&names, table),
            Err(error) => {
                self.fault = Some(error);
                self
            }
        }
    }

    /// Appends the columns with these names as a list, each cast for the way to the client.
    pub(crate) fn columns_named(&mut self, names: &[impl AsRef<str>], table: &Table) -> &mut Self {
        let carrier = table.carriers();
        self.separated(", ", names, |sql, name| {
            let name = name.as_ref();
            match carrier(name) {
                Some(carrier) => sql.leaving(carrier, name).push(" as ").name(name),
                None => sql.column(name),
            };
        })
    }

    /// Appends `returning`, if there is anything to return.
    pub(crate) fn returning(&mut self, returning: Returning, table: &Table) {
        match returning {
            Returning::Nothing => {}
            Returning::Fields(fields) => {
                self.push(" returning ").columns_of(fields, table);
            }
            Returning::Names(names) => {
                self.push(" returning ").columns_named(&names, table);
            }
        }
    }

    /// Checks that the statement could be written.
    ///
    /// # Errors
    ///
    /// When there are columns among it whose names are not known.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// The statement's text and parameters.
    pub(crate) fn finish(self) -> (String, Vec<Param<'a>>) {
        (self.text, self.params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_whatever_they_hold() {
        let mut sql = Sql::new("select ");
        sql.name("a\"; drop table \"b")
            .push(", ")
            .param(Param::new(1));
        let (text, params) = sql.finish();
        assert_eq!(text, "select \"a\"\"; drop table \"\"b\", $1");
        assert_eq!(params.len(), 1);
    }
}
