//! Follows values into the columns they are stored in: through casts, CASE and COALESCE, functions of one value, `unnest`,
//! and the queries in between.
//!
//! A row is written as a whole: a parameter that one of its columns refuses null of has no null for the others either.

use std::collections::HashSet;
use std::rc::Rc;

use super::asking::null_with_no_other;
use super::columns::{below, is_cast, is_unnest, unnested};
use super::{Flow, Sink, Tie, rows_in};
use crate::analyze::dml::{self, Command};
use crate::analyze::logic;
use crate::analyze::range_table::output_expression;
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::analyze::verdict::Reason;
use crate::catalog::Column;
use crate::nodes::{self, Reference, param_kind, sublink};
use crate::tree::Node;

/// What one statement stores of the parameters, by their numbers; or of their elements, which the flag says.
#[derive(Default)]
pub(super) struct Stored {
    /// Where null would be an error in every row.
    refused: HashSet<(usize, bool)>,
    /// Where null is stored, and why that has a meaning.
    taken: Vec<(usize, bool, Reason)>,
}

/// The subquery and its column that `(a, b) = (select …)` takes a value from.
fn assigned_together<'t>(
    node: &'t Node<'t>,
    list: &str,
    value: &Node<'_>,
) -> Option<(&'t Node<'t>, i64)> {
    let is_one = value.tag == "PARAM" && value.number("paramkind") == Some(param_kind::MULTIEXPR);
    // `paramid` holds both: the subquery's number and the column's.
    let id = value.number("paramid").filter(|_| is_one)?;
    let targets = node.nodes(list).filter_map(|target| target.node("expr"));
    let mut sublinks =
        targets.filter(|expr| expr.number("subLinkType") == Some(sublink::MULTIEXPR));
    let sublink = sublinks.find(|sublink| sublink.number("subLinkId") == Some(id >> 16))?;
    Some((sublink, id & 0xffff))
}

/// What becomes of a value on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Every row gets it.
    Always,
    /// Some rows may get something else in its place.
    Sometimes,
}

