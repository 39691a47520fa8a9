//! Which parameters null has a meaning for: those stored in a nullable column, and those that the query itself asks
//! about. Where null would only make a condition match nothing, a parameter is not null.

mod asking;
mod columns;
mod storing;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::bodies;
use super::context::{Context, ParamNulls};
use super::dml::{self, Command};
use super::scope::{Scope, index};
use super::total;
use super::verdict::{ColumnRef, Reason};
use crate::catalog::{Column, Relation};
use crate::tree::{Node, Value};
use columns::{base_column, uncast};
use storing::Stored;

/// What a query does with one parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) nulls: ParamNulls,
    /// Why null has a meaning for it.
    pub(super) reason: Option<Reason>,
    /// Why null would be an error, where it is stored.
    pub(super) refused: Option<Reason>,
    /// The column it is stored in, or else compared with.
    pub(super) column: Option<ColumnRef>,
    /// The clause that it is all of: `limit` or `offset`.
    pub(super) clause: Option<&'static str>,
    /// Whether it is stored in the column.
    is_stored: bool,
    /// Whether it has to do with several columns.
    is_ambiguous: bool,
}

/// What the query does with each of its `count` parameters.
pub(super) fn uses<'t>(context: &Context<'t>, root: &Rc<Scope<'t>>, count: usize) -> Vec<Use> {
    let mut flow = Flow {
        context,
        uses: vec![Use::default(); count],
        stored: Stored::default(),
        visited: HashMap::new(),
        asked: HashSet::new(),
        asked_elements: HashSet::new(),
    };
    flow.query(root);
    for param in &mut flow.uses {
        if param.is_ambiguous {
            param.column = None;
        }
    }
    flow.uses
}

/// Where values end up.
#[derive(Clone, Copy)]
struct Sink<'t> {
    relation: &'t Relation,
    column: &'t Column,
}

struct Flow<'a, 't> {
    context: &'a Context<'t>,
    uses: Vec<Use>,
    /// What the statement at hand stores.
    stored: Stored,
    /// How often a sink's values have been followed into a scope's column, which bounds recursive queries.
    visited: HashMap<(usize, i64, i16), u32>,
    /// The columns, by scope and entry, of which it is known already that the query asks whether they are null.
    asked: HashSet<(usize, usize, i64)>,
    /// The same for the elements of columns that are arrays.
    asked_elements: HashSet<(usize, usize, i64)>,
}

impl<'t> Flow<'_, 't> {
    /// Everything one query level and those inside it do.
    fn query(&mut self, scope: &Rc<Scope<'t>>) {
        let query = scope.query;
        let target =
            index(query, "resultRelation").filter(|_| dml::command(query) != Command::Select);
        if let Some(entry) = target.and_then(|target| scope.entry(target)) {
            self.assignments(scope, entry, query);
        }
        for (field, clause) in [("limitCount", "limit"), ("limitOffset", "offset")] {
            let param = query.node(field).and_then(|node| self.param(uncast(node)));
            if let Some(param) = param {
                let text = format!("null would mean no {clause}");
                param.refused.get_or_insert_with(|| Reason::new(text, None));
                param.clause = Some(clause);
            }
        }
        for (name, value) in query.fields {
            if *name != "rtable" && *name != "cteList" {
                self.value(scope, value);
            }
        }
        for entry in &scope.entries {
            match entry.node("subquery") {
                Some(query) => self.query(&self.context.child(scope, query)),
                None => [
                    "functions",
                    "values_lists",
                    "tablefunc",
                    "tablesample",
                    "groupexprs",
                ]
                .iter()
                .filter_map(|field| entry.get(field))
                .for_each(|value| self.value(scope, value)),
            }
        }
        for cte in query.nodes("cteList") {
            if let Some(query) = cte.node("ctequery") {
                self.query(&self.context.child(scope, query));
            }
        }
    }

    /// Notes the column that the parameter has to do with.
    fn associate(&mut self, param: Option<&Node<'_>>, sink: Sink<'_>, stored: bool) {
        let column = ColumnRef {
            relation: sink.relation.name.clone(),
            column: sink.column.name.clone(),
        };
        let Some(found) = param.and_then(|param| self.param(param)) else {
            return;
        };
        match &found.column {
            Some(known) if *known == column => {}
            Some(_) if found.is_stored == stored => found.is_ambiguous = true,
            Some(_) if found.is_stored => {}
            _ => {
                found.column = Some(column);
                found.is_stored = stored;
                found.is_ambiguous = false;
            }
        }
    }

    fn param(&mut self, node: &Node<'_>) -> Option<&mut Use> {
        const EXTERNAL: i64 = 0;
        let number = index(node, "paramid")?;
        let external = node.tag == "PARAM" && node.number("paramkind") == Some(EXTERNAL);
        self.uses.get_mut(number - 1).filter(|_| external)
    }

    fn value(&mut self, scope: &Rc<Scope<'t>>, value: &'t Value<'t>) {
        match value {
            Value::Node(node) => self.expression(scope, node),
            Value::List(elements) => elements.iter().for_each(|e| self.value(scope, e)),
            _ => {}
        }
    }

    /// Looks for the places where a query asks about null.
    fn expression(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>) {
        let arguments: Vec<_> = node.nodes("args").collect();
        match node.tag {
            "QUERY" => return self.query(&self.context.child(scope, node)),
            "NULLTEST" | "BOOLEANTEST" => self.asked(scope, node.node("arg"), "asked about null"),
            "COALESCEEXPR" => {
                let (_, others) = arguments.split_last().unwrap_or((&node, &[]));
                for argument in others {
                    self.asked(scope, Some(argument), "coalesce gives null a meaning");
                }
            }
            "DISTINCTEXPR" => {
                for argument in &arguments {
                    self.asked(scope, Some(argument), "compared by `is distinct from`");
                }
            }
            "MINMAXEXPR" => {
                for argument in &arguments {
                    self.asked(scope, Some(argument), "greatest and least skip null");
                }
            }
            "FUNCEXPR" | "OPEXPR" | "SCALARARRAYOPEXPR" => self.call(scope, node, &arguments),
            _ => {}
        }
        for (_, value) in node.fields {
            self.value(scope, value);
        }
    }

    fn call(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, arguments: &[&'t Node<'t>]) {
        let field = if node.tag == "FUNCEXPR" {
            "funcid"
        } else {
            "opfuncid"
        };
        if let Some(function) = self.context.function(node.oid(field)) {
            let why = format!("`{}` takes null", function.name.name);
            let asks = bodies::asks_about_null(self.context, node.oid(field), function);
            for (place, argument) in arguments.iter().enumerate() {
                let place = bodies::place_of(argument, place);
                let unknown = || ParamNulls {
                    value: !(function.is_builtin() && total::is_nulled(&function.signature, place)),
                    ..ParamNulls::default()
                };
                let asks = asks.as_ref().and_then(|asks| asks.get(place).copied());
                let asks = asks.unwrap_or_else(unknown);
                // A strict function is not called with null, but with null elements.
                if asks.value && !function.strict {
                    self.asked(scope, Some(argument), &why);
                }
                if asks.elements {
                    self.asked_elements(scope, argument, &why);
                }
            }
        }
        // The column next to a parameter says what kind of value it is.
        let column = arguments
            .iter()
            .find_map(|argument| base_column(self.context, scope, argument));
        if let Some(sink) = column {
            for argument in arguments {
                self.associate(Some(uncast(argument)), sink, false);
            }
        }
    }
}
