//! Finds where a query tests whether a value is null: through casts, functions of one value, `unnest`, CASE, and the
//! inner queries that the value comes from.

use std::rc::Rc;

use super::Flow;
use super::columns::{below, is_unnest, outputs, unnested};
use crate::analyze::constants;
use crate::analyze::functions;
use crate::analyze::logic;
use crate::analyze::rejection;
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::analyze::verdict::Reason;
use crate::nodes::sublink;
use crate::tree::Node;

impl<'t> Flow<'_, 't> {
    /// Notes that the query tests whether this is null.
    pub(super) fn asked(&mut self, scope: &Rc<Scope<'t>>, node: Option<&'t Node<'t>>, why: &str) {
        let Some(node) = node.map(uncast) else {
            return;
        };
        self.param_asked(node, why);
        let mut arguments = node.nodes("args");
        match node.tag {
            "VAR" => self.asked_column(scope, node, why),
            // `unnest` of null returns no rows.
            "FUNCEXPR" if is_unnest(self.context, node) => {
                if let Some(array) = arguments.next() {
                    self.asked_elements(scope, array, why);
                }
            }
            // For a function that can return null by itself, the test is about its result, not about its arguments.
            "FUNCEXPR" | "OPEXPR" if self.may_find_nothing(node) => {}
            "FUNCEXPR" | "OPEXPR" => self.asked(scope, self.null_with(node), why),
            "NULLIFEXPR" => self.asked(scope, null_with_no_other(node), why),
            // The result is null if all are, so the last one is tested.
            "COALESCEEXPR" => self.asked(scope, arguments.last(), why),
            "ROWEXPR" => arguments.for_each(|field| self.asked(scope, Some(field), why)),
            "CASEEXPR" => {
                let results = arguments.filter_map(|when| when.node("result"));
                for result in results.chain(node.node("defresult")) {
                    self.asked(scope, Some(result), why);
                }
            }
            "SUBLINK" if node.number("subLinkType") == Some(sublink::EXPR) => {
                let query = node.node("subselect");
                let inner = query.map(|query| self.context.child(scope, query));
                for (inner, expression) in
                    inner.map_or_else(Vec::new, |inner| outputs(self.context, &inner, 1))
                {
                    self.asked(&inner, Some(expression), why);
                }
            }
            _ => {}
        }
    }

    /// Notes that null has a meaning for this parameter, if it is one.
    pub(super) fn param_asked(&mut self, node: &Node<'_>, why: &str) {
        if let Some(found) = self.param(node) {
            found.nulls.value = true;
            found
                .reason
                .get_or_insert_with(|| Reason::new(why, node.location()));
        }
    }

    /// `case when $1 then … when not $1 then … else … end`: null has its own branch.
    pub(super) fn asked_by_case(&mut self, scope: &Rc<Scope<'t>>, case: &'t Node<'t>) {
        if case.node("arg").is_some() || case.node("defresult").is_none_or(constants::is_null) {
            return;
        }
        let conditions = case.nodes("args").filter_map(|when| when.node("expr"));
        let flags: Vec<_> = conditions.filter_map(logic::flag).collect();
        for (param, value) in flags.iter().filter(|(flag, _)| flag.tag == "PARAM") {
            let number = param.number("paramid");
            let is_opposite = |(other, known): &(&Node<'_>, bool)| {
                known != value && other.number("paramid") == number
            };
            if *value && flags.iter().any(is_opposite) {
                self.asked(scope, Some(param), "neither true nor false gives ELSE");
            }
        }
    }

    /// Notes that the query tests whether elements of this array are null.
    pub(super) fn asked_elements(&mut self, scope: &Rc<Scope<'t>>, array: &'t Node<'t>, why: &str) {
        let array = uncast(array);
        if let Some(found) = self.param(array) {
            found.nulls.elements = true;
            found
                .reason
                .get_or_insert_with(|| Reason::new(why, array.location()));
        }
        if let Some((owner, number, column)) = scope.referred(array)
            && self.asked_elements.insert((owner.id, number, column))
        {
            for (inner, expression) in below(self.context, &owner, number, column) {
                self.asked_elements(&inner, expression, why);
            }
        }
    }

    /// The only argument of a strict function that is no constant: the call is null if it is.
    pub(super) fn null_with(&self, call: &'t Node<'t>) -> Option<&'t Node<'t>> {
        let mut open = call.nodes("args").filter(|a| a.tag != "CONST");
        match (open.next(), open.next()) {
            (Some(argument), None) if self.context.is_strict(call) => Some(argument),
            _ => None,
        }
    }

    /// Whether a known function can return null for values that are not null: `array_length`, `->>`.
    fn may_find_nothing(&self, call: &Node<'_>) -> bool {
        let function = self.context.called(call);
        function.is_some_and(|f| f.has_known_identity() && functions::totality(f).is_none())
    }

    /// Notes that the query tests whether a column is null, and with it the inner expression or array element that the
    /// column stands for.
    fn asked_column(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, why: &str) {
        let Some((owner, number, column)) = scope.referred(node) else {
            return;
        };
        if !self.asked.insert((owner.id, number, column)) || self.is_joined(&owner, number, column)
        {
            return;
        }
        let entry = owner.entry(number);
        if let Some(array) = entry.and_then(|entry| unnested(self.context, entry, column)) {
            self.asked_elements(&owner, array, why);
        }
        for (inner, expression) in below(self.context, &owner, number, column) {
            self.asked(&inner, Some(expression), why);
        }
    }

    /// Whether the column is null only if an outer join has found no row, because the join condition drops rows with a
    /// null in it.
    fn is_joined(&self, scope: &Rc<Scope<'t>>, number: usize, column: i64) -> bool {
        let sides = scope.extended_by(number);
        let joins = scope.conditions.iter().filter(|condition| {
            let requires = &condition.requires;
            !requires.is_empty() && requires.iter().all(|side| sides.contains(side))
        });
        let mut proofs = joins
            .flat_map(|condition| rejection::when_true(self.context, scope, condition.expression));
        proofs.any(|proof| proof.is_of(number, column))
    }
}

/// The argument that makes NULLIF null. If NULLIF turns a constant into null, the constant is used in place of null,
/// and null itself is not tested.
pub(super) fn null_with_no_other<'t>(nullif: &'t Node<'t>) -> Option<&'t Node<'t>> {
    let mut arguments = nullif.nodes("args");
    let argument = arguments.next()?;
    let marker = arguments.next()?;
    (!constants::is_value(uncast(marker))).then_some(argument)
}
