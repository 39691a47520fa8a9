//! The reader proper: tokens to nodes, by recursive descent of bounded depth.

use std::fmt;

use super::token::Tokens;
use super::{Node, Value};

/// How deep nodes and lists may nest: a thousand operators in a chain, on a stack of 2 MiB in a debug build.
const DEPTH_LIMIT: usize = 2_000;

/// Why a text is no node tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What was wrong.
    pub what: &'static str,
    /// Where, in bytes.
    pub at: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} of the node tree", self.what, self.at)
    }
}

impl std::error::Error for Malformed {}

/// Reads one value: a node, or the list that PostgreSQL prints for the queries a statement was rewritten to.
///
/// # Errors
///
/// When the text is not what `nodeToString` prints.
pub fn read(text: &str) -> Result<Value<'_>, Malformed> {
    let mut reader = Reader {
        tokens: Tokens::new(text),
        depth: 0,
    };
    let value = reader.value()?;
    match reader.tokens.next() {
        None => Ok(value),
        Some(_) => Err(reader.malformed("text after the end")),
    }
}

/// The tag that versions from 15 on print for what version 14 printed in short.
fn modern(tag: &str) -> &str {
    match tag {
        "ARRAY" => "ARRAYEXPR",
        "CASE" => "CASEEXPR",
        "COALESCE" => "COALESCEEXPR",
        "COLLATE" => "COLLATEEXPR",
        "MINMAX" => "MINMAXEXPR",
        "ROW" => "ROWEXPR",
        "ROWCOMPARE" => "ROWCOMPAREEXPR",
        "RTE" => "RANGETBLENTRY",
        "WHEN" => "CASEWHEN",
        tag => tag,
    }
}

struct Reader<'t> {
    tokens: Tokens<'t>,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn malformed(&self, what: &'static str) -> Malformed {
        Malformed {
            what,
            at: self.tokens.position(),
        }
    }

    fn take(&mut self) -> Result<&'t str, Malformed> {
        self.tokens
            .next()
            .ok_or_else(|| self.malformed("unexpected end"))
    }

    fn value(&mut self) -> Result<Value<'t>, Malformed> {
        match self.take()? {
            "{" => self.nested(Self::node).map(Value::Node),
            "(" => self.nested(Self::list).map(Value::List),
            "<>" => Ok(Value::Null),
            ")" | "}" => Err(self.malformed("unexpected closing bracket")),
            token if self.tokens.next_starts_with(b'[') => self.datum(token),
            token => Ok(Value::Token(token)),
        }
    }

    fn nested<T>(&mut self, read: fn(&mut Self) -> Result<T, Malformed>) -> Result<T, Malformed> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(self.malformed("nesting too deep"));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The rest of a node after its `{`.
    fn node(&mut self) -> Result<Node<'t>, Malformed> {
        let tag = modern(self.take()?);
        let mut fields = Vec::with_capacity(8);
        loop {
            let token = self.take()?;
            if token == "}" {
                return Ok(Node { tag, fields });
            }
            let Some(name) = token.strip_prefix(':') else {
                // Some nodes print a bare value (`{A_CONST 1}`); it belongs to no field that anybody asks for.
                continue;
            };
            fields.push((name, self.value()?));
        }
    }

    /// The rest of a list after its `(`.
    fn list(&mut self) -> Result<Vec<Value<'t>>, Malformed> {
        // `(i 1 2)`, `(o 1 2)`, `(x 1 2)` and `(b 1 2)` hold integers, OIDs, transaction ids and bitmap sets.
        if matches!(self.tokens.peek(), Some("i" | "o" | "x" | "b")) {
            self.take()?;
        }
        let mut elements = Vec::new();
        while !self.tokens.next_starts_with(b')') {
            elements.push(self.value()?);
        }
        self.take()?;
        Ok(elements)
    }

    /// The bytes after a datum's length: `4 [ 1 0 0 0 0 0 0 0 ]`, each printed as a signed number.
    fn datum(&mut self, length: &'t str) -> Result<Value<'t>, Malformed> {
        self.take()?;
        let mut bytes = Vec::new();
        loop {
            let token = self.take()?;
            if token == "]" {
                break;
            }
            let number: i16 = token
                .parse()
                .map_err(|_| self.malformed("a datum's byte that is no number"))?;
            bytes.push(number.rem_euclid(256) as u8);
        }
        // By-value constants are printed as a whole machine word.
        if let Ok(length) = length.parse() {
            bytes.truncate(length);
        }
        Ok(Value::Datum(bytes))
    }
}
