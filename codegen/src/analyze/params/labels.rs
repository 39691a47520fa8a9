//! Names for a parameter from its context in the query: that of a function's argument, or of a result column.

use std::rc::Rc;

use super::Flow;
use super::columns::{below, unnested};
use crate::analyze::bodies;
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::scope::Scope;
use crate::analyze::typed;
use crate::analyze::typed::uncast;
use crate::catalog::Function;
use crate::tree::{Node, Value};

impl<'t> Flow<'_, 't> {
    /// Names parameters that are arguments with a name. Not those of extensions, whose argument names have only
    /// internal meaning.
    pub(super) fn named_arguments(&mut self, function: &Function, arguments: &[&'t Node<'t>]) {
        if function.extension.is_some() {
            return;
        }
        for (place, argument) in arguments.iter().enumerate() {
            let name = function.input_names.get(bodies::place_of(argument, place));
            if let Some(name) = name.filter(|name| !name.is_empty())
                && let Some(param) = self.param(uncast(argument))
            {
                param.argument.get_or_insert_with(|| name.clone());
            }
        }
    }

    /// Names parameters after the columns of a query in FROM, as in `unnest($1, $2) as v (id, name)`.
    pub(super) fn named_columns(&mut self, scope: &Rc<Scope<'t>>, number: usize) {
        let Some(entry) = scope.entry(number) else {
            return;
        };
        let names = range_table::column_names(entry);
        for (name, column) in names.iter().filter_map(Value::text).zip(1..) {
            if let Some(array) = unnested(self.context, entry, column) {
                self.named_by_alias(array, &name);
            }
            for (inner, made_of) in below(self.context, scope, number, column) {
                self.named_by_alias(made_of, &name);
                // VALUES is a query around its list.
                if let Some((owner, number, column)) = inner.referred(made_of)
                    && owner
                        .entry(number)
                        .is_some_and(|entry| range_table::kind(entry) == EntryKind::Values)
                {
                    for (_, value) in below(self.context, &owner, number, column) {
                        self.named_by_alias(value, &name);
                    }
                }
            }
        }
    }

    /// Names a parameter after its result column, as in `select $1::bigint as id`.
    pub(super) fn named_outputs(&mut self, query: &'t Node<'t>) {
        for target in query.nodes("targetList") {
            if let (Some(value), Some(name)) = (target.node("expr"), target.text("resname")) {
                self.named_by_alias(value, &name);
            }
        }
    }

    fn named_by_alias(&mut self, value: &'t Node<'t>, name: &str) {
        let value = uncast(value);
        // The server's name for a column without a name: after its type, the function, or its position.
        let ty = typed::of(self.context.catalog, value);
        let ty = ty.and_then(|ty| self.context.catalog.type_by_oid(ty.oid));
        let is_type = ty.is_some_and(|ty| ty.name.name == name);
        let place = name.strip_prefix("column");
        let is_place = place.is_some_and(|place| place.parse::<u32>().is_ok());
        if is_type || is_place || ["?column?", "unnest"].contains(&name) {
            return;
        }
        if let Some(param) = self.param(value) {
            param.argument.get_or_insert_with(|| name.to_owned());
        }
    }
}
