//! Reads PostgreSQL's `nodeToString` text into a tree, for any kinds of nodes.
//!
//! The reader knows the text's grammar (`{TAG :field value …}`, lists, bitmap sets, datums, escaped tokens) and no node
//! by name, so that it reads the trees of versions 14 to 18 and of later ones. It never panics, and limits its
//! recursion. A tree is in an arena, because allocating and dropping each node would take longer than reading it.

mod reader;
mod token;

pub use bumpalo::Bump as Arena;
pub use reader::{Malformed, read};

use std::borrow::Cow;

/// A node: its tag and its fields in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<'t> {
    /// The tag, e.g. `QUERY`.
    pub tag: &'t str,
    /// The fields without their colon.
    pub fields: &'t [(&'t str, Value<'t>)],
}

/// A field's value or a list's element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'t> {
    /// `<>`.
    Null,
    /// A number, a boolean, an enum's number, a name: one token as it was printed.
    Token(&'t str),
    /// A node.
    Node(Node<'t>),
    /// A list of nodes or tokens; for lists of integers and OIDs and for bitmap sets without the leading letter.
    List(&'t [Value<'t>]),
    /// A constant's bytes, as they lie in the server's memory.
    Datum(&'t [u8]),
}

/// A token without its escapes.
fn unescaped(token: &str) -> Cow<'_, str> {
    if token == "\"\"" {
        return Cow::Borrowed("");
    }
    if !token.contains('\\') {
        return Cow::Borrowed(token);
    }
    let mut out = String::with_capacity(token.len());
    let mut chars = token.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' {
            chars.next().unwrap_or(c)
        } else {
            c
        });
    }
    Cow::Owned(out)
}

impl<'t> Value<'t> {
    /// The node, if it is one.
    pub fn node(&self) -> Option<&Node<'t>> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The elements of a list; nothing for anything else.
    pub fn elements(&self) -> &[Value<'t>] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// The nodes in it, in order: itself, or those in a list and in the lists in that.
    pub fn nodes<'n>(&'n self) -> impl Iterator<Item = &'n Node<'t>> {
        nodes_of(std::iter::once(self))
    }

    /// The value of a numeric token.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Token(token) => token.parse().ok(),
            _ => None,
        }
    }

    /// The text of a token or of a `String` node (printed in double quotes).
    pub fn text(&self) -> Option<Cow<'t, str>> {
        match self {
            Self::Token(token) => {
                let bare = token
                    .strip_prefix('"')
                    .and_then(|t| t.strip_suffix('"'))
                    .unwrap_or(token);
                Some(unescaped(bare))
            }
            _ => None,
        }
    }
}

/// The nodes in these values. Few hold a list, so that nothing is allocated for most.
fn nodes_of<'n, 't: 'n>(
    mut values: impl Iterator<Item = &'n Value<'t>>,
) -> impl Iterator<Item = &'n Node<'t>> {
    let mut lists: Vec<std::slice::Iter<'n, Value<'t>>> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            let value = match lists.last_mut() {
                Some(list) => list.next(),
                None => Some(values.next()?),
            };
            match value {
                Some(Value::Node(node)) => return Some(node),
                Some(Value::List(elements)) => lists.push(elements.iter()),
                Some(_) => {}
                None => {
                    lists.pop();
                }
            }
        }
    })
}

