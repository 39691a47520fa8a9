//! The cells of a row, in PostgreSQL's text form.

use std::fmt;
use std::str::FromStr;

use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::{DataRowBody, DataRowRanges};
use serde::de::DeserializeOwned;

/// A cell whose value is not what the query should return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    expected: &'static str,
    number: usize,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {} is no {}", self.number, self.expected)
    }
}

impl std::error::Error for Unreadable {}

/// The cells of a row, taken one after the other.
pub struct Cells<'r> {
    buffer: &'r [u8],
    ranges: DataRowRanges<'r>,
    number: usize,
}

impl<'r> Cells<'r> {
    pub(super) fn of(row: &'r DataRowBody) -> Self {
        Self {
            buffer: row.buffer(),
            ranges: row.ranges(),
            number: 0,
        }
    }

    fn unreadable(&self, expected: &'static str) -> Unreadable {
        Unreadable {
            expected,
            number: self.number,
        }
    }

    /// The next cell's text, or `None` for null.
    ///
    /// # Errors
    ///
    /// When there is no further cell, or it is not UTF-8.
    pub fn optional_text(&mut self) -> Result<Option<&'r str>, Unreadable> {
        self.number += 1;
        let range = self.ranges.next().ok().flatten();
        let range = range.ok_or_else(|| self.unreadable("cell at all"))?;
        range
            .map(|range| std::str::from_utf8(&self.buffer[range]))
            .transpose()
            .map_err(|_| self.unreadable("text"))
    }

    /// The next cell's text.
    ///
    /// # Errors
    ///
    /// Those of [`optional_text`](Self::optional_text), or when it is null.
    pub fn text(&mut self) -> Result<&'r str, Unreadable> {
        self.optional_text()?
            .ok_or_else(|| self.unreadable("value"))
    }

    /// The next cell's text as a `String`, or `None` for null.
    ///
    /// # Errors
    ///
    /// Those of [`optional_text`](Self::optional_text).
    pub fn optional_string(&mut self) -> Result<Option<String>, Unreadable> {
        Ok(self.optional_text()?.map(str::to_owned))
    }

    /// The next cell's number, or `None` for null.
    ///
    /// # Errors
    ///
    /// When it is not a number, or those of [`optional_text`](Self::optional_text).
    pub fn optional_number<T: FromStr>(&mut self) -> Result<Option<T>, Unreadable> {
        let parsed = self.optional_text()?.map(str::parse).transpose();
        parsed.map_err(|_| self.unreadable("number"))
    }

    /// The next cell's number.
    ///
    /// # Errors
    ///
    /// Those of [`optional_number`](Self::optional_number), or when it is null.
    pub fn number<T: FromStr>(&mut self) -> Result<T, Unreadable> {
        self.optional_number()?
            .ok_or_else(|| self.unreadable("number"))
    }

    /// The next cell's `boolean`.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn flag(&mut self) -> Result<bool, Unreadable> {
        match self.text()? {
            "t" => Ok(true),
            "f" => Ok(false),
            _ => Err(self.unreadable("boolean")),
        }
    }

    /// The next cell's array of numbers, or of other words that need no quotes; empty for null.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn array<T: FromStr>(&mut self) -> Result<Vec<T>, Unreadable> {
        let text = self.optional_text()?.unwrap_or("{}");
        // An array whose subscripts begin at zero starts with its bounds: `[0:1]={4,2}`.
        let text = text.split_once('=').map_or(text, |(_, elements)| elements);
        let inside = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
        let inside = inside.ok_or_else(|| self.unreadable("array"))?;
        let elements = inside.split(',').filter(|element| !element.is_empty());
        elements
            .map(|element| element.parse().map_err(|_| self.unreadable("array")))
            .collect()
    }

    /// The next cell's JSON; the default for null.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn json<T: DeserializeOwned + Default>(&mut self) -> Result<T, Unreadable> {
        let Some(text) = self.optional_text()? else {
            return Ok(T::default());
        };
        serde_json::from_str(text).map_err(|_| self.unreadable("JSON"))
    }
}
