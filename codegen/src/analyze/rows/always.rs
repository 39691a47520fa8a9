//! Rows that exist for any content of the tables: those of VALUES, of aggregates, and of combinations of them.

use std::rc::Rc;

use super::{Rows, of};
use crate::analyze::context::Context;
use crate::analyze::dml::{self, Command};
use crate::analyze::env::Env;
use crate::analyze::facts::Facts;
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::scope::Scope;
use crate::nodes::{join, set_operation};
use crate::tree::Node;

/// Whether FROM and WHERE of the scope always produce at least one row.
pub(in crate::analyze) fn gives_rows<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>) -> bool {
    let jointree = scope.query.node("jointree");
    jointree.is_some_and(|jointree| {
        jointree.node("quals").is_none()
            && jointree
                .nodes("fromlist")
                .all(|item| item_gives_rows(context, scope, item))
    })
}

fn item_gives_rows<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>, item: &'t Node<'t>) -> bool {
    if let Some(number) = range_table::referenced(item) {
        return entry_gives_rows(context, scope, number);
    }
    // A left join keeps the rows on the left.
    item.tag == "JOINEXPR"
        && matches!(item.number("jointype"), Some(join::LEFT | join::FULL))
        && item
            .node("larg")
            .is_some_and(|left| item_gives_rows(context, scope, left))
}

fn entry_gives_rows<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>, number: usize) -> bool {
    let entry = scope.entry(number);
    entry.is_some_and(|entry| range_table::kind(entry) == EntryKind::Values)
        || query(scope, number)
            .is_some_and(|(owner, query)| query_gives_rows(context, &context.child(&owner, query)))
}

fn query_gives_rows<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>) -> bool {
    let query = scope.query;
    let env = Env::new(context, Rc::clone(scope), &Facts::default());
    let is_cut = query.node("limitCount").is_some() || query.node("limitOffset").is_some();
    dml::command(query) == Command::Select
        && (matches!(of(&env), Rows::One(_)) || !is_cut && selects_rows(context, scope))
}

/// Whether a SELECT that is not of one row has at least one, before LIMIT and OFFSET.
pub(super) fn selects_rows<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>) -> bool {
    let query = scope.query;
    if let Some(operation) = query.node("setOperations") {
        return operation_gives_rows(context, scope, operation);
    }
    let is_plain = !query.flag("hasTargetSRFs")
        && query.node("havingQual").is_none()
        && query.list("groupClause").is_empty()
        && query.list("groupingSets").is_empty();
    is_plain && gives_rows(context, scope)
}

/// A union has the rows of both arms.
fn operation_gives_rows<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    operation: &'t Node<'t>,
) -> bool {
    if let Some(arm) = range_table::referenced(operation) {
        return entry_gives_rows(context, scope, arm);
    }
    let mut arms = ["larg", "rarg"]
        .iter()
        .filter_map(|arm| operation.node(arm));
    operation.number("op") == Some(set_operation::UNION)
        && arms.any(|arm| operation_gives_rows(context, scope, arm))
}

/// The query that an entry of FROM stands for, and the scope that contains it. Not for a recursive query within itself.
pub(super) fn query<'t>(
    scope: &Rc<Scope<'t>>,
    number: usize,
) -> Option<(Rc<Scope<'t>>, &'t Node<'t>)> {
    let entry = scope.entry(number)?;
    range_table::query(scope, entry).filter(|_| !entry.flag("self_reference"))
}
