//! The values that a statement assigns to columns, and which of its parameters may be null for all of them.
//!
//! A row is written as a whole: if one of its columns does not accept null from a parameter, the parameter is not null
//! for the others either.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Flow, Sink, Tie};
use crate::analyze::dml::{self, Command};
use crate::analyze::logic;
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::analyze::verdict::Reason;
use crate::nodes::{self, param_kind, sublink};
use crate::tree::Node;

/// The parameters that one statement stores, by their numbers. The flag is true for the elements of a parameter.
#[derive(Default)]
pub(super) struct Stored {
    /// Parameters for which null would be an error in every row.
    pub(super) refused: HashSet<(usize, bool)>,
    /// Parameters for which null can be stored, and why it has a meaning.
    pub(super) taken: Vec<(usize, bool, Reason)>,
}

/// Whether a value reaches the column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Every row gets it.
    Always,
    /// Some rows can get another value instead.
    Sometimes,
}

impl<'t> Flow<'_, 't> {
    /// The assignments of a statement: every written row gets its own list, and possibly those of a conflict or of a
    /// match.
    pub(super) fn assignments(
        &mut self,
        scope: &Rc<Scope<'t>>,
        entry: &'t Node<'t>,
        query: &'t Node<'t>,
    ) {
        let outer = std::mem::take(&mut self.stored);
        let fate = self.fate_of_rows(query, entry);
        self.assigned(scope, entry, query, "targetList", fate);
        if let Some(conflict) = query.node("onConflict") {
            self.assigned(scope, entry, conflict, "onConflictSet", Fate::Sometimes);
        }
        for action in query.nodes("mergeActionList") {
            self.assigned(scope, entry, action, "targetList", Fate::Sometimes);
        }
        let Stored { refused, taken } = std::mem::replace(&mut self.stored, outer);
        let required = self.required(query);
        for (number, elements, reason) in taken {
            if refused.contains(&(number, elements)) || !elements && required.contains(&number) {
                continue;
            }
            let Some(found) = self.uses.get_mut(number - 1) else {
                continue;
            };
            if elements {
                found.nulls.elements = true;
            } else {
                found.nulls.value = true;
            }
            found.reason.get_or_insert(reason);
        }
    }

    /// The parameters that must not be null for the statement to write a row: with a null, its condition is never true.
    fn required(&self, query: &'t Node<'t>) -> HashSet<usize> {
        let quals = query.node("jointree").and_then(|tree| tree.node("quals"));
        // MERGE also has actions for rows that do not match.
        let quals = quals.filter(|_| dml::command(query) != Command::Merge);
        let quals = quals.into_iter().flat_map(logic::conjuncts);
        let strict = quals.filter(|condition| {
            matches!(condition.tag, "OPEXPR" | "SCALARARRAYOPEXPR")
                && self.context.is_strict(condition)
        });
        let arguments = strict.flat_map(|condition| condition.nodes("args"));
        arguments.map(uncast).filter_map(nodes::param).collect()
    }

    /// Whether all rows get the values: a BEFORE trigger can replace a null.
    fn fate_of_rows(&self, query: &Node<'_>, entry: &Node<'_>) -> Fate {
        let catalog = self.context.catalog;
        let Some(relation) = catalog.relation_by_oid(entry.oid("relid")) else {
            return Fate::Sometimes;
        };
        let triggers = dml::triggers(catalog, relation);
        let changed = match dml::command(query) {
            Command::Insert => triggers.before_insert.sets_something(),
            _ => triggers.before_update.sets_something(),
        };
        if changed || triggers.instead_of {
            Fate::Sometimes
        } else {
            Fate::Always
        }
    }

    fn assigned(
        &mut self,
        scope: &Rc<Scope<'t>>,
        entry: &'t Node<'t>,
        node: &'t Node<'t>,
        list: &str,
        fate: Fate,
    ) {
        let catalog = self.context.catalog;
        let Some(relation) = catalog.relation_by_oid(entry.oid("relid")) else {
            return;
        };
        for target in node.nodes(list).filter(|t| !t.flag("resjunk")) {
            let column = target.number("resno");
            let column = column.and_then(|number| relation.column_numbered(number));
            if let (Some(column), Some(value)) = (column, target.node("expr")) {
                let sink = Sink {
                    relation,
                    column,
                    tie: Tie::Stored,
                    in_field: false,
                };
                match assigned_together(node, list, uncast(value)) {
                    Some((sublink, column)) => self.store_output(scope, sublink, column, sink),
                    None => self.store_value(scope, value, sink, fate),
                }
                self.made_into(scope, value, &column.name);
            }
        }
    }
}

/// The subquery and its column that `(a, b) = (select …)` takes a value from.
fn assigned_together<'t>(
    node: &'t Node<'t>,
    list: &str,
    value: &Node<'_>,
) -> Option<(&'t Node<'t>, i64)> {
    let is_one = value.tag == "PARAM" && value.number("paramkind") == Some(param_kind::MULTIEXPR);
    // `paramid` contains both the subquery's number and the column's.
    let id = value.number("paramid").filter(|_| is_one)?;
    let targets = node.nodes(list).filter_map(|target| target.node("expr"));
    let mut sublinks =
        targets.filter(|expr| expr.number("subLinkType") == Some(sublink::MULTIEXPR));
    let sublink = sublinks.find(|sublink| sublink.number("subLinkId") == Some(id >> 16))?;
    Some((sublink, id & 0xffff))
}
