//! The outer conditions on a query in FROM, a view or a common table expression, translated to its own columns: a
//! unique index inside it can need conditions from both levels.

use super::Determined;
use super::conditions::{Alike, Conditions, resolved};
use crate::analyze::context::Context;
use crate::analyze::dml::{self, Command};
use crate::analyze::env::Env;
use crate::analyze::range_table;
use crate::tree::{Node, Value};

/// Facts about all rows of a query that the outer query uses.
#[derive(Default)]
pub(in crate::analyze) struct Outside<'t> {
    /// The result columns with one possible value, in order.
    pub(in crate::analyze) columns: Vec<i64>,
    pub(super) conditions: Vec<&'t Node<'t>>,
    /// Expressions with one possible value.
    pub(super) fixed: Vec<&'t Node<'t>>,
}

/// A key for caching. It uses texts, because the expressions are built again each time.
pub(in crate::analyze) type Key = (Vec<i64>, Vec<String>, Vec<String>);

impl<'t> Outside<'t> {
    /// The facts about an entry from these conditions and what they determine.
    pub(super) fn of(
        known: &Determined,
        env: &Env<'_, 't>,
        number: usize,
        conditions: &Conditions<'t>,
    ) -> Self {
        let columns = known.columns.iter();
        let columns =
            columns.filter(|(entry, _, alike)| *entry == number && *alike == Alike::Equal);
        let mut outside = Self {
            columns: columns.map(|(_, column, _)| *column).collect(),
            ..Self::default()
        };
        outside.columns.sort_unstable();
        let query = env
            .scope
            .entry(number)
            .and_then(|entry| range_table::query(&env.scope, entry));
        // Each column of a set operation has several expressions.
        if let Some((_, query)) = query
            && dml::command(query) == Command::Select
            && query.node("setOperations").is_none()
        {
            let inside = |node| inside(env, number, query, node);
            outside.conditions = conditions
                .applying_to(env, number)
                .filter_map(inside)
                .collect();
            let fixing = conditions.fixing.iter();
            outside.fixed = fixing
                .filter(|fixing| fixing.equation.alike == Alike::Equal)
                .filter(|fixing| known.is_fixed(env, fixing, number))
                .filter_map(|fixing| inside(fixing.equation.subject))
                .collect();
        }
        outside
    }

    pub(in crate::analyze) fn key(&self) -> Key {
        let texts = |nodes: &[&Node<'_>]| nodes.iter().map(|node| node.canonical()).collect();
        (
            self.columns.clone(),
            texts(&self.conditions),
            texts(&self.fixed),
        )
    }
}

/// An expression that uses only an entry's columns, translated to the entry's query.
fn inside<'t>(
    env: &Env<'_, 't>,
    number: usize,
    query: &'t Node<'t>,
    node: &'t Node<'t>,
) -> Option<&'t Node<'t>> {
    let column = |reference: &Node<'_>| {
        let (entry, column) = resolved(env, reference)?;
        let expression = range_table::output_expression(query, column)?;
        (entry == number).then_some(*expression)
    };
    let node = with_columns(env.context, node, &column)?;
    Some(env.context.arena.alloc(node))
}

/// An expression with its columns replaced. `None` if there is no replacement for one, or if it contains a query, whose
/// references have another level.
fn with_columns<'t>(
    context: &Context<'t>,
    node: &Node<'t>,
    column: &dyn Fn(&Node<'_>) -> Option<Node<'t>>,
) -> Option<Node<'t>> {
    match node.tag {
        "VAR" => return column(node),
        "SUBLINK" => return None,
        _ => {}
    }
    let fields = node.fields.iter();
    let fields =
        fields.map(|(name, value)| Some((*name, value_with_columns(context, value, column)?)));
    let fields: Vec<_> = fields.collect::<Option<_>>()?;
    Some(Node {
        tag: node.tag,
        fields: context.arena.alloc_slice_copy(&fields),
    })
}

fn value_with_columns<'t>(
    context: &Context<'t>,
    value: &Value<'t>,
    column: &dyn Fn(&Node<'_>) -> Option<Node<'t>>,
) -> Option<Value<'t>> {
    Some(match value {
        Value::Node(node) => Value::Node(with_columns(context, node, column)?),
        Value::List(elements) => {
            let elements = elements.iter();
            let elements = elements.map(|value| value_with_columns(context, value, column));
            let elements: Vec<_> = elements.collect::<Option<_>>()?;
            Value::List(context.arena.alloc_slice_copy(&elements))
        }
        other => *other,
    })
}
