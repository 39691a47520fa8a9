//! Comparisons with a constant that replaces null: `coalesce(x, '') <> ''` is true only if `x` is not null.

use std::cmp::Ordering;

use super::{Proofs, Rejection};
use crate::analyze::constants;
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::steady;
use crate::nodes::{Reference, oid};
use crate::tree::Node;

impl<'t> Rejection<'_, 't> {
    /// If the comparison would have the other result with the replacement, null was not replaced, so the value is not
    /// null.
    pub(super) fn comparison(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let mut proofs = self.not_null(node);
        let sides: Vec<_> = node.nodes("args").collect();
        let [left, right] = sides[..] else {
            return proofs;
        };
        let is_equality = self.is_equality(node) || !wanted;
        if self.context.reads_foreign.get() && is_equality && self.may_be_same_column(left, right) {
            // The planner makes `x is not null` of it.
            return Vec::new();
        }
        for (coalesce, other) in [(left, right), (right, left)] {
            let arguments: Vec<_> = uncast(coalesce).nodes("args").collect();
            let Some((last, before)) = arguments.split_last() else {
                continue;
            };
            let with_last = match std::ptr::eq(coalesce, left) {
                true => self.compared(node, last, other),
                false => self.compared(node, other, last),
            };
            if uncast(coalesce).tag == "COALESCEEXPR" && with_last == Some(!wanted) {
                proofs.extend(self.in_all(before.iter().map(|arm| self.not_null(arm))));
            }
        }
        proofs
    }

    /// Whether the planner may treat an operator as an equality, or as the negation of one.
    fn is_equality(&self, operator: &Node<'_>) -> bool {
        let operator = self.context.catalog.operators.get(&operator.oid("opno"));
        operator.is_none_or(|operator| operator.is_equality || !operator.has_known_identity)
    }

    /// Whether two columns can be one and the same column of a table. Those of a subquery can stand for any.
    fn may_be_same_column(&self, left: &Node<'_>, right: &Node<'_>) -> bool {
        let [Some(left), Some(right)] = [left, right].map(Reference::of) else {
            return false;
        };
        let is_of_table = |to: &Reference| {
            let scope = self.scope.ancestor(to.levels);
            let entry = scope.as_ref().and_then(|scope| scope.entry(to.entry));
            entry.is_some_and(|entry| range_table::kind(entry) == EntryKind::Relation)
        };
        let place = |to: &Reference| (to.levels, to.entry, to.column);
        place(&left) == place(&right) || !is_of_table(&left) || !is_of_table(&right)
    }

    /// The result of a built-in operator for two constants, if it is known.
    fn compared(&self, operator: &Node<'_>, left: &Node<'_>, right: &Node<'_>) -> Option<bool> {
        let found = self.context.catalog.operators.get(&operator.oid("opno"))?;
        let own = found.has_known_identity && self.context.function(found.function)?.is_builtin;
        let order = self.order(left, right).filter(|_| own);
        match found.name.as_str() {
            "=" => self.equal(operator, left, right).filter(|_| own),
            "<>" => self
                .equal(operator, left, right)
                .filter(|_| own)
                .map(|equal| !equal),
            "<" => order.map(Ordering::is_lt),
            "<=" => order.map(Ordering::is_le),
            ">" => order.map(Ordering::is_gt),
            ">=" => order.map(Ordering::is_ge),
            _ => None,
        }
    }

    /// The order of two constants: of integers, and of two identical constants, through the same cast.
    fn order(&self, left: &Node<'_>, right: &Node<'_>) -> Option<Ordering> {
        let (left, right) = (uncast(left), uncast(right));
        if let (Some(a), Some(b)) = (constants::integer(left), constants::integer(right)) {
            return Some(a.cmp(&b));
        }
        match (left.tag, right.tag) {
            ("FUNCEXPR", "FUNCEXPR") if left.oid("funcid") == right.oid("funcid") => {
                let function = self.context.called(left)?;
                let widens =
                    function.is_builtin && steady::WIDENING.contains(&&*function.signature);
                let mut arguments = left.nodes("args").zip(right.nodes("args"));
                let (a, b) = arguments.next().filter(|_| widens)?;
                self.order(a, b)
            }
            ("CONST", "CONST") => {
                let is_same = left.get("constvalue") == right.get("constvalue");
                (is_same && is_of_one_type(left, right) && self.is_scalar(left))
                    .then_some(Ordering::Equal)
            }
            _ => None,
        }
    }

    fn equal(&self, operator: &Node<'_>, left: &Node<'_>, right: &Node<'_>) -> Option<bool> {
        if let Some(order) = self.order(left, right) {
            return Some(order.is_eq());
        }
        let (left, right) = (uncast(left), uncast(right));
        let lenient = &self.context.catalog.nondeterministic_collations;
        let differ = [left, right].into_iter().all(|side| {
            constants::is_value(side) && steady::equal_is_same(self.context, side.oid("consttype"))
        });
        (differ && is_of_one_type(left, right) && !lenient.contains(&operator.oid("inputcollid")))
            .then_some(false)
    }

    /// Whether each value of a constant's type is equal to itself.
    fn is_scalar(&self, constant: &Node<'_>) -> bool {
        const OTHERS: [u32; 5] = [
            oid::FLOAT4,
            oid::FLOAT8,
            oid::BPCHAR,
            oid::INTERVAL,
            oid::NUMERIC,
        ];
        let ty = constant.oid("consttype");
        let known = OTHERS.contains(&ty) || steady::equal_is_same(self.context, ty);
        known && !constant.flag("constisnull")
    }
}

/// Whether two constants have the same representation. `name` and `text`, or `date` and `timestamp`, can be compared,
/// but their bytes differ.
fn is_of_one_type(left: &Node<'_>, right: &Node<'_>) -> bool {
    let [left, right] = [left, right].map(|constant| match constant.oid("consttype") {
        oid::VARCHAR => oid::TEXT,
        other => other,
    });
    left == right
}

/// An expression without casts to `text` and `varchar` that do not change it. Other casts can change the order, such as
/// that of an `integer` to `oid`.
fn uncast<'t>(node: &'t Node<'t>) -> &'t Node<'t> {
    match (node.tag, node.oid("resulttype")) {
        ("RELABELTYPE", oid::TEXT | oid::VARCHAR) => node.node("arg").map_or(node, uncast),
        _ => node,
    }
}
