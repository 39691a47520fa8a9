//! Columns of materialized views. Their rows are from the last refresh, so only facts that do not depend on the schema
//! since then are known.

use std::rc::Rc;

use super::context::Context;
use super::env::Env;
use super::facts::Facts;
use super::reason::Verdict;
use super::{elements, range_table, statement};
use crate::catalog::{Column, Relation, RelationKind};
use crate::tree::{self, Arena, Node};

/// Facts about a column of a materialized view.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    value: Verdict,
    elements: Verdict,
}

/// The verdict on a column of a materialized view. `None` for another relation, or if nothing is known.
pub(super) fn column(
    context: &Context<'_>,
    relation: &Relation,
    column: &Column,
) -> Option<Verdict> {
    let known = of(context, relation, column)?.value;
    (!known.nullable).then(|| since_refresh(relation, column, &known))
}

/// The verdict on the elements of a column of a materialized view.
pub(super) fn elements(
    context: &Context<'_>,
    relation: &Relation,
    column: &Column,
) -> Option<Verdict> {
    let known = of(context, relation, column)?.elements;
    (!known.nullable).then(|| since_refresh(relation, column, &known))
}

fn since_refresh(relation: &Relation, column: &Column, known: &Verdict) -> Verdict {
    let text = format!(
        "`{}` of `{}` was not null at any refresh: {}",
        column.name, relation.name, known.reason.text
    );
    Verdict::not_null(text, None)
}

fn of(context: &Context<'_>, relation: &Relation, column: &Column) -> Option<Stored> {
    if relation.kind != RelationKind::MaterializedView {
        return None;
    }
    let known = context.stored.borrow().get(&relation.oid).cloned();
    let columns = known.unwrap_or_else(|| {
        let columns: Rc<[Stored]> = work_out(context, relation).unwrap_or_default().into();
        let mut stored = context.stored.borrow_mut();
        stored.insert(relation.oid, Rc::clone(&columns));
        columns
    });
    let place = usize::try_from(column.number).ok()?.checked_sub(1)?;
    columns.get(place).cloned()
}

/// Whether a view is named at any depth.
fn names_view(node: &Node<'_>) -> bool {
    range_table::is_view(node) || node.children().any(names_view)
}

/// The facts that follow from the view's query alone.
fn work_out(context: &Context<'_>, relation: &Relation) -> Option<Vec<Stored>> {
    let arena = Arena::new();
    let tree = tree::read(relation.query.as_deref()?, &arena).ok()?;
    let query = statement(&tree)?;
    // The catalog of lasting facts has no `lasting` itself, so it is used directly.
    let lasting = context.catalog.lasting.as_deref();
    let inner = Context::new(lasting.unwrap_or(context.catalog), &arena, Vec::new());
    // Views are not expanded in a stored query, so what they read is not seen here.
    if names_view(query) {
        inner.reads_foreign.set(true);
    }
    let env = Env::new(&inner, inner.root(query), &Facts::default());
    let columns = (1..).zip(range_table::output_list(query));
    let columns = columns.map(|(number, _)| Stored {
        value: env.output(number),
        elements: elements::of_output(&env, number),
    });
    Some(columns.collect())
}
