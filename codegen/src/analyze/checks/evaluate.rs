//! Evaluates a check: the possible results, worked out from its parts.

use super::counts::compared;
use super::truth::Truth;
use super::{Known, Row};
use crate::analyze::constants;
use crate::analyze::functions;
use crate::catalog::{Function, Volatility};
use crate::nodes::{BooleanTest, null_test};
use crate::tree::Node;

/// Whether a value can be null, and whether it can be anything else.
#[derive(Clone, Copy)]
pub(super) struct Nullness {
    pub(super) null: bool,
    pub(super) value: bool,
}

const NULL: Nullness = Nullness {
    null: true,
    value: false,
};
const VALUE: Nullness = Nullness {
    null: false,
    value: true,
};
const EITHER: Nullness = Nullness {
    null: true,
    value: true,
};

impl Row<'_, '_, '_> {
    /// The possible results of a condition of the check. In the check, the relation is entry 1.
    pub(super) fn truth(&self, node: &Node<'_>) -> Truth {
        if let Some(known) = self.known(node) {
            return known;
        }
        let arguments: Vec<&Node<'_>> = node.nodes("args").collect();
        let truths = || arguments.iter().map(|arg| self.truth(arg));
        match node.tag {
            "BOOLEXPR" => match node.text("boolop").as_deref() {
                Some("and") => truths().fold(Truth::TRUE, Truth::and),
                Some("or") => truths().fold(Truth::FALSE, Truth::either),
                _ => truths().fold(Truth::NONE, Truth::or).not(),
            },
            "NULLTEST" if !node.flag("argisrow") => {
                let arg = node.node("arg").map_or(EITHER, |arg| self.nullness(arg));
                let is_null = node.number("nulltesttype") == Some(null_test::IS_NULL);
                let out = match (arg.null, arg.value) {
                    (true, false) => Truth::TRUE,
                    (false, true) => Truth::FALSE,
                    _ => return Truth::TRUE.or(Truth::FALSE),
                };
                if is_null { out } else { out.not() }
            }
            "DISTINCTEXPR" if !functions::has_known_operator(self.env, node) => Truth::ANY,
            "NULLTEST" | "DISTINCTEXPR" => match arguments[..] {
                [a, b] => distinct(self.nullness(a), self.nullness(b)),
                _ => Truth::TRUE.or(Truth::FALSE),
            },
            "BOOLEANTEST" => match BooleanTest::of(node) {
                Some(test) => boolean_test(test, self.truth(test.arg)),
                None => Truth::TRUE.or(Truth::FALSE),
            },
            "CONST" if node.flag("constisnull") => Truth::NULL,
            "CONST" => constants::boolean(node).map_or(Truth::ANY, Truth::of),
            "RELABELTYPE" => node.node("arg").map_or(Truth::ANY, |arg| self.truth(arg)),
            "COALESCEEXPR" => truths().fold(Truth::NULL, |before, next| {
                match before.may_be(Truth::NULL) {
                    true => before.without(Truth::NULL).or(next),
                    false => before,
                }
            }),
            "CASEEXPR" if node.node("arg").is_none() => self.case(node),
            "OPEXPR" => self.comparison(node, &arguments),
            "SCALARARRAYOPEXPR" => self.array_comparison(node, &arguments),
            "VAR" => match self.nullness(node) {
                Nullness { value: false, .. } => Truth::NULL,
                Nullness { null: false, .. } => Truth::ANY.without(Truth::NULL),
                _ => Truth::ANY,
            },
            _ => Truth::ANY,
        }
    }

    /// The result of the same expression, if a condition of the query tells it.
    fn known(&self, node: &Node<'_>) -> Option<Truth> {
        let is_plain = match node.tag {
            "VAR" => true,
            "OPEXPR" => self.fixed_function(node).is_some() && node.nodes("args").all(is_simple),
            _ => false,
        };
        let mut conditions = self.conditions.iter().filter(|_| is_plain);
        let known = conditions.find(|known| self.is_same(node, known.condition))?;
        Some(Truth::of(known.value))
    }

    /// The function of a call or of an operator, if it is immutable and cannot be replaced.
    pub(super) fn fixed_function(&self, node: &Node<'_>) -> Option<&Function> {
        let function = self.env.context.called(node)?;
        let is_fixed = function.is_builtin && function.volatility == Volatility::Immutable;
        is_fixed.then_some(function)
    }

    pub(super) fn nullness(&self, node: &Node<'_>) -> Nullness {
        match node.tag {
            "VAR" => match self.own_column(node, 1) {
                Some(column) if self.null.contains(&column) => NULL,
                Some(column) if self.knows_not_null(column) => VALUE,
                _ => EITHER,
            },
            "CONST" if node.flag("constisnull") => NULL,
            "DISTINCTEXPR" if !functions::has_known_operator(self.env, node) => EITHER,
            "CONST" | "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR" => VALUE,
            "RELABELTYPE" | "COLLATEEXPR" | "COERCEVIAIO" => {
                node.node("arg").map_or(EITHER, |arg| self.nullness(arg))
            }
            "BOOLEXPR" => {
                let truth = self.truth(node);
                Nullness {
                    null: truth.may_be(Truth::NULL),
                    value: !truth.is_only(Truth::NULL),
                }
            }
            "COALESCEEXPR" => {
                let arguments = node.nodes("args").map(|arg| self.nullness(arg));
                arguments.fold(NULL, |a, b| Nullness {
                    null: a.null && b.null,
                    value: a.value || b.value,
                })
            }
            "FUNCEXPR" | "OPEXPR" if self.count(node).is_some() => VALUE,
            "FUNCEXPR" | "OPEXPR" if self.is_null_for_null(node) => NULL,
            "FUNCEXPR" | "OPEXPR" if self.is_value_for_values(node) => VALUE,
            _ => EITHER,
        }
    }

    /// Whether a function that returns null only for null has no argument that can be null.
    fn is_value_for_values(&self, node: &Node<'_>) -> bool {
        functions::is_total(self.env, node)
            && node.nodes("args").all(|arg| !self.nullness(arg).null)
    }

    /// Whether a strict function has an argument that is null.
    fn is_null_for_null(&self, node: &Node<'_>) -> bool {
        let function = self.fixed_function(node);
        function.is_some_and(|f| f.strict && !f.returns_set)
            && node.nodes("args").any(|arg| !self.nullness(arg).value)
    }

    fn case(&self, node: &Node<'_>) -> Truth {
        let mut out = Truth::NONE;
        for when in node.nodes("args") {
            let condition = when.node("expr").map_or(Truth::ANY, |c| self.truth(c));
            if condition.may_be(Truth::TRUE) {
                out = out.or(when.node("result").map_or(Truth::ANY, |r| self.truth(r)));
            }
            if condition.is_only(Truth::TRUE) {
                return out;
            }
        }
        out.or(node
            .node("defresult")
            .map_or(Truth::NULL, |r| self.truth(r)))
    }

    fn comparison(&self, node: &Node<'_>, arguments: &[&Node<'_>]) -> Truth {
        let (Some(function), [left, right]) = (self.fixed_function(node), arguments) else {
            return Truth::ANY;
        };
        if self.is_null_for_null(node) {
            return Truth::NULL;
        }
        match function.name.name.as_str() {
            "booleq" => return self.truth(left).equal(self.truth(right)),
            "boolne" => return self.truth(left).equal(self.truth(right)).not(),
            _ => {}
        }
        if let (Some(a), Some(b)) = (self.count(left), self.count(right)) {
            return compared(&function.name.name, a, b);
        }
        self.by_equality(node, left, right)
    }

    /// `x in (…)`, element by element.
    fn array_comparison(&self, node: &Node<'_>, arguments: &[&Node<'_>]) -> Truth {
        let [scalar, array] = arguments else {
            return Truth::ANY;
        };
        let is_list = array.tag == "ARRAYEXPR" && !array.flag("multidims");
        if self.fixed_function(node).is_none() || !is_list {
            return Truth::ANY;
        }
        let each = array
            .nodes("elements")
            .map(|element| match self.nullness(scalar).value {
                true => self.by_equality(node, scalar, element),
                false => Truth::NULL,
            });
        match node.flag("useOr") {
            true => each.fold(Truth::FALSE, Truth::either),
            false => each.fold(Truth::TRUE, Truth::and),
        }
    }

    /// An equality with a constant, or its negation, using the query's equalities of the same expression with
    /// constants.
    fn by_equality(&self, node: &Node<'_>, left: &Node<'_>, right: &Node<'_>) -> Truth {
        let Some(is_equal) = self.is_equality(node) else {
            return Truth::ANY;
        };
        if right.tag != "CONST" || !is_simple(left) {
            return Truth::ANY;
        }
        for Known {
            condition,
            value,
            argument,
        } in &self.conditions
        {
            let arguments: Vec<&Node<'_>> = condition.nodes("args").collect();
            let (Some(says_equal), [other, constant]) = (
                self.is_equality(condition)
                    .filter(|_| condition.tag == "OPEXPR"),
                &arguments[..],
            ) else {
                continue;
            };
            let is_same = self.is_same_with(left, other, *argument);
            if node.oid("inputcollid") != condition.oid("inputcollid") || !is_same {
                continue;
            }
            let is_that = says_equal == *value;
            if self.is_same(right, constant) {
                return Truth::of(is_that == is_equal);
            }
            if is_that && self.differ(right, constant) {
                return Truth::of(!is_equal);
            }
        }
        Truth::ANY
    }

    /// Whether a built-in operator is `=` (true) or its negation (false).
    pub(super) fn is_equality(&self, node: &Node<'_>) -> Option<bool> {
        let catalog = self.env.context.catalog;
        let lenient = &catalog.nondeterministic_collations;
        self.fixed_function(node)
            .filter(|f| f.strict && !lenient.contains(&node.oid("inputcollid")))?;
        let operator = catalog.operators.get(&node.oid("opno"))?;
        match operator.name.as_str() {
            _ if !operator.has_known_identity => None,
            "=" => Some(true),
            "<>" => Some(false),
            _ => None,
        }
    }
}

/// A column or a constant, cast or not: an expression without a function.
fn is_simple(node: &Node<'_>) -> bool {
    match node.tag {
        "VAR" | "CONST" => true,
        "RELABELTYPE" => node.node("arg").is_some_and(is_simple),
        _ => false,
    }
}

fn distinct(a: Nullness, b: Nullness) -> Truth {
    match ((a.null, a.value), (b.null, b.value)) {
        ((true, false), (true, false)) => Truth::FALSE,
        ((true, false), (false, true)) | ((false, true), (true, false)) => Truth::TRUE,
        _ => Truth::TRUE.or(Truth::FALSE),
    }
}

fn boolean_test(test: BooleanTest<'_, '_>, arg: Truth) -> Truth {
    let wanted = test.value.map_or(Truth::NULL, Truth::of);
    let is = arg.combine(Truth::TRUE, |a, _| Truth::of(a == wanted));
    if test.negated { is.not() } else { is }
}