impl<'t> Node<'t> {
    /// The value of the field `name`.
    pub fn get(&self, name: &str) -> Option<&Value<'t>> {
        self.fields
            .iter()
            .find_map(|(field, value)| (*field == name).then_some(value))
    }

    /// The node in the field `name`.
    pub fn node(&self, name: &str) -> Option<&Node<'t>> {
        self.get(name)?.node()
    }

    /// The elements of the list in the field `name`; nothing when it is `<>` or absent.
    pub fn list(&self, name: &str) -> &[Value<'t>] {
        self.get(name).map_or(&[], Value::elements)
    }

    /// The nodes of the list in the field `name`.
    pub fn nodes<'n>(&'n self, name: &str) -> impl DoubleEndedIterator<Item = &'n Node<'t>> {
        self.list(name).iter().filter_map(Value::node)
    }

    /// The nodes right below it, those in lists among them, in the order in which they are printed.
    pub fn children<'n>(&'n self) -> impl Iterator<Item = &'n Node<'t>> {
        nodes_of(self.fields.iter().map(|(_, value)| value))
    }

    /// As [`children`](Self::children), without those in the field `name`.
    pub fn children_but<'n>(&'n self, name: &'static str) -> impl Iterator<Item = &'n Node<'t>> {
        let fields = self.fields.iter();
        nodes_of(fields.filter_map(move |(field, value)| (*field != name).then_some(value)))
    }

    /// The number in the field `name`.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.number()
    }

    /// The number in the field `name`, if it is one that counts from one, as places in lists are printed.
    pub fn index(&self, name: &str) -> Option<usize> {
        usize::try_from(self.number(name)?)
            .ok()
            .filter(|index| *index > 0)
    }

    /// The OID in the field `name`; zero when there is none.
    pub fn oid(&self, name: &str) -> u32 {
        self.number(name)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(0)
    }

    /// Whether the field `name` is there and true.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Token("true")))
    }

    /// The text in the field `name`.
    pub fn text(&self, name: &str) -> Option<Cow<'t, str>> {
        self.get(name)?.text()
    }

    /// Where in the statement it stands, as a byte offset.
    pub fn location(&self) -> Option<usize> {
        self.number("location")
            .and_then(|n| usize::try_from(n).ok())
    }

    /// The printed form without locations: equal for expressions that are equal wherever they stand and however written.
    pub fn canonical(&self) -> String {
        self.canonical_through(&|_| None)
    }

    /// The canonical form with other nodes in the place of those for which `instead` has one.
    pub fn canonical_through<'r>(
        &'r self,
        instead: &dyn Fn(&'r Node<'t>) -> Option<&'r Node<'t>>,
    ) -> String {
        let mut out = String::new();
        self.write_canonical(&mut out, instead);
        out
    }

    fn write_canonical<'r>(
        &'r self,
        out: &mut String,
        instead: &dyn Fn(&'r Node<'t>) -> Option<&'r Node<'t>>,
    ) {
        if let Some(other) = instead(self) {
            return other.write_canonical(out, instead);
        }
        out.push('{');
        out.push_str(self.tag);
        for (name, value) in self.fields {
            if !is_notation(name) {
                out.push(' ');
                value.write_canonical(out, instead);
            }
        }
        out.push('}');
    }
}

/// Whether a field says where an expression stands or how it was written, and not what it is: `name` and `name::text` are
/// the same argument of a function of `text`. PostgreSQL, too, compares expressions without these, but for the outer joins that a
/// column stands above, which it notes from version 16 on: it is the same column, and whether its row is there is asked elsewhere.
pub fn is_notation(field: &str) -> bool {
    matches!(
        field,
        "location"
            | "varnosyn"
            | "varattnosyn"
            | "varnullingrels"
            | "funcformat"
            | "relabelformat"
            | "coerceformat"
            | "convertformat"
            | "coercionformat"
            | "row_format"
    )
}

impl<'t> Value<'t> {
    fn write_canonical<'r>(
        &'r self,
        out: &mut String,
        instead: &dyn Fn(&'r Node<'t>) -> Option<&'r Node<'t>>,
    ) {
        match self {
            Self::Null => out.push_str("<>"),
            Self::Token(token) => out.push_str(token),
            Self::Node(node) => node.write_canonical(out, instead),
            Self::List(elements) => {
                out.push('(');
                for element in *elements {
                    element.write_canonical(out, instead);
                    out.push(' ');
                }
                out.push(')');
            }
            Self::Datum(bytes) => {
                for byte in *bytes {
                    out.push_str(&format!("{byte:02x}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
