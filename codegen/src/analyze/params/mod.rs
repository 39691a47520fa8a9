//! Which parameters null has a meaning for: those that are stored in a nullable column, and those that the query itself
//! tests for null. Where null would only make a condition match nothing, a parameter is not null.

mod asking;
mod assignments;
mod columns;
mod idle;
mod labels;
mod naming;
pub(super) mod srids;
mod storing;
mod uses;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::bodies;
use super::context::{Context, ParamNulls, Place};
use super::dml::{self, Command};
use super::scope::Scope;
use super::total;
use super::typed::uncast;
use super::verdict::Reason;
use crate::catalog::{Column, Function, Relation};
use crate::nodes::{self, function_of};
use crate::tree::{Node, Value};

use assignments::Stored;
use uses::{Bound, Tie, Use, name_bounds};

/// How the query uses each of its `count` parameters.
pub(super) fn uses<'t>(context: &Context<'t>, root: &Rc<Scope<'t>>, count: usize) -> Vec<Use> {
    let mut flow = Flow {
        context,
        uses: vec![Use::default(); count],
        stored: Stored::default(),
        visited: HashMap::new(),
        tied: HashSet::new(),
        placed: HashSet::new(),
        asked: HashSet::new(),
        asked_elements: HashSet::new(),
        rows: Vec::new(),
    };
    flow.query(root);
    flow.complete_rows();
    name_bounds(&mut flow.uses);
    flow.uses
}

/// The rows that an expression constructs: itself, or elements of an array.
fn rows_in<'t>(node: &'t Node<'t>) -> Vec<&'t Node<'t>> {
    let node = uncast(node);
    match node.tag {
        "ROWEXPR" => vec![node],
        "ARRAYEXPR" => node.nodes("elements").flat_map(rows_in).collect(),
        _ => Vec::new(),
    }
}

/// A column, and how a value relates to it.
#[derive(Clone, Copy)]
struct Sink<'t> {
    relation: &'t Relation,
    column: &'t Column,
    tie: Tie,
    /// Whether the value goes into a field of the column's composite value, or of one in its array. Any such field can
    /// be null.
    in_field: bool,
}

/// The argument of a function that searches an array that it looks for.
const SOUGHT: usize = 1;

struct Flow<'a, 't> {
    context: &'a Context<'t>,
    uses: Vec<Use>,
    /// What the current statement stores.
    stored: Stored,
    /// How often values for the column with this number have been followed into a place. This bounds recursive queries.
    visited: HashMap<(Place, i16), u32>,
    /// The places whose parameters have already been tied to the columns that they are compared with.
    tied: HashSet<Place>,
    /// The places whose shapes are known already to need this SRID.
    placed: HashSet<(Place, i32)>,
    /// The places that are already known to be tested for null.
    asked: HashSet<Place>,
    /// The places whose array elements are already known to be tested for null.
    asked_elements: HashSet<Place>,
    /// The sides of row comparisons.
    rows: Vec<Vec<&'t Node<'t>>>,
}

