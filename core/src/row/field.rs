//! The fields of row types as const data: names, accepted types, nested rows. They are compared while compiling, and when a
//! statement is prepared.

use crate::{Accepts, Decode, Error, ErrorKind, PgRow, Table};

/// A field of a row type: a column, or a nested row of several columns.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Field {
    /// A single column.
    Column(ColumnField),
    /// A nested row.
    Nested(NestedField),
}

/// A field that reads one column.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ColumnField {
    /// The name of the column. Empty in a row that is read by position.
    pub name: &'static str,
    /// The name of the field, such as `Place::note`. Empty if not known.
    pub field: &'static str,
    /// The field's type, as it is written in the source. Empty if not known.
    pub rust_type: &'static str,
    /// The attribute that converts the value, such as `try_from = i32`. Empty if there is none.
    pub conversion: &'static str,
    /// The full name of the field's type, as the compiler knows it.
    pub type_name: fn() -> &'static str,
    /// The SQL types that the field can hold.
    pub accepts: &'static Accepts,
    /// Whether the field can hold null.
    pub nullable: bool,
    /// Whether a result may lack the column. The field then gets its default.
    pub optional_column: bool,
}

/// A field that reads several columns through another row type.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NestedField {
    /// The prefix of the names of the nested columns.
    pub prefix: &'static str,
    /// Whether the nested row is `None` if all of its columns are null.
    pub optional: bool,
    /// The fields of the nested row.
    pub fields: &'static [Field],
}

impl Field {
    /// A field of type `T` that reads the column `name`.
    #[must_use]
    pub const fn column<'r, T: Decode<'r>>(name: &'static str) -> Self {
        Self::Column(ColumnField {
            name,
            field: "",
            rust_type: "",
            conversion: "",
            type_name: std::any::type_name::<T>,
            accepts: T::ACCEPTS,
            nullable: T::NULLABLE,
            optional_column: false,
        })
    }

    /// A field that reads the columns of another row type with these fields. If it is `optional`, it is `None` if all
    /// columns are null.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_row(prefix: &'static str, fields: &'static [Self], optional: bool) -> Self {
        Self::Nested(NestedField {
            prefix,
            optional,
            fields,
        })
    }

    /// A field that reads the columns of another row type. The names of the columns begin with `prefix`.
    #[must_use]
    pub const fn nested<'r, T: PgRow<'r>>(prefix: &'static str) -> Self {
        Self::of_row(prefix, T::FIELDS, false)
    }

    /// Like [`nested`](Self::nested), but the nested row is `None` if all its columns are null.
    #[must_use]
    pub const fn optional<'r, T: PgRow<'r>>(prefix: &'static str) -> Self {
        Self::of_row(prefix, T::FIELDS, true)
    }

    /// Sets the name of the column, and the names that messages use.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_column(
        self,
        name: &'static str,
        field: &'static str,
        rust_type: &'static str,
    ) -> Self {
        match self {
            Self::Column(column) => Self::Column(ColumnField {
                name,
                field,
                rust_type,
                ..column
            }),
            nested => nested,
        }
    }

    /// Sets the names for messages, such as `Place::note` and `Option<String>`.
    #[must_use]
    pub const fn named(self, field: &'static str, rust_type: &'static str) -> Self {
        match self {
            Self::Column(column) => Self::Column(ColumnField {
                field,
                rust_type,
                ..column
            }),
            nested => nested,
        }
    }

    /// Sets the attribute that converts the value, such as `try_from = i32`.
    #[must_use]
    pub const fn through(self, conversion: &'static str) -> Self {
        match self {
            Self::Column(column) => Self::Column(ColumnField {
                conversion,
                ..column
            }),
            nested => nested,
        }
    }

    /// Allows a result to lack the column. Read it with [`Row::get_or_default`](crate::Row::get_or_default).
    #[must_use]
    pub const fn or_default(self) -> Self {
        match self {
            Self::Column(column) => Self::Column(ColumnField {
                optional_column: true,
                ..column
            }),
            nested => nested,
        }
    }
}

impl ColumnField {
    /// The type's name in messages.
    pub(crate) fn rust_type(&self) -> String {
        match self.rust_type {
            "" => short_type_name((self.type_name)()),
            written => written.to_owned(),
        }
    }
}

/// The names of the columns that `fields` read from `table`, those of nested fields included. Columns that a result may lack are
/// left out if the table lacks them.
///
/// # Errors
///
/// When the columns are read by position.
pub(crate) fn column_names(fields: &[Field], table: &Table) -> Result<Vec<String>, Error> {
    let mut names = Vec::with_capacity(count(fields));
    prefixed_names(fields, "", table, &mut names);
    if names.iter().any(String::is_empty) {
        let message = "rows that are read by position do not say which columns they want";
        return Err(Error::new(ErrorKind::Mapping, message));
    }
    Ok(names)
}

fn prefixed_names(fields: &[Field], prefix: &str, table: &Table, names: &mut Vec<String>) {
    for field in fields {
        match field {
            Field::Column(field) => {
                let name = format!("{prefix}{}", field.name);
                if !field.optional_column || table.column(&name).is_some() {
                    names.push(name);
                }
            }
            Field::Nested(nested) => {
                let prefix = format!("{prefix}{}", nested.prefix);
                prefixed_names(nested.fields, &prefix, table, names);
            }
        }
    }
}

/// The number of columns that `fields` read, including nested ones.
pub(crate) const fn count(fields: &[Field]) -> usize {
    let (mut i, mut total) = (0, 0);
    while i < fields.len() {
        total += match &fields[i] {
            Field::Column(_) => 1,
            Field::Nested(nested) => count(nested.fields),
        };
        i += 1;
    }
    total
}

/// `core::option::Option<alloc::string::String>` as `Option<String>`.
pub(crate) fn short_type_name(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut word = 0;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ':' && chars.next_if_eq(&':').is_some() {
            short.truncate(word);
        } else {
            short.push(c);
            // `{{closure}}` can be a part of a path.
            if !c.is_alphanumeric() && !"_{}".contains(c) {
                word = short.len();
            }
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_lose_their_paths() {
        assert_eq!(
            short_type_name("core::option::Option<alloc::string::String>"),
            "Option<String>"
        );
        assert_eq!(
            short_type_name("(i64, &str, my_app::a_b::Mood)"),
            "(i64, &str, Mood)"
        );
        assert_eq!(
            short_type_name("Vec<my_app::main::{{closure}}::Mood>"),
            "Vec<Mood>"
        );
    }

    #[test]
    fn nested_columns_are_counted() {
        const PAIR: &[Field] = &[Field::column::<i64>("a"), Field::column::<i64>("b")];
        let nested = Field::Nested(NestedField {
            prefix: "",
            optional: true,
            fields: PAIR,
        });
        assert_eq!(count(&[nested, Field::column::<bool>("c")]), 3);
    }
}
