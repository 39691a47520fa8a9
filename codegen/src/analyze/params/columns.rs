//! Resolves columns: to a table's column, or to the inner expressions that they stand for.

use std::rc::Rc;

use crate::analyze::context::Context;
use crate::analyze::functions;
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::catalog::{Column, Relation};
use crate::tree::Node;

/// The expressions that a column of a query, a join or a list of values stands for, one level further in.
pub(super) fn below<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    number: usize,
    column: i64,
) -> Vec<(Rc<Scope<'t>>, &'t Node<'t>)> {
    let Some(entry) = scope.entry(number) else {
        return Vec::new();
    };
    let query = match range_table::kind(entry) {
        EntryKind::Subquery | EntryKind::CommonTableExpression => range_table::query(scope, entry),
        EntryKind::Join | EntryKind::Group => {
            let expression = range_table::aliased(entry, column);
            return expression
                .map(|e| (Rc::clone(scope), e))
                .into_iter()
                .collect();
        }
        EntryKind::Values => {
            let place = usize::try_from(column - 1).unwrap_or(usize::MAX);
            let rows = entry.list("values_lists").iter();
            let values = rows.filter_map(|row| row.elements().get(place)?.node());
            return values.map(|value| (Rc::clone(scope), value)).collect();
        }
        _ => return Vec::new(),
    };
    query.map_or_else(Vec::new, |(owner, query)| {
        outputs(context, &context.child(&owner, query), column)
    })
}

/// The expressions that a result column stands for. For a set operation, those of all its arms.
pub(super) fn outputs<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    column: i64,
) -> Vec<(Rc<Scope<'t>>, &'t Node<'t>)> {
    if scope.query.node("setOperations").is_none() {
        let expression = range_table::output_expression(scope.query, column);
        return expression
            .map(|e| (Rc::clone(scope), e))
            .into_iter()
            .collect();
    }
    let arms = scope
        .entries
        .iter()
        .filter_map(|entry| entry.node("subquery"));
    arms.flat_map(|query| outputs(context, &context.child(scope, query), column))
        .collect()
}

/// The array whose elements are the values of a column of a function in FROM.
pub(super) fn unnested<'t>(
    context: &Context<'t>,
    entry: &'t Node<'t>,
    column: i64,
) -> Option<&'t Node<'t>> {
    if range_table::kind(entry) != EntryKind::Function {
        return None;
    }
    let mut place = column - 1;
    for item in entry.nodes("functions") {
        let columns = item.number("funccolcount")?;
        if (0..columns).contains(&place) {
            let call = item.node("funcexpr")?;
            return call
                .nodes("args")
                .next()
                .filter(|_| is_unnest(context, call));
        }
        place -= columns;
    }
    None
}

/// Whether an expression is a call of `unnest` with an array.
pub(super) fn is_unnest(context: &Context<'_>, node: &Node<'_>) -> bool {
    let function = context.called(node);
    node.tag == "FUNCEXPR" && function.is_some_and(functions::is_unnest)
}

/// Whether a function call is a cast.
pub(super) fn is_cast(call: &Node<'_>) -> bool {
    const EXPLICIT_CAST: i64 = 1;
    const IMPLICIT_CAST: i64 = 2;
    let format = call.number("funcformat");
    format.is_some_and(|format| [EXPLICIT_CAST, IMPLICIT_CAST].contains(&format))
}

/// The table's column that an expression stands for.
pub(super) fn base_column<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    node: &'t Node<'t>,
) -> Option<(&'t Relation, &'t Column)> {
    let (scope, entry, number) = scope.referred(uncast(node))?;
    let entry = scope.entry(entry)?;
    if range_table::kind(entry) != EntryKind::Relation {
        return None;
    }
    let relation = context.catalog.relation_by_oid(entry.oid("relid"))?;
    Some((relation, relation.column_numbered(number)?))
}
