//! Follows values into the columns they are stored in: through casts, CASE and COALESCE, functions of one value, `unnest`,
//! and the queries in between.

use std::rc::Rc;

use super::columns::{below, uncast};
use super::{Flow, Sink};
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::scope::{Scope, index};
use crate::analyze::verdict::Reason;
use crate::tree::Node;

impl<'t> Flow<'_, 't> {
    /// The assignments of a statement's list.
    pub(super) fn assignments(
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
            "FUNCEXPR" => {
                if let Some(argument) = self.null_with(node) {
                    self.stored(scope, argument, sink);
                }
            }
            "FIELDSTORE" => {
                for value in node.nodes("newvals") {
                    self.store_in_field(value, sink);
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
        if range_table::kind(entry) == EntryKind::Function {
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
        for (inner, expression) in below(self.context, scope, number, column) {
            self.stored(&inner, expression, sink);
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

    /// A value on its way into a field of a column's composite value: any field may be null, whatever the column.
    fn store_in_field(&mut self, node: &'t Node<'t>, Sink { relation, column }: Sink<'t>) {
        let Some(found) = self.param(uncast(node)) else {
            return;
        };
        found.nulls.value = true;
        found.reason.get_or_insert_with(|| {
            let text = format!(
                "stored in a field of `{}` of `{}`",
                column.name, relation.name
            );
            Reason::new(text, node.location())
        });
    }

    /// The parameter, or its elements, is stored in the column.
    fn store(&mut self, param: &Node<'_>, sink: Sink<'t>, elements: bool) {
        self.associate(Some(param), sink, true);
        let Sink { relation, column } = sink;
        let refused = column.not_null || self.context.refuses_null(column.type_oid);
        let Some(found) = self.param(param) else {
            return;
        };
        if refused {
            found.refused.get_or_insert_with(|| {
                let text = format!("`{}` of `{}` is not null", column.name, relation.name);
                Reason::new(text, param.location())
            });
            return;
        }
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
}
