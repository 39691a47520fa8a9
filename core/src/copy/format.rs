//! The format of a COPY, as options of the statement. Every option is a quoted literal in the SQL; none contains a
//! value of a row.

use postgres_protocol::escape::escape_literal;

use crate::names::column_list;

/// The format of the bytes of a COPY: [`Csv`], [`Text`], or PostgreSQL's binary format. The manual describes them under
/// [COPY](https://www.postgresql.org/docs/current/sql-copy.html).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values.
    Csv(Csv),
    /// PostgreSQL's text format: one line per row, tabs between columns, `\N` for null.
    Text(Text),
    /// PostgreSQL's binary format.
    Binary,
}

impl From<Csv> for Format {
    fn from(csv: Csv) -> Self {
        Self::Csv(csv)
    }
}

impl From<Text> for Format {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl Format {
    /// The options of the statement, such as `FORMAT csv, HEADER true`.
    pub(super) fn options(&self) -> Vec<String> {
        match self {
            Self::Csv(csv) => csv.options(),
            Self::Text(text) => text.options(),
            Self::Binary => vec!["FORMAT binary".to_owned()],
        }
    }
}

/// The first line of a file, if it names the columns.
#[derive(Clone, Copy, Debug, Default)]
enum Header {
    #[default]
    Absent,
    /// COPY writes it, and skips it when reading.
    Present,
    /// COPY reads it, and fails if it does not name the columns in their order.
    Matching,
}

impl Header {
    fn option(self) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Present => Some("HEADER true".to_owned()),
            Self::Matching => Some("HEADER match".to_owned()),
        }
    }
}

/// Comma-separated values. The defaults are PostgreSQL's: commas, double quotes, and nothing between two commas for null.
///
/// ```
/// let format = howdah::copy::Csv::new().delimiter(';').header();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Csv {
    header: Header,
    delimiter: Option<char>,
    quote: Option<char>,
    escape: Option<char>,
    null: Option<String>,
    encoding: Option<String>,
    force_quote: Option<Vec<String>>,
    force_null: Vec<String>,
    force_not_null: Vec<String>,
}

impl Csv {
    /// CSV with commas, double quotes and no header.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes the names of the columns into the first line; when reading, skips the first line.
    #[must_use]
    pub fn header(mut self) -> Self {
        self.header = Header::Present;
        self
    }

    /// When reading, compares the first line with the names of the table's columns, and fails if they are not the same in
    /// the same order. Only for reading. Needs PostgreSQL 15 or later.
    #[must_use]
    pub fn matching_header(mut self) -> Self {
        self.header = Header::Matching;
        self
    }

    /// Sets the character between two columns, which must be one byte.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the quote character, which must be one byte. The default is `"`.
    #[must_use]
    pub fn quote(mut self, quote: char) -> Self {
        self.quote = Some(quote);
        self
    }

    /// Sets the character before a quote inside a quoted value, which must be one byte. The default is the quote character.
    #[must_use]
    pub fn escape(mut self, escape: char) -> Self {
        self.escape = Some(escape);
        self
    }

    /// Sets the text for null, which is written without quotes. The default is the empty text.
    #[must_use]
    pub fn null(mut self, null: impl Into<String>) -> Self {
        self.null = Some(null.into());
        self
    }

    /// Sets the encoding of the bytes, such as `LATIN1`. The default is UTF-8.
    #[must_use]
    pub fn encoding(mut self, encoding: impl Into<String>) -> Self {
        self.encoding = Some(encoding.into());
        self
    }