impl<'t> Flow<'_, 't> {
    /// Collects the uses in a query level and those inside it.
    fn query(&mut self, scope: &Rc<Scope<'t>>) {
        let query = scope.query;
        let target = query
            .index("resultRelation")
            .filter(|_| dml::command(query) != Command::Select);
        if let Some(entry) = target.and_then(|target| scope.entry(target)) {
            self.assignments(scope, entry, query);
        }
        for (field, clause) in [("limitCount", "limit"), ("limitOffset", "offset")] {
            let param = query.node(field).and_then(|node| self.param(uncast(node)));
            if let Some(param) = param {
                let text = format!("null would mean no {clause}");
                param.refused.get_or_insert_with(|| Reason::new(text, None));
                param.argument = Some(clause.to_owned());
            }
        }
        for (name, value) in query.fields {
            if *name != "rtable" && *name != "cteList" {
                value.nodes().for_each(|node| self.expression(scope, node));
            }
        }
        if dml::command(query) == Command::Select {
            self.named_outputs(query);
        }
        for (entry, number) in scope.entries.iter().zip(1..) {
            self.named_columns(scope, number);
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
                .flat_map(Value::nodes)
                .for_each(|node| self.expression(scope, node)),
            }
        }
        for cte in query.nodes("cteList") {
            if let Some(query) = cte.node("ctequery") {
                self.query(&self.context.child(scope, query));
            }
        }
    }

    /// Notes a column that the parameter relates to.
    fn associate(
        &mut self,
        param: &Node<'_>,
        Sink {
            relation,
            column,
            tie,
            in_field,
        }: Sink<'_>,
    ) {
        if in_field {
            return;
        }
        if tie == Tie::Like {
            return self.like(param, &column.name);
        }
        if let Some(found) = self.param(param) {
            found.tie_to(relation, column, tie);
        }
    }

    /// Notes what the parameter is like.
    fn like(&mut self, param: &Node<'_>, name: &str) {
        if let Some(found) = self.param(param) {
            found.liken(name);
        }
    }

    fn param(&mut self, node: &Node<'_>) -> Option<&mut Use> {
        let number = nodes::param(node)?;
        self.uses.get_mut(number - 1)
    }

    /// Looks for the places where a query tests for null.
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
            "CASEEXPR" => self.asked_by_case(scope, node),
            "ROWCOMPAREEXPR" => {
                let sides = ["largs", "rargs"].map(|side| node.nodes(side).map(uncast).collect());
                self.rows.extend(sides);
            }
            "FUNCEXPR" | "OPEXPR" | "SCALARARRAYOPEXPR" => self.call(scope, node, &arguments),
            _ => {}
        }
        self.compared(scope, node, &arguments);
        self.placed(scope, node, &arguments);
        for child in node.children() {
            self.expression(scope, child);
        }
    }

    /// `(at, id) < ($1, $2)`: if the query tests one field for null, a caller without a value for it has none for the
    /// others.
    fn complete_rows(&mut self) {
        for row in std::mem::take(&mut self.rows) {
            let is_asked =
                |field: &&Node<'_>| self.param(field).is_some_and(|found| found.nulls.value);
            if row.iter().any(is_asked) {
                for field in row {
                    self.param_asked(field, "compared in one row with what may be null");
                }
            }
        }
    }

    fn call(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, arguments: &[&'t Node<'t>]) {
        if let Some(oid) = function_of(node)
            && let Some(function) = self.context.function(oid)
        {
            let why = format!("`{}` takes null", function.name.name);
            let asks = bodies::asks_about_null(self.context, oid, function);
            let searched = self.is_search_of_parameter(function, arguments);
            for (place, argument) in arguments.iter().enumerate() {
                let place = bodies::place_of(argument, place);
                let unknown = || ParamNulls {
                    value: !(searched && place == SOUGHT
                        || function.is_builtin && total::is_nulled(&function.signature, place)),
                    ..ParamNulls::default()
                };
                let asks = asks.as_ref().and_then(|asks| asks.get(place).copied());
                let asks = asks.unwrap_or_else(unknown);
                // A strict function is not called with null, but it is called with null elements.
                if asks.value && !function.strict && !idle::is_idle(function, place) {
                    self.asked(scope, Some(argument), &why);
                }
                // A row of nulls is not null.
                if asks.value {
                    for row in rows_in(argument) {
                        self.asked(scope, Some(row), &why);
                    }
                }
                if asks.elements {
                    self.asked_elements(scope, argument, &why);
                }
            }
        }
    }

    /// Whether it looks for a value in an array that is a parameter. Null would be found there only if the array
    /// contains it.
    fn is_search_of_parameter(&mut self, function: &Function, arguments: &[&'t Node<'t>]) -> bool {
        let searches = ["array_position", "array_positions", "array_remove"];
        let is_search = function.is_builtin && searches.contains(&function.name.name.as_str());
        let array = arguments.first().filter(|_| is_search);
        array.is_some_and(|array| self.param(uncast(array)).is_some())
    }
}
