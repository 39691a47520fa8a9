//! The result of the source stage: files, queries, their parameters and overrides.
//!
//! Spans are byte ranges of the file's text. Rust types stay text here; the model stage gives them meaning.

use std::{ops::Range, path::PathBuf};

use super::sql_map::SqlMap;
use crate::cardinality::Cardinality;

/// A value and the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Range<usize>,
}

/// A parsed `.sql` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where the file is, as it was given.
    pub path: PathBuf,
    /// The name of its module: the file's stem in snake case. It can be a keyword of Rust.
    pub module: String,
    /// The file's text, unchanged.
    pub text: String,
    /// The queries, in the order of the file.
    pub queries: Vec<Query>,
}

/// A query: one statement with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The name, as written: an identifier to Rust, or a key word.
    pub name: Spanned<String>,
    /// The lines of documentation, without `--` and the space after it.
    pub docs: Vec<String>,
    /// The cardinality, if the name line states one.
    pub cardinality: Option<Spanned<Cardinality>>,
    /// The app's type for the rows, if the name line states one (`-> crate::Place`).
    pub row: Option<Spanned<String>>,
    /// The parameters in the order of their numbers, from `$1` on without a gap.
    pub params: Vec<Param>,
    /// The `-- column:` lines, in the order of the file.
    pub column_overrides: Vec<Override>,
    /// The statement for the server: `:name` is replaced by `$1`, and everything else is as in the file, from the first
    /// token or comment after the head to the statement's last token, without `;`.
    pub sql: String,
    pub(super) map: SqlMap,
    /// From the name line to the end of the statement.
    pub span: Range<usize>,
}

impl Query {
    /// The byte of the file that the byte `sql_offset` of [`Query::sql`] comes from. All of a `$1` comes from the start of
    /// its `:name`; offsets past the end mean the end.
    pub fn file_offset(&self, sql_offset: usize) -> usize {
        self.map.file_offset(sql_offset)
    }

    /// The byte of the file that a server's error position means: positions count the characters of [`Query::sql`] from 1.
    pub fn file_offset_of_position(&self, position: u32) -> usize {
        let characters = usize::try_from(position)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let offset = self
            .sql
            .char_indices()
            .nth(characters)
            .map(|(offset, _)| offset);
        self.file_offset(offset.unwrap_or(self.sql.len()))
    }

    /// The parameters that can be null because of `-- param:` lines.
    pub fn nullable_params(&self) -> NullableParams {
        let numbers = |is_stated: fn(&Param) -> bool| {
            let stated = self.params.iter().filter(|param| is_stated(param));
            stated.map(|param| param.number).collect()
        };
        NullableParams {
            values: numbers(|param| param.nullable == Some(true) || param.has_optional_type().0),
            elements: numbers(|param| param.has_optional_type().1),
        }
    }
}

/// The numbers of the parameters that can be null because the query's author says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NullableParams {
    /// Parameters that can be null themselves.
    pub values: Vec<u16>,
    /// Parameters whose elements can be null.
    pub elements: Vec<u16>,
}

/// A parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// The name of `:name`, as written. `None` for `$1`.
    pub name: Option<String>,
    /// The number that it has on the server, from 1.
    pub number: u16,
    /// Its positions in the file.
    pub spans: Vec<Range<usize>>,
    /// The Rust type that a `-- param:` line states.
    pub rust_type: Option<Spanned<String>>,
    /// Whether it can be null, if a `-- param:` line says so: `name?` can, `name!` cannot.
    pub nullable: Option<bool>,
    /// The `-- param:` line about it.
    pub directive: Option<Range<usize>>,
}

impl Param {
    /// Whether the stated type has an `Option` for the value, and one for the elements of an array.
    fn has_optional_type(&self) -> (bool, bool) {
        let written = self.rust_type.as_ref().map_or("", |ty| &ty.value);
        let written: String = written.split_whitespace().collect();
        let array = ["Vec<", "["].iter().filter_map(|array| written.find(array));
        let (value, elements) = written.split_at(array.min().unwrap_or(written.len()));
        (value.contains("Option<"), elements.contains("Option<"))
    }
}

/// A `-- param:` or `-- column:` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The parameter's or column's name, without `?`, `!` and quotes.
    pub name: Spanned<String>,
    /// The Rust type, if the line states one.
    pub rust_type: Option<Spanned<String>>,
    /// Whether it can be null, if the line says so: `name?` can, `name!` cannot.
    pub nullable: Option<bool>,
    /// The whole line.
    pub span: Range<usize>,
}
