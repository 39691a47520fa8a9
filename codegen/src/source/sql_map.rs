//! Writes a query's SQL with numbers in place of names, and remembers the origin of each piece.
//!
//! Only parameters change, so that the server's error positions can be mapped to the file.

use std::ops::Range;

use super::lexer::{Lexer, TokenKind};

/// From offsets in the SQL sent to offsets in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SqlMap {
    pieces: Vec<Piece>,
    end: usize,
}

/// A piece of the SQL: where it starts there and in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    sql: usize,
    file: usize,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Byte for byte as in the file.
    Copied,
    /// `$1`, which stands for a `:name`.
    Replaced,
}

impl SqlMap {
    pub(super) fn file_offset(&self, sql_offset: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.sql <= sql_offset);
        let Some(piece) = after.checked_sub(1).map(|index| &self.pieces[index]) else {
            return self.end;
        };
        match piece.origin {
            Origin::Replaced => piece.file,
            Origin::Copied => (piece.file + (sql_offset - piece.sql)).min(self.end),
        }
    }
}

/// `sql` with each of its `$1` replaced by the result of `form`.
pub fn map_params(sql: &str, mut form: impl FnMut(u16) -> Option<String>) -> String {
    let replacements: Vec<(Range<usize>, String)> = Lexer::new(sql)
        .filter(|token| token.kind == TokenKind::Parameter)
        .filter_map(|token| {
            let number = token.text(sql).get(1..)?.parse().ok()?;
            Some((token.span, form(number)?))
        })
        .collect();
    rewrite(sql, 0..sql.len(), &replacements).0
}

/// The text of `range` with the `replacements`, which are in order and do not overlap.
pub(super) fn rewrite(
    text: &str,
    range: Range<usize>,
    replacements: &[(Range<usize>, String)],
) -> (String, SqlMap) {
    let mut sql = String::with_capacity(range.len());
    let mut pieces = Vec::with_capacity(2 * replacements.len() + 1);
    let mut at = range.start;
    for (span, replacement) in replacements {
        pieces.push(Piece {
            sql: sql.len(),
            file: at,
            origin: Origin::Copied,
        });
        sql.push_str(&text[at..span.start]);
        pieces.push(Piece {
            sql: sql.len(),
            file: span.start,
            origin: Origin::Replaced,
        });
        sql.push_str(replacement);
        at = span.end;
    }
    pieces.push(Piece {
        sql: sql.len(),
        file: at,
        origin: Origin::Copied,
    });
    sql.push_str(&text[at..range.end]);
    (
        sql,
        SqlMap {
            pieces,
            end: range.end,
        },
    )
}
