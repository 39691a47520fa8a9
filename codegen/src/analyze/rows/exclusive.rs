//! Arms of a UNION of which only one has rows: `select … from found union all select … from added`, where `added` inserts
//! `where not exists (select from found)`.

use std::rc::Rc;

use crate::analyze::constants::integer;
use crate::analyze::context::Context;
use crate::analyze::dml::{self, Command};
use crate::analyze::env::Env;
use crate::analyze::logic::conjuncts;
use crate::analyze::range_table::{self, EntryKind, referenced};
use crate::analyze::scope::Scope;
use crate::nodes::sublink;
use crate::tree::Node;

/// Whether one of these arms has rows only where the other has none.
pub(super) fn arms(env: &Env<'_, '_>, one: &Node<'_>, other: &Node<'_>) -> bool {
    let of = |arm| {
        let mut demands = Demands::default();
        if let Some(entry) = referenced(arm) {
            demands.collect_entry(env.context, &env.scope, entry);
        }
        demands
    };
    let (one, other) = (of(one), of(other));
    one.contradict(&other) || other.contradict(&one)
}

/// The tables of WITH, by their queries, that have rows or none where a query has rows.
#[derive(Default)]
struct Demands<'t> {
    filled: Vec<&'t Node<'t>>,
    empty: Vec<&'t Node<'t>>,
}

impl<'t> Demands<'t> {
    fn contradict(&self, other: &Self) -> bool {
        let is_empty = |table: &&Node<'_>| other.empty.iter().any(|t| std::ptr::eq(*t, *table));
        self.filled.iter().any(is_empty)
    }

    fn collect_entry(&mut self, context: &Context<'t>, scope: &Rc<Scope<'t>>, number: usize) {
        let Some(entry) = scope.entry(number) else {
            return;
        };
        match range_table::kind(entry) {
            EntryKind::Subquery => {
                if let Some(query) = entry.node("subquery") {
                    self.collect(context, &context.child(scope, query));
                }
            }
            EntryKind::CommonTableExpression => {
                if let Some((owner, query)) = evaluated_once(scope, entry) {
                    self.filled.push(query);
                    self.collect(context, &context.child(&owner, query));
                }
            }
            _ => {}
        }
    }

    /// Takes in what has to hold for the query of `scope` to give a row.
    fn collect(&mut self, context: &Context<'t>, scope: &Rc<Scope<'t>>) {
        let query = scope.query;
        let is_of_rows = match dml::command(query) {
            Command::Select => query.node("setOperations").is_none() && !scope.may_group_nothing(),
            Command::Insert | Command::Update | Command::Delete => true,
            Command::Merge | Command::Utility => false,
        };
        let Some(jointree) = query.node("jointree").filter(|_| is_of_rows) else {
            return;
        };
        for number in jointree.nodes("fromlist").filter_map(referenced) {
            self.collect_entry(context, scope, number);
        }
        let conditions = jointree.node("quals").map(conjuncts).unwrap_or_default();
        let empty = conditions.into_iter().filter_map(not_existing);
        self.empty
            .extend(empty.filter_map(|query| only_table(context, scope, query)));
    }
}

/// What `not exists (…)` asks for.
fn not_existing<'t>(condition: &'t Node<'t>) -> Option<&'t Node<'t>> {
    let is_not = condition.text("boolop").as_deref() == Some("not");
    let sublink = condition.nodes("args").next().filter(|_| is_not)?;
    let is_exists =
        sublink.tag == "SUBLINK" && sublink.number("subLinkType") == Some(sublink::EXISTS);
    sublink.node("subselect").filter(|_| is_exists)
}

/// The table of WITH all of whose rows, and nothing else, the query is about.
fn only_table<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    query: &'t Node<'t>,
) -> Option<&'t Node<'t>> {
    let jointree = query.node("jointree")?;
    let mut items = jointree.nodes("fromlist");
    let (item, None) = (items.next()?, items.next()) else {
        return None;
    };
    let keeps_rows = jointree.node("quals").is_none()
        && query.node("setOperations").is_none()
        && query.node("havingQual").is_none()
        && query.node("limitOffset").is_none()
        && query
            .node("limitCount")
            .is_none_or(|limit| integer(limit) >= Some(1))
        && !query.flag("hasTargetSRFs");
    let inside = context.child(scope, query);
    if !keeps_rows || inside.may_group_nothing() {
        return None;
    }
    let entry = inside.entry(referenced(item)?)?;
    let is_table = range_table::kind(entry) == EntryKind::CommonTableExpression;
    Some(evaluated_once(&inside, entry).filter(|_| is_table)?.1)
}

/// The definition of a table of WITH, unless its query is put in the place of each reference.
fn evaluated_once<'t>(
    scope: &Rc<Scope<'t>>,
    entry: &Node<'_>,
) -> Option<(Rc<Scope<'t>>, &'t Node<'t>)> {
    const NOT_MATERIALIZED: i64 = 2;
    let (owner, query) = range_table::definition(scope, entry)?;
    let mut tables = owner.query.nodes("cteList");
    let table = tables.find(|table| {
        let definition = table.node("ctequery");
        definition.is_some_and(|definition| std::ptr::eq(definition, query))
    })?;
    let is_copied = table.number("ctematerialized") == Some(NOT_MATERIALIZED);
    (!is_copied && !entry.flag("self_reference")).then_some((owner, query))
}