    /// When writing, quotes all values of these columns. An empty list means all columns.
    #[must_use]
    pub fn force_quote<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.force_quote = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// When reading these columns, also takes a quoted value for null if it is the text for null.
    #[must_use]
    pub fn force_null<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.force_null = columns.into_iter().map(Into::into).collect();
        self
    }

    /// When reading these columns, never takes a value for null.
    #[must_use]
    pub fn force_not_null<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.force_not_null = columns.into_iter().map(Into::into).collect();
        self
    }

    fn options(&self) -> Vec<String> {
        let mut options = vec!["FORMAT csv".to_owned()];
        options.extend(self.header.option());
        options.extend(character("DELIMITER", self.delimiter));
        options.extend(character("QUOTE", self.quote));
        options.extend(character("ESCAPE", self.escape));
        options.extend(literal("NULL", self.null.as_deref()));
        options.extend(encoding(self.encoding.as_deref()));
        options.extend(
            self.force_quote
                .as_ref()
                .map(|columns| match columns.is_empty() {
                    true => "FORCE_QUOTE *".to_owned(),
                    false => format!("FORCE_QUOTE ({})", column_list(columns)),
                }),
        );
        options.extend(columns("FORCE_NULL", &self.force_null));
        options.extend(columns("FORCE_NOT_NULL", &self.force_not_null));
        options
    }
}

/// PostgreSQL's text format: tabs between columns, `\N` for null, backslashes before special characters.
///
/// ```
/// let format = howdah::copy::Text::new().null("-");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Text {
    header: Header,
    delimiter: Option<char>,
    null: Option<String>,
    encoding: Option<String>,
}

impl Text {
    /// Text with tabs, `\N` for null and no header.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes the names of the columns into the first line; when reading, skips the first line. Needs PostgreSQL 15 or
    /// later.
    #[must_use]
    pub fn header(mut self) -> Self {
        self.header = Header::Present;
        self
    }

    /// When reading, compares the first line with the names of the table's columns, and fails if they are not the same in
    /// the same order. Only for reading. Needs PostgreSQL 15 or later.
    #[must_use]
    pub fn matching_header(mut self) -> Self {
        self.header = Header::Matching;
        self
    }

    /// Sets the character between two columns, which must be one byte.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the text for null. The default is `\N`.
    #[must_use]
    pub fn null(mut self, null: impl Into<String>) -> Self {
        self.null = Some(null.into());
        self
    }

    /// Sets the encoding of the bytes, such as `LATIN1`. The default is UTF-8.
    #[must_use]
    pub fn encoding(mut self, encoding: impl Into<String>) -> Self {
        self.encoding = Some(encoding.into());
        self
    }

    fn options(&self) -> Vec<String> {
        let mut options = vec!["FORMAT text".to_owned()];
        options.extend(self.header.option());
        options.extend(character("DELIMITER", self.delimiter));
        options.extend(literal("NULL", self.null.as_deref()));
        options.extend(encoding(self.encoding.as_deref()));
        options
    }
}

fn character(name: &str, value: Option<char>) -> Option<String> {
    value.map(|c| format!("{name} {}", sql_literal(&c.to_string())))
}

fn literal(name: &str, value: Option<&str>) -> Option<String> {
    value.map(|value| format!("{name} {}", sql_literal(value)))
}

/// Stated even if it is UTF-8, because COPY's default is the session's `client_encoding`.
fn encoding(value: Option<&str>) -> Option<String> {
    literal("ENCODING", Some(value.unwrap_or("UTF8")))
}

fn columns(name: &str, columns: &[String]) -> Option<String> {
    (!columns.is_empty()).then(|| format!("{name} ({})", column_list(columns)))
}

/// A string literal; one with backslashes begins with a space and `E`.
fn sql_literal(text: &str) -> String {
    escape_literal(text).trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_quoted() {
        let csv = Csv::new()
            .header()
            .delimiter('\'')
            .null("a'\\b")
            .force_null(["a\"b", "c"]);
        assert_eq!(
            Format::from(csv).options().join(", "),
            r#"FORMAT csv, HEADER true, DELIMITER '''', NULL E'a''\\b', ENCODING 'UTF8', FORCE_NULL ("a""b", "c")"#
        );
    }

    #[test]
    fn all_columns_may_be_quoted() {
        let options = Csv::new().force_quote([""; 0]).options().join(", ");
        assert!(options.ends_with("FORCE_QUOTE *"), "{options}");
    }
}
