//! The number of rows that a query returns: one, at most one, or any number.
//!
//! At most one follows from unique keys whose columns the conditions determine: equated with parameters, constants,
//! outer columns, or columns of relations that are already known to have one row.

mod always;
mod exclusive;
mod written;

use std::rc::Rc;

use super::constants::integer;
use super::context::Context;
use super::determined::{Determined, Outside};
use super::dml::{self, Command};
use super::env::Env;
use super::facts::Facts;
use super::logic::returns_set;
use super::range_table;
use super::scope::{Scope, Side};

use crate::nodes::{grouping_set, set_operation};
use crate::tree::{Node, Value};

pub(super) use always::gives_rows;

/// The number of rows, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Exactly one.
    One(String),
    /// None or one.
    Opt(String),
    /// Any number.
    Many(String),
}

impl Rows {
    /// The same number, with the reason that it comes from the function `name`.
    pub(super) fn inside(self, name: &str) -> Self {
        match self {
            Self::One(reason) => Self::One(format!("in `{name}`, {reason}")),
            Self::Opt(reason) => Self::Opt(format!("in `{name}`, {reason}")),
            Self::Many(_) => Self::Many(format!("`{name}` returns a set")),
        }
    }

    /// The same number, but possibly no row.
    pub(super) fn or_none(self, why: &str) -> Self {
        match self {
            Self::One(reason) => Self::Opt(format!("{reason}, but {why}")),
            other => other,
        }
    }
}

/// The number of rows of the environment's query.
pub(super) fn of(env: &Env<'_, '_>) -> Rows {
    of_with(env, &Outside::default())
}

/// Like [`of`], for the rows that the facts from outside are about.
pub(super) fn of_with<'t>(env: &Env<'_, 't>, outside: &Outside<'t>) -> Rows {
    let work_out = || match dml::command(env.scope.query) {
        Command::Select => limited(env, selected(env, outside)),
        Command::Insert => written::inserted(env),
        Command::Update | Command::Delete => written::changed(env),
        Command::Merge | Command::Utility => Rows::Many("it may give any number of rows".into()),
    };
    env.context.rows(env, outside.key(), work_out)
}

/// The rows after LIMIT and OFFSET.
fn limited(env: &Env<'_, '_>, rows: Rows) -> Rows {
    let query = env.scope.query;
    let rows = match query.node("limitOffset") {
        Some(offset) if integer(offset) != Some(0) => rows.or_none("OFFSET may skip it"),
        _ => rows,
    };
    let Some(limit) = query.node("limitCount") else {
        return rows;
    };
    const WITH_TIES: i64 = 1;
    match (integer(limit), rows) {
        (Some(1), Rows::Many(_)) if query.number("limitOption") != Some(WITH_TIES) => {
            let is_first = query.node("limitOffset").is_none();
            if is_first && always::selects_rows(env.context, &env.scope) {
                Rows::One("LIMIT 1, and some rows are always there".into())
            } else {
                Rows::Opt("LIMIT 1".into())
            }
        }
        (Some(count), rows) if count >= 1 => rows,
        (_, rows) => rows.or_none("LIMIT may cut it off"),
    }
}

/// The rows before LIMIT and OFFSET.
fn selected<'t>(env: &Env<'_, 't>, outside: &Outside<'t>) -> Rows {
    let query = env.scope.query;
    let many = |why: &str| Rows::Many(why.into());
    if let Some(operation) = query.node("setOperations") {
        return combined(env, operation);
    }
    if multiplies(query) {
        return many("a set-returning function multiplies rows");
    }
    let groups = query.list("groupClause");
    let all_in_one = is_one_group(query);
    if !query.list("groupingSets").is_empty() && !all_in_one {
        return many("grouping sets give several rows");
    }
    let having = query.node("havingQual").is_some();
    if groups.is_empty() && (query.flag("hasAggs") || having || all_in_one) {
        let rows = Rows::One("an aggregate without GROUP BY".into());
        return if having {
            rows.or_none("HAVING may drop it")
        } else {
            rows
        };
    }
    let known = Determined::of(env, outside);
    let rows = from_items(env, &known);
    let is_determined = |target: &Node<'_>| {
        let number = target.number("resno");
        number.is_some_and(|number| outside.columns.contains(&number))
    };
    let all_fixed = |clauses: &[Value<'_>]| {
        let mut clauses = clauses.iter().filter_map(Value::node);
        clauses.all(|clause| {
            let reference = clause.number("tleSortGroupRef");
            query.nodes("targetList").any(|target| {
                target.number("ressortgroupref") == reference
                    && (is_determined(target)
                        || target.node("expr").is_some_and(|e| known.fixes(env, e)))
            })
        })
    };
    let fixed = |clause: &str| !query.list(clause).is_empty() && all_fixed(query.list(clause));
    let targets = query.nodes("targetList").filter(|t| is_determined(t));
    let mut windows = targets.filter_map(|target| numbering(query, target.node("expr")?));
    match rows {
        Rows::Many(_) if windows.any(|window| all_fixed(window.list("partitionClause"))) => {
            Rows::Opt("`row_number` numbers each row".into())
        }
        Rows::Many(_) if fixed("groupClause") => Rows::Opt("its conditions leave one group".into()),
        Rows::Many(_) if fixed("distinctClause") => {
            Rows::Opt("its conditions leave one distinct row".into())
        }
        rows if having => rows.or_none("HAVING may drop it"),
        rows => rows,
    }
}

