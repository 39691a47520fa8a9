//! Names of tables, columns and types in SQL that howdah writes. They are always quoted, so that every name that the
//! server allows works, and none can inject SQL. Names in `public` have no schema, so that the search path finds them
//! like in SQL that people write: an app with a schema for each tenant relies on it.

use std::{borrow::Cow, fmt};

use postgres_protocol::escape::escape_identifier;

use crate::{Carrier, Column, SqlKind, SqlType, Table, sql_type::standard_name};

/// The name of a table: a [`Table`] of the generated schema, a name such as `"places"`, or a schema and a name such as
/// `("geo", "places")`. A name without a schema is found by the search path, and so is a `Table` in `public`.
///
/// ```
/// use howdah::TableName;
///
/// assert_eq!(TableName::from(("geo", "Old \"places\"")).to_string(), r#""geo"."Old ""places""""#);
/// ```
///
/// In SQL that is put together at run time, it can also quote other names, such as that of a column or a role:
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool, partitions: Vec<String>, role: &str) -> Result<(), howdah::Error> {
/// use howdah::{TableName, query};
///
/// let role = TableName::from(role);
/// for partition in partitions {
///     query(format!("grant select on {} to {role}", TableName::from(partition))).execute(pool).await?;
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[doc(alias("quote_ident", "quote_identifier"))]
pub struct TableName {
    schema: Option<Cow<'static, str>>,
    name: Cow<'static, str>,
    /// The columns, if they are known and some of them have a carrier.
    columns: &'static [Column],
}

/// Two names are equal if they are the same SQL.
impl PartialEq for TableName {
    fn eq(&self, other: &Self) -> bool {
        (&self.schema, &self.name) == (&other.schema, &other.name)
    }
}

impl Eq for TableName {}

impl TableName {
    /// The columns, if they are known and some of them have a carrier.
    pub(crate) fn carrying_columns(&self) -> &'static [Column] {
        self.columns
    }

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
            schema: named(table.schema).map(Cow::from),
            name: table.name.into(),
            columns: match table.has_carriers() {
                true => table.columns,
                false => &[],
            },
        }
    }
}

impl From<Table> for TableName {
    fn from(table: Table) -> Self {
        (&table).into()
    }
}

impl From<String> for TableName {
    fn from(name: String) -> Self {
        Self {
            schema: None,
            name: name.into(),
            columns: &[],
        }
    }
}

impl From<(String, String)> for TableName {
    fn from((schema, name): (String, String)) -> Self {
        Self {
            schema: Some(schema.into()),
            name: name.into(),
            columns: &[],
        }
    }
}

impl From<&str> for TableName {
    fn from(name: &str) -> Self {
        Self {
            schema: None,
            name: name.to_owned().into(),
            columns: &[],
        }
    }
}

impl From<(&str, &str)> for TableName {
    fn from((schema, name): (&str, &str)) -> Self {
        Self {
            schema: Some(schema.to_owned().into()),
            name: name.to_owned().into(),
            columns: &[],
        }
    }
}

/// The schema, if names in it are written with it.
pub(crate) fn named(schema: &str) -> Option<&str> {
    (schema != "public").then_some(schema)
}

/// Appends `name`, quoted.
pub(crate) fn push_name(sql: &mut String, name: &str) {
    sql.push('"');
    for (i, part) in name.split('"').enumerate() {
        if i > 0 {
            sql.push_str("\"\"");
        }
        sql.push_str(part);
    }
    sql.push('"');
}

/// Appends `schema` and a dot, if names in it are written with it.
pub(crate) fn push_schema(sql: &mut String, schema: &str) {
    if let Some(schema) = named(schema) {
        push_name(sql, schema);
        sql.push('.');
    }
}

/// Appends the name of a type.
pub(crate) fn push_type(sql: &mut String, ty: &SqlType) {
    match ty.kind {
        SqlKind::Array(element) => {
            push_type(sql, element);
            sql.push_str("[]");
        }
        // By their standard names, these types have one character or one bit, and cut longer values.
        _ if ty.schema == "pg_catalog" && ["bit", "bpchar"].contains(&ty.name) => {
            push_name(sql, ty.name);
        }
        _ if ty.schema == "pg_catalog" => sql.push_str(standard_name(ty.name)),
        _ => {
            push_schema(sql, ty.schema);
            push_name(sql, ty.name);
        }
    }
}

/// A column, with the cast of its carrier if it has one.
pub(crate) fn leaving(carrier: Option<&Carrier>, column: &str) -> String {
    let name = escape_identifier(column);
    match carrier {
        Some(Carrier {
            leaving: (before, after),
            ..
        }) => format!("{before}{name}{after} AS {name}"),
        None => name,
    }
}

/// Column names as SQL, quoted and separated by commas.
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
