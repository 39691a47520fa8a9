//! Names with their schema, printed with PostgreSQL's quoting.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a relation or type, with its schema.
///
/// Printed (and saved) as SQL, quoted where PostgreSQL's `quote_ident` would quote:
///
/// ```
/// use howdah_codegen::catalog::QualifiedName;
///
/// let name = QualifiedName::new("public", "Odd.Name");
/// assert_eq!(name.to_string(), r#"public."Odd.Name""#);
/// assert_eq!(name.to_string().parse::<QualifiedName>().unwrap(), name);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct QualifiedName {
    /// The schema, unquoted.
    pub schema: String,
    /// The name, unquoted.
    pub name: String,
}

impl QualifiedName {
    /// The name `name` in `schema`, both unquoted.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
        }
    }

    /// The name of a built-in.
    pub fn builtin(name: impl Into<String>) -> Self {
        Self::new("pg_catalog", name)
    }

    /// The name for SQL: both parts are always quoted.
    pub(crate) fn to_sql(&self) -> String {
        format!(
            "{}.{}",
            always_quoted(&self.schema),
            always_quoted(&self.name)
        )
    }

    /// Whether this is the name of a built-in.
    pub fn is_builtin(&self) -> bool {
        self.schema == "pg_catalog"
    }

    /// Whether it is in a system schema.
    pub(crate) fn is_system(&self) -> bool {
        self.schema.starts_with("pg_") || self.schema == "information_schema"
    }
}

/// `name`, always quoted, for SQL.
pub(crate) fn always_quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `name`, quoted unless it is plain lower case. Keywords are not quoted: the text is for people and files.
pub(crate) fn quoted(name: &str) -> String {
    let plain = name
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain {
        name.to_owned()
    } else {
        always_quoted(name)
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", quoted(&self.schema), quoted(&self.name))
    }
}

impl From<QualifiedName> for String {
    fn from(name: QualifiedName) -> Self {
        name.to_string()
    }
}

/// Why a text is not a qualified name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not of the form schema.name", self.0)
    }
}

impl std::error::Error for NameError {}

/// Takes one identifier from the front of `text`. Returns its value and the rest.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut out = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if c != '"' {
            out.push(c);
        } else if chars.next_if(|&(_, next)| next == '"').is_some() {
            out.push('"');
        } else {
            return Some((out, &quoted[i + 1..]));
        }
    }
    None
}

impl FromStr for QualifiedName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        identifier(text)
            .and_then(|(schema, rest)| {
                let (name, rest) = identifier(rest.strip_prefix('.')?)?;
                rest.is_empty().then(|| Self::new(schema, name))
            })
            .ok_or_else(|| NameError(text.to_owned()))
    }
}

impl TryFrom<String> for QualifiedName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_survives_printing() {
        for (schema, name) in [
            ("public", "places"),
            ("Public", "a\"b"),
            ("a.b", "c.d"),
            ("é", "\"\""),
            ("x", "1st"),
        ] {
            let name = QualifiedName::new(schema, name);
            assert_eq!(name.to_string().parse(), Ok(name));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "places", "a.b.c", "\"open", ".b", "a."] {
            assert!(text.parse::<QualifiedName>().is_err(), "{text}");
        }
    }
}