/// Whether the query has GROUP BY ().
fn is_one_group(query: &Node<'_>) -> bool {
    match query.list("groupingSets") {
        [Value::Node(set)] => set.number("kind") == Some(grouping_set::EMPTY),
        _ => false,
    }
}

/// The rows of a set operation. An intersection has only rows that both arms have.
fn combined(env: &Env<'_, '_>, operation: &Node<'_>) -> Rows {
    if let Some(arm) = range_table::referenced(operation) {
        return of_entry(env, arm, &Outside::default());
    }
    let (Some(left), Some(right)) = (operation.node("larg"), operation.node("rarg")) else {
        return Rows::Many("nothing is known of its arms".into());
    };
    let arm = |arm| combined(env, arm).or_none("a set operation may drop it");
    match (operation.number("op"), arm(left)) {
        (Some(set_operation::UNION), Rows::Opt(_)) if exclusive::arms(env, left, right) => {
            arm(right)
        }
        (Some(set_operation::INTERSECT), Rows::Many(_)) => arm(right),
        (Some(set_operation::INTERSECT | set_operation::EXCEPT), rows) => rows,
        _ => Rows::Many("a set operation puts rows together".into()),
    }
}

/// Whether the query has at most one row even without LIMIT.
pub(super) fn is_single(env: &Env<'_, '_>) -> bool {
    env.scope.query.node("limitCount").is_none() && !matches!(of(env), Rows::Many(_))
}

/// The window of an expression that is `row_number()`.
fn numbering<'n>(query: &'n Node<'_>, expression: &Node<'_>) -> Option<&'n Node<'n>> {
    const ROW_NUMBER: u32 = 3100;
    let reference = expression
        .number("winref")
        .filter(|_| expression.tag == "WINDOWFUNC" && expression.oid("winfnoid") == ROW_NUMBER)?;
    let mut windows = query.nodes("windowClause");
    windows.find(|window| window.number("winref") == Some(reference))
}

/// Whether the target list contains a set-returning function.
fn multiplies(query: &Node<'_>) -> bool {
    let mut targets = query.nodes("targetList").filter_map(|t| t.node("expr"));
    query.flag("hasTargetSRFs") && targets.any(returns_set)
}

/// The rows of FROM and WHERE.
fn from_items(env: &Env<'_, '_>, known: &Determined) -> Rows {
    let Some(jointree) = env.scope.query.node("jointree") else {
        return Rows::Many("nothing is known of its FROM".into());
    };
    let filtered = jointree.node("quals").is_some();
    let items: Vec<_> = jointree.nodes("fromlist").collect();
    let mut rows = Rows::One("it reads no table".into());
    for item in items {
        rows = match (rows, known.rows_of(env, item)) {
            (Rows::Many(reason), _) | (_, Rows::Many(reason)) => return Rows::Many(reason),
            (Rows::One(_), other) => other,
            (Rows::Opt(reason), _) => Rows::Opt(reason),
        };
    }
    if filtered {
        rows.or_none("WHERE may drop it")
    } else {
        rows
    }
}

/// The optional sides of the scope's outer joins that are always present: they have one row, and the join has no
/// condition.
pub(super) fn certain_sides<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>) -> Rc<[Side]> {
    if let Some(known) = scope.certain_sides.borrow().as_ref() {
        return Rc::clone(known);
    }
    let sides = scope.unconditional.iter();
    let certain = sides.filter(|(_, entry)| is_one_row(context, scope, *entry));
    let certain: Rc<[Side]> = certain.map(|(side, _)| *side).collect();
    if context.assumed.get() == 0 {
        *scope.certain_sides.borrow_mut() = Some(Rc::clone(&certain));
    }
    certain
}

/// Whether a query in FROM has one row, without any facts from outside.
fn is_one_row<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>, number: usize) -> bool {
    always::query(scope, number).is_some_and(|(owner, query)| {
        let inside = context.child(&owner, query);
        dml::command(query) == Command::Select
            && matches!(
                of(&Env::new(context, inside, &Facts::default())),
                Rows::One(_)
            )
    })
}

/// The rows of an entry of FROM by itself, without the conditions on a table.
pub(super) fn of_entry<'t>(env: &Env<'_, 't>, number: usize, outside: &Outside<'t>) -> Rows {
    let many = |why: &str| Rows::Many(why.into());
    let Some(entry) = env.scope.entry(number) else {
        return many("nothing is known of its FROM");
    };
    let name = range_table::name(entry);
    match range_table::kind(entry) {
        range_table::EntryKind::Subquery => match entry.node("subquery") {
            Some(query) => {
                let scope = env.context.child(&env.scope, query);
                of_with(&env.at(&scope), outside)
            }
            None => many("its subquery is not known"),
        },
        range_table::EntryKind::CommonTableExpression => {
            match range_table::definition(&env.scope, entry) {
                Some((owner, query)) if !entry.flag("self_reference") => {
                    let scope = env.context.child(&owner, query);
                    if super::recursion::is_recursive(&scope) {
                        return many("a recursive query gives any number of rows");
                    }
                    of_with(&env.at(&scope), outside)
                }
                _ => many("a recursive query gives any number of rows"),
            }
        }
        range_table::EntryKind::Values => match entry.list("values_lists") {
            [_] => Rows::One("it reads one row of values".into()),
            _ => many("it reads several rows of values"),
        },
        range_table::EntryKind::Function => super::from_functions::rows(env, entry),
        _ if range_table::is_sequence(entry) => Rows::One("a sequence is one row".into()),
        _ => many(&format!("`{name}` may have any number of matching rows")),
    }
}
