//! The name of a table as statements that are put together here write it: always quoted, so that any
//! name a server allows is one that works, and none is more than a name.

use std::{borrow::Cow, fmt};

use postgres_protocol::escape::escape_identifier;

use crate::Table;

/// A table, by name: a [`Table`] of the generated schema, `"places"` as the search path finds it, or
/// `("geo", "places")` in its schema.
///
/// ```
/// use howdah::TableName;
///
/// assert_eq!(TableName::from(("geo", "Old \"places\"")).to_string(), r#""geo"."Old ""places""""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    schema: Option<Cow<'static, str>>,
    name: Cow<'static, str>,
}

impl TableName {
    /// The name without its schema, unquoted.
    pub(crate) fn bare(&self) -> &str {
        &self.name
    }
}

/// The name as SQL, quoted.
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", escape_identifier(schema))?;
        }
        f.write_str(&escape_identifier(&self.name))
    }
}

impl From<&Table> for TableName {
    fn from(table: &Table) -> Self {
        Self {
            schema: Some(table.schema.into()),
            name: table.name.into(),
        }
    }
}

impl From<Table> for TableName {
    fn from(table: Table) -> Self {
        (&table).into()
    }
}

impl From<&str> for TableName {
    fn from(name: &str) -> Self {
        Self {
            schema: None,
            name: name.to_owned().into(),
        }
    }
}

impl From<(&str, &str)> for TableName {
    fn from((schema, name): (&str, &str)) -> Self {
        Self {
            schema: Some(schema.to_owned().into()),
            name: name.to_owned().into(),
        }
    }
}

/// Column names as SQL, quoted, between commas.
pub(crate) fn column_list<S: AsRef<str>>(columns: impl IntoIterator<Item = S>) -> String {
    let mut list = String::new();
    for column in columns {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(&escape_identifier(column.as_ref()));
    }
    list
}
