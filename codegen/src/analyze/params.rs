//! Which parameters null has a meaning for: those stored in a nullable column, and those that the query itself asks
//! about. Where null would only make a condition match nothing, a parameter is not null.

use std::collections::HashMap;
use std::rc::Rc;

use super::context::{Context, ParamNulls};
use super::dml::{self, Command};
use super::range_table::{self, EntryKind};
use super::scope::{Scope, index};
use super::verdict::{ColumnRef, Reason};
use crate::catalog::{Column, Relation};
use crate::tree::{Node, Value};

/// What a query does with one parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) nulls: ParamNulls,
    pub(super) reason: Option<Reason>,
    /// The column it is stored in, or else compared with.
    pub(super) column: Option<ColumnRef>,
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
        visited: HashMap::new(),
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
    /// How often a sink's values have been followed into a scope's column, which bounds recursive queries.
    visited: HashMap<(usize, i64, i16), u32>,
}

impl<'t> Flow<'_, 't> {
    /// Everything one query level and those inside it do.
    fn query(&mut self, scope: &Rc<Scope<'t>>) {
        let query = scope.query;
        let target =
            index(query, "resultRelation").filter(|_| dml::command(query) != Command::Select);
        if let Some(entry) = target.and_then(|target| scope.entry(target)) {
            self.assignments(scope, entry, query, "targetList");
            if let Some(conflict) = query.node("onConflict") {
                self.assignments(scope, entry, conflict, "onConflictSet");
            }
            for action in query.nodes("mergeActionList") {
                self.assignments(scope, entry, action, "targetList");
            }
        }
        for (name, value) in &query.fields {
            if *name != "rtable" && *name != "cteList" {
                self.value(scope, value);
            }
        }
        for entry in &scope.entries {
            match entry.node("subquery") {
                Some(query) => self.query(&self.context.child(scope, query)),
                None => ["functions", "values_lists", "tablefunc", "tablesample"]
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

    fn assignments(
        &mut self,
        scope: &Rc<Scope<'t>>,
        entry: &'t Node<'t>,
        node: &'t Node<'t>,
        list: &str,
    ) {
        let catalog = self.context.catalog;
        let Some(relation) = catalog.relation_by_oid(entry.oid("relid")) else {
            return;
        };
        for target in node.nodes(list).filter(|t| !t.flag("resjunk")) {
            let column = target.number("resno");
            let column = relation
                .columns
                .iter()
                .find(|c| Some(i64::from(c.number)) == column);
            if let (Some(column), Some(value)) = (column, target.node("expr")) {
                self.stored(scope, value, Sink { relation, column });
            }
        }
    }

    /// A value on its way into a column.
    fn stored(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, sink: Sink<'t>) {
        match node.tag {
            "PARAM" => self.store(node, sink, false),
            "COERCETODOMAIN" if self.context.refuses_null(node.oid("resulttype")) => {
                self.associate(node.node("arg"), sink, true);
            }
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR"
            | "COERCETODOMAIN" => {
                if let Some(argument) = node.node("arg") {
                    self.stored(scope, argument, sink);
                }
            }
            "CASEEXPR" => {
                let results = node.nodes("args").filter_map(|when| when.node("result"));
                for result in results.chain(node.node("defresult")) {
                    self.stored(scope, result, sink);
                }
            }
            "COALESCEEXPR" => {
                for argument in node.nodes("args") {
                    self.stored(scope, argument, sink);
                }
            }
            "FUNCEXPR" if self.is_unnest(node) => {
                if let Some(array) = node.nodes("args").next() {
                    self.stored_elements(array, sink);
                }
            }
            // A function of this one value and constants: null in, null out.
            "FUNCEXPR" if self.context.is_strict(node.oid("funcid")) => {
                let mut open = node.nodes("args").filter(|a| a.tag != "CONST");
                if let (Some(argument), None) = (open.next(), open.next()) {
                    self.stored(scope, argument, sink);
                }
            }
            "VAR" => self.stored_column(scope, node, sink),
            _ => {}
        }
    }

    /// A column on its way into a column: what it is made of further down is, too.
    fn stored_column(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, sink: Sink<'t>) {
        let place = (
            index(node, "varno"),
            node.number("varattno"),
            node.number("varlevelsup"),
        );
        let (Some(number), Some(column), Some(0)) = place else {
            return;
        };
        let Some(entry) = scope.entry(number) else {
            return;
        };
        let times = self
            .visited
            .entry((scope.id * 1000 + number, column, sink.column.number))
            .or_default();
        *times += 1;
        if *times > 2 {
            return;
        }
        match range_table::kind(entry) {
            EntryKind::Subquery => {
                if let Some(query) = entry.node("subquery") {
                    let inner = self.context.child(scope, query);
                    self.stored_output(&inner, column, sink);
                }
            }
            EntryKind::CommonTableExpression => {
                if let Some((owner, query)) = range_table::definition(scope, entry) {
                    let inner = self.context.child(&owner, query);
                    self.stored_output(&inner, column, sink);
                }
            }
            EntryKind::Values => {
                let place = usize::try_from(column - 1).unwrap_or(usize::MAX);
                for row in entry.list("values_lists") {
                    if let Some(value) = row.elements().get(place).and_then(Value::node) {
                        self.stored(scope, value, sink);
                    }
                }
            }
            EntryKind::Function => {
                let place = usize::try_from(column - 1).unwrap_or(usize::MAX);
                let call = entry.nodes("functions").nth(place);
                let array = call
                    .and_then(|function| function.node("funcexpr"))
                    .filter(|call| self.is_unnest(call))
                    .and_then(|call| call.nodes("args").next());
                if let Some(array) = array {
                    self.stored_elements(array, sink);
                }
            }
            EntryKind::Join | EntryKind::Group => {
                if let Some(expression) = range_table::aliased(entry, column) {
                    self.stored(scope, expression, sink);
                }
            }
            _ => {}
        }
    }

    /// A result column of a query inside on its way into a column.
    fn stored_output(&mut self, scope: &Rc<Scope<'t>>, column: i64, sink: Sink<'t>) {
        if scope.query.node("setOperations").is_some() {
            // The arms are the entries that the operation puts together.
            for entry in &scope.entries {
                if let Some(query) = entry.node("subquery") {
                    let arm = self.context.child(scope, query);
                    self.stored_output(&arm, column, sink);
                }
            }
        } else if let Some(expression) = range_table::output_expression(scope.query, column) {
            self.stored(scope, expression, sink);
        }
    }

    /// An array whose elements are on their way into a column.
    fn stored_elements(&mut self, node: &'t Node<'t>, sink: Sink<'t>) {
        match node.tag {
            "PARAM" => self.store(node, sink, true),
            "RELABELTYPE" | "ARRAYCOERCEEXPR" | "COERCEVIAIO" => {
                if let Some(argument) = node.node("arg") {
                    self.stored_elements(argument, sink);
                }
            }
            _ => {}
        }
    }

    fn is_unnest(&self, node: &Node<'_>) -> bool {
        let function = self.context.function(node.oid("funcid"));
        function.is_some_and(|f| f.is_builtin() && f.signature == "unnest(anyarray)")
    }

    /// The parameter, or its elements, is stored in the column.
    fn store(&mut self, param: &Node<'_>, sink: Sink<'t>, elements: bool) {
        self.associate(Some(param), sink, true);
        let Sink { relation, column } = sink;
        if column.not_null || self.context.refuses_null(column.type_oid) {
            return;
        }
        let Some(found) = self.param(param) else {
            return;
        };
        if elements {
            found.nulls.elements = true;
        } else {
            found.nulls.value = true;
        }
        found.reason.get_or_insert_with(|| {
            let text = format!(
                "stored in `{}` of `{}`, which may be null",
                column.name, relation.name
            );
            Reason::new(text, param.location())
        });
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
            "NULLTEST" | "BOOLEANTEST" => self.asked(node.node("arg"), "asked about null"),
            "COALESCEEXPR" => {
                let (_, others) = arguments.split_last().unwrap_or((&node, &[]));
                for argument in others {
                    self.asked(Some(argument), "coalesce gives null a meaning");
                }
            }
            "DISTINCTEXPR" => {
                for argument in &arguments {
                    self.asked(Some(argument), "compared by `is distinct from`");
                }
            }
            "MINMAXEXPR" => {
                for argument in &arguments {
                    self.asked(Some(argument), "greatest and least skip null");
                }
            }
            "FUNCEXPR" | "OPEXPR" | "SCALARARRAYOPEXPR" => self.call(scope, node, &arguments),
            _ => {}
        }
        for (_, value) in &node.fields {
            self.value(scope, value);
        }
    }

    fn call(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, arguments: &[&'t Node<'t>]) {
        let field = if node.tag == "FUNCEXPR" {
            "funcid"
        } else {
            "opfuncid"
        };
        let function = self.context.function(node.oid(field));
        if let Some(function) = function.filter(|f| !f.strict) {
            let why = format!("`{}` takes null", function.name.name);
            for argument in arguments {
                self.asked(Some(argument), &why);
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

    /// The query asks whether this is null.
    fn asked(&mut self, node: Option<&'t Node<'t>>, why: &str) {
        let Some(node) = node.map(uncast) else {
            return;
        };
        if let Some(found) = self.param(node) {
            found.nulls.value = true;
            found
                .reason
                .get_or_insert_with(|| Reason::new(why, node.location()));
        }
    }
}

/// An expression without the casts around it.
fn uncast<'t>(node: &'t Node<'t>) -> &'t Node<'t> {
    match node.tag {
        "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" | "COERCETODOMAIN" => {
            node.node("arg").map_or(node, uncast)
        }
        _ => node,
    }
}

/// The table's column that an expression is.
fn base_column<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    node: &'t Node<'t>,
) -> Option<Sink<'t>> {
    let node = uncast(node);
    if node.tag != "VAR" {
        return None;
    }
    let scope = scope.ancestor(usize::try_from(node.number("varlevelsup")?).ok()?)?;
    let entry = scope.entry(index(node, "varno")?)?;
    if range_table::kind(entry) != EntryKind::Relation {
        return None;
    }
    let relation = context.catalog.relation_by_oid(entry.oid("relid"))?;
    let number = node.number("varattno")?;
    let column = relation
        .columns
        .iter()
        .find(|c| i64::from(c.number) == number)?;
    Some(Sink { relation, column })
}