impl<'t> Flow<'_, 't> {
    /// The assignments of a statement: every row that is written takes its own list, and maybe those of a conflict or of what
    /// matches.
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

    /// The parameters without which the statement writes no row: its condition is not true of any.
    fn required(&self, query: &'t Node<'t>) -> HashSet<usize> {
        let quals = query.node("jointree").and_then(|tree| tree.node("quals"));
        // MERGE also has actions where it does not match.
        let quals = quals.filter(|_| dml::command(query) != Command::Merge);
        let quals = quals.into_iter().flat_map(logic::conjuncts);
        let strict = quals.filter(|condition| {
            matches!(condition.tag, "OPEXPR" | "SCALARARRAYOPEXPR")
                && self.context.is_strict(condition)
        });
        let arguments = strict.flat_map(|condition| condition.nodes("args"));
        arguments.map(uncast).filter_map(nodes::param).collect()
    }

    /// A BEFORE trigger may put something in the place of a null.
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

    /// A value on its way into a column.
    fn store_value(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        match node.tag {
            "PARAM" => self.store(node, sink, false, fate),
            "COERCETODOMAIN" if self.context.refuses_null(node.oid("resulttype")) => {
                if let Some(argument) = node.node("arg") {
                    self.associate(argument, sink);
                }
            }
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR"
            | "COERCETODOMAIN" => {
                if let Some(argument) = node.node("arg") {
                    self.store_value(scope, argument, sink, fate);
                }
            }
            "CASEEXPR" => {
                let results = node.nodes("args").filter_map(|when| when.node("result"));
                for result in results.chain(node.node("defresult")) {
                    self.store_value(scope, result, sink, Fate::Sometimes);
                }
            }
            "COALESCEEXPR" => {
                for argument in node.nodes("args") {
                    self.store_value(scope, argument, sink, Fate::Sometimes);
                }
            }
            "FUNCEXPR" if is_unnest(self.context, node) => {
                if let Some(array) = node.nodes("args").next() {
                    self.stored_elements(scope, array, sink, fate);
                }
            }
            "NULLIFEXPR" => match null_with_no_other(node) {
                Some(argument) => self.store_value(scope, argument, sink, fate),
                None => {
                    if let Some(argument) = node.nodes("args").next() {
                        self.associate(uncast(argument), sink);
                    }
                }
            },
            // A function or operator of this one value and constants: null in, null out. If it is no cast, which a column's length is,
            // too, then what is stored is another value.
            "FUNCEXPR" | "OPEXPR" => {
                if let Some(argument) = self.null_with(node) {
                    let tie = if is_cast(node) { sink.tie } else { Tie::Like };
                    self.store_value(scope, argument, Sink { tie, ..sink }, fate);
                }
            }
            "SUBLINK" if node.number("subLinkType") == Some(sublink::EXPR) => {
                self.store_output(scope, node, 1, sink);
            }
            "FIELDSTORE" => self.store_fields(scope, node.nodes("newvals"), sink, fate),
            "ROWEXPR" => self.store_fields(scope, node.nodes("args"), sink, fate),
            // Of an array, only what is in its rows: its elements are values of their own.
            "ARRAYEXPR" => {
                for row in rows_in(node) {
                    self.store_value(scope, row, sink, fate);
                }
            }
            // Of several elements that are set, one is set in what the others make.
            "SUBSCRIPTINGREF" => {
                let parts = ["refassgnexpr", "refexpr"].map(|part| node.node(part));
                for part in parts.into_iter().flatten() {
                    if matches!(part.tag, "FIELDSTORE" | "ROWEXPR" | "SUBSCRIPTINGREF") {
                        self.store_value(scope, part, sink, fate);
                    }
                }
            }
            "VAR" => self.stored_column(scope, node, sink, fate),
            _ => {}
        }
    }

    /// A column of a subquery's row on its way into a column; there may be no such row.
    fn store_output(
        &mut self,
        scope: &Rc<Scope<'t>>,
        sublink: &'t Node<'t>,
        column: i64,
        sink: Sink<'t>,
    ) {
        let Some(query) = sublink.node("subselect") else {
            return;
        };
        if let Some(expression) = output_expression(query, column) {
            let inner = self.context.child(scope, query);
            self.store_value(&inner, expression, sink, Fate::Sometimes);
        }
    }

    /// A column on its way into a column: what it is made of further down is, too.
    fn stored_column(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        let place = Reference::local(node);
        let array =
            place.and_then(|(entry, column)| unnested(self.context, scope.entry(entry)?, column));
        if let Some(array) = array {
            self.stored_elements(scope, array, sink, fate);
        }
        for (inner, expression) in self.followed(scope, node, sink) {
            self.store_value(&inner, expression, sink, fate);
        }
    }

    /// What a column of the scope is made of further down, on its way into a column; nothing when it has gone there before.
    fn followed(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        sink: Sink<'t>,
    ) -> Vec<(Rc<Scope<'t>>, &'t Node<'t>)> {
        let Some((number, column)) = Reference::local(node) else {
            return Vec::new();
        };
        let times = self
            .visited
            .entry(((scope.id, number, column), sink.column.number))
            .or_default();
        *times += 1;
        match *times > 2 {
            true => Vec::new(),
            false => below(self.context, scope, number, column),
        }
    }

    /// An array whose elements are on their way into a column.
    fn stored_elements(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        match node.tag {
            "PARAM" => self.store(node, sink, true, fate),
            "RELABELTYPE" | "ARRAYCOERCEEXPR" | "COERCEVIAIO" => {
                if let Some(argument) = node.node("arg") {
                    self.stored_elements(scope, argument, sink, fate);
                }
            }
            "VAR" => {
                for (inner, expression) in self.followed(scope, node, sink) {
                    self.stored_elements(&inner, expression, sink, fate);
                }
            }
            _ => {}
        }
    }

    /// Values on their way into the fields of a column's composite value.
    fn store_fields(
        &mut self,
        scope: &Rc<Scope<'t>>,
        values: impl Iterator<Item = &'t Node<'t>>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        let sink = Sink {
            in_field: true,
            ..sink
        };
        values.for_each(|value| self.store_value(scope, value, sink, fate));
    }

    /// The parameter, or its elements, is stored in the column.
    fn store(&mut self, param: &Node<'_>, sink: Sink<'t>, elements: bool, fate: Fate) {
        self.associate(param, sink);
        let Sink {
            relation,
            column,
            in_field,
            ..
        } = sink;
        let refuses = column.not_null || self.context.refuses_null(column.type_oid);
        let Some(found) = self.param(param) else {
            return;
        };
        let number = nodes::param(param).unwrap_or_default();
        if refuses && !in_field {
            found.refused.get_or_insert_with(|| {
                let text = format!("`{}` of `{}` is not null", column.name, relation.name);
                Reason::new(text, param.location())
            });
            if fate == Fate::Always {
                self.stored.refused.insert((number, elements));
            }
            return;
        }
        let Column { name, .. } = column;
        let text = match in_field {
            true => format!("stored in a field of `{name}` of `{}`", relation.name),
            false => format!(
                "stored in `{name}` of `{}`, which may be null",
                relation.name
            ),
        };
        let reason = Reason::new(text, param.location());
        self.stored.taken.push((number, elements, reason));
    }
}
