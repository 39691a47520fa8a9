//! Follows values into the columns that they are stored in: through casts, CASE and COALESCE, functions of one value,
//! `unnest`, and the queries in between.

use std::rc::Rc;

use super::asking::null_with_no_other;
use super::assignments::Fate;
use super::columns::{below, is_cast, is_unnest, unnested};
use super::{Flow, Sink, Tie, rows_in};
use crate::analyze::range_table::output_expression;
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::analyze::verdict::Reason;
use crate::catalog::Column;
use crate::nodes::{self, Reference, sublink};
use crate::tree::Node;

impl<'t> Flow<'_, 't> {
    /// Follows a value that is stored in a column.
    pub(super) fn store_value(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        match node.tag {
            "PARAM" => self.store(node, sink, false, fate),
            "VAR" => self.store_column(scope, node, sink, fate),
            "COERCETODOMAIN" if self.context.refuses_null(node.oid("resulttype")) => {
                if let Some(argument) = node.node("arg") {
                    self.associate(argument, sink);
                }
            }
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR"
            | "COERCETODOMAIN" => self.store_each(scope, node.node("arg"), sink, fate),
            "CASEEXPR" => {
                let results = node.nodes("args").filter_map(|when| when.node("result"));
                let results = results.chain(node.node("defresult"));
                self.store_each(scope, results, sink, Fate::Sometimes);
            }
            "COALESCEEXPR" => self.store_each(scope, node.nodes("args"), sink, Fate::Sometimes),
            "NULLIFEXPR" => self.store_nullif(scope, node, sink, fate),
            "FUNCEXPR" if is_unnest(self.context, node) => {
                if let Some(array) = node.nodes("args").next() {
                    self.store_elements(scope, array, sink, fate);
                }
            }
            "FUNCEXPR" | "OPEXPR" => self.store_result(scope, node, sink, fate),
            "SUBLINK" if node.number("subLinkType") == Some(sublink::EXPR) => {
                self.store_output(scope, node, 1, sink);
            }
            "FIELDSTORE" => self.store_fields(scope, node.nodes("newvals"), sink, fate),
            "ROWEXPR" => self.store_fields(scope, node.nodes("args"), sink, fate),
            // In an array, only the fields of rows are followed: its elements are separate values.
            "ARRAYEXPR" => self.store_each(scope, rows_in(node), sink, fate),
            "SUBSCRIPTINGREF" => self.store_set_element(scope, node, sink, fate),
            _ => {}
        }
    }

    /// Values of which one is on its way into a column, or all are.
    fn store_each(
        &mut self,
        scope: &Rc<Scope<'t>>,
        values: impl IntoIterator<Item = &'t Node<'t>>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        for value in values {
            self.store_value(scope, value, sink, fate);
        }
    }

    fn store_nullif(
        &mut self,
        scope: &Rc<Scope<'t>>,
        nullif: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        if let Some(argument) = null_with_no_other(nullif) {
            self.store_value(scope, argument, sink, fate);
        } else if let Some(argument) = nullif.nodes("args").next() {
            self.associate(uncast(argument), sink);
        }
    }

    /// What a function or operator makes of one value and constants: null in, null out. If it is no cast, which a column's
    /// length is, too, then what is stored is another value.
    fn store_result(
        &mut self,
        scope: &Rc<Scope<'t>>,
        call: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        let tie = if is_cast(call) { sink.tie } else { Tie::Like };
        self.store_each(scope, self.null_with(call), Sink { tie, ..sink }, fate);
    }

    /// An array with elements set. Of several that are set, one is set in what the others make.
    fn store_set_element(
        &mut self,
        scope: &Rc<Scope<'t>>,
        array: &'t Node<'t>,
        sink: Sink<'t>,
        fate: Fate,
    ) {
        let parts = ["refassgnexpr", "refexpr"].map(|part| array.node(part));
        let parts = parts
            .into_iter()
            .flatten()
            .filter(|part| matches!(part.tag, "FIELDSTORE" | "ROWEXPR" | "SUBSCRIPTINGREF"));
        self.store_each(scope, parts, sink, fate);
    }

    /// Follows a column of a subquery's row that is stored in a column. There may be no such row.
    pub(super) fn store_output(
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

    /// Follows a column that is stored in a column into the expressions that it is made of.
    fn store_column(
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
            self.store_elements(scope, array, sink, fate);
        }
        for (inner, expression) in self.followed(scope, node, sink) {
            self.store_value(&inner, expression, sink, fate);
        }
    }

    /// The inner expressions of a column of the scope that is stored in a column. None if it has been followed before.
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

    /// Follows an array whose elements are stored in a column.
    fn store_elements(
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
                    self.store_elements(scope, argument, sink, fate);
                }
            }
            "VAR" => {
                for (inner, expression) in self.followed(scope, node, sink) {
                    self.store_elements(&inner, expression, sink, fate);
                }
            }
            _ => {}
        }
    }

    /// Follows values that are stored in the fields of a column's composite value.
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
        self.store_each(scope, values, sink, fate);
    }

    /// Notes that the parameter, or its elements, are stored in the column.
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
