//! The reader proper: tokens to nodes, by recursive descent of bounded depth.

use std::fmt;

use super::token::Tokens;
use super::{Arena, Node, Value};

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

/// Reads one value into the arena: a node, or the list that PostgreSQL prints for the queries a statement was rewritten to.
///
/// # Errors
///
/// When the text is not what `nodeToString` prints.
pub fn read<'t>(text: &'t str, arena: &'t Arena) -> Result<Value<'t>, Malformed> {
    let mut reader = Reader {
        tokens: Tokens::new(text),
        depth: 0,
        arena,
        fields: Vec::new(),
        elements: Vec::new(),
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
    arena: &'t Arena,
    /// The fields of the nodes that have been begun, those of the innermost last.
    fields: Vec<(&'t str, Value<'t>)>,
    /// The elements of the lists that have been begun.
    elements: Vec<Value<'t>>,
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

    /// Calls itself by way of `node` and `list`, whose frames are kept small: the stack is what bounds the depth.
    fn value(&mut self) -> Result<Value<'t>, Malformed> {
        let token = self.take()?;
        let is_node = token == "{";
        if !is_node && token != "(" {
            return self.leaf(token);
        }
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(self.malformed("nesting too deep"));
        }
        let value = if is_node { self.node() } else { self.list() };
        self.depth -= 1;
        value
    }

    /// A value that holds no others.
    fn leaf(&mut self, token: &'t str) -> Result<Value<'t>, Malformed> {
        match token {
            "<>" => Ok(Value::Null),
            ")" | "}" => Err(self.malformed("unexpected closing bracket")),
            token if self.tokens.next_starts_with(b'[') => self.datum(token),
            token => Ok(Value::Token(token)),
        }
    }

    /// The rest of a node after its `{`.
    fn node(&mut self) -> Result<Value<'t>, Malformed> {
        let tag = modern(self.take()?);
        let start = self.fields.len();
        loop {
            let token = self.take()?;
            if token == "}" {
                return Ok(self.end_node(tag, start));
            }
            let Some(name) = token.strip_prefix(':') else {
                // Some nodes print a bare value (`{A_CONST 1}`); it belongs to no field that anybody asks for.
                continue;
            };
            let value = self.value()?;
            self.fields.push((name, value));
        }
    }

    /// The rest of a list after its `(`.
    fn list(&mut self) -> Result<Value<'t>, Malformed> {
        // `(i 1 2)`, `(o 1 2)`, `(x 1 2)` and `(b 1 2)` hold integers, OIDs, transaction ids and bitmap sets.
        if matches!(self.tokens.peek(), Some("i" | "o" | "x" | "b")) {
            self.take()?;
        }
        let start = self.elements.len();
        while !self.tokens.next_starts_with(b')') {
            let value = self.value()?;
            self.elements.push(value);
        }
        self.take()?;
        Ok(self.end_list(start))
    }

    /// The node whose fields are those from `start` on.
    fn end_node(&mut self, tag: &'t str, start: usize) -> Value<'t> {
        let fields = self.arena.alloc_slice_copy(&self.fields[start..]);
        self.fields.truncate(start);
        Value::Node(Node { tag, fields })
    }

    /// The list whose elements are those from `start` on.
    fn end_list(&mut self, start: usize) -> Value<'t> {
        let elements = self.arena.alloc_slice_copy(&self.elements[start..]);
        self.elements.truncate(start);
        Value::List(elements)
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
        Ok(Value::Datum(self.arena.alloc_slice_copy(&bytes)))
    }
}
