//! Conditions on the rows of a table, made from typed columns. A condition is a tree of tests; a test is the
//! SQL that a person would have written, its values being parameters.

use std::marker::PhantomData;

use super::sql::Sql;
use crate::Param;

/// A condition on the rows that `R` is read from.
#[must_use = "a condition does nothing by itself"]
pub struct Filter<'a, R> {
    node: Node<'a>,
    row: PhantomData<fn() -> R>,
}

enum Node<'a> {
    /// True where all of these are.
    All(Vec<Node<'a>>),
    /// True where one of these is.
    Any(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    Test(Vec<Part<'a>>),
}

/// A piece of a test.
pub(crate) enum Part<'a> {
    Words(&'static str),
    Column(&'static str),
    /// A function in the schema of a type.
    Function(&'static str, &'static str),
    Param(Param<'a>),
}

impl<'a, R> Filter<'a, R> {
    pub(crate) fn test(parts: impl IntoIterator<Item = Part<'a>>) -> Self {
        Self::of(Node::Test(parts.into_iter().collect()))
    }

    fn of(node: Node<'a>) -> Self {
        Self {
            node,
            row: PhantomData,
        }
    }

    /// True where all of the conditions are; true for every row where there are none.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::All(filters.into_iter().map(|f| f.node).collect()))
    }

    /// True where one of the conditions is; false for every row where there are none.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::Any(filters.into_iter().map(|f| f.node).collect()))
    }

    /// True where both conditions are.
    pub fn and(self, other: Self) -> Self {
        match self.node {
            Node::All(mut all) => {
                all.push(other.node);
                Self::of(Node::All(all))
            }
            node => Self::of(Node::All(vec![node, other.node])),
        }
    }

    /// True where one of the two conditions is.
    pub fn or(self, other: Self) -> Self {
        match self.node {
            Node::Any(mut any) => {
                any.push(other.node);
                Self::of(Node::Any(any))
            }
            node => Self::of(Node::Any(vec![node, other.node])),
        }
    }

    /// True where the condition is false. Where it is null, as comparisons with null are, this is null as well,
    /// and the row is not found: SQL's logic has three values.
    #[expect(
        clippy::should_implement_trait,
        reason = "it stands beside `and` and `or`, which are no operators either"
    )]
    pub fn not(self) -> Self {
        Self::of(Node::Not(Box::new(self.node)))
    }

    /// The same condition, on rows of whatever type.
    pub(crate) fn erased(self) -> Filter<'a, ()> {
        Filter::of(self.node)
    }

    /// Appends the condition.
    pub(crate) fn write(self, sql: &mut Sql<'a>) {
        self.node.write(sql, Inside::Nothing);
    }
}

/// What a condition is part of, which decides whether it stands in parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    All,
    Any,
    Not,
}

impl<'a> Node<'a> {
    fn write(self, sql: &mut Sql<'a>, inside: Inside) {
        match self {
            Node::All(nodes) => list(sql, nodes, Inside::All, inside),
            Node::Any(nodes) => list(sql, nodes, Inside::Any, inside),
            Node::Not(node) => {
                sql.push("not ");
                node.write(sql, Inside::Not);
            }
            Node::Test(parts) => {
                let wrapped = inside == Inside::Not;
                sql.push(if wrapped { "(" } else { "" });
                for part in parts {
                    match part {
                        Part::Words(words) => sql.push(words),
                        Part::Column(name) => sql.column(name),
                        Part::Function(schema, name) => sql.function(schema, name),
                        Part::Param(param) => sql.param(param),
                    };
                }
                sql.push(if wrapped { ")" } else { "" });
            }
        }
    }
}

fn list<'a>(sql: &mut Sql<'a>, mut nodes: Vec<Node<'a>>, this: Inside, inside: Inside) {
    if nodes.len() == 1
        && let Some(only) = nodes.pop()
    {
        return only.write(sql, inside);
    }
    let (joined, empty) = match this {
        Inside::Any => (" or ", "false"),
        _ => (" and ", "true"),
    };
    if nodes.is_empty() {
        sql.push(empty);
        return;
    }
    let wrapped = inside != Inside::Nothing && inside != this;
    sql.push(if wrapped { "(" } else { "" });
    sql.separated(joined, nodes, |sql, node| node.write(sql, this));
    sql.push(if wrapped { ")" } else { "" });
}
