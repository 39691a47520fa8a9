//! CASEs that take one of their branches in every row, because the query's conditions imply that one of the CASE's
//! conditions is true: `case when a then 1 when b then 2 end` where `a or b`, `case x when 1 … when 2 … end` where `x
//! in (1, 2)`. Or because there is a branch for every value of an enum or a boolean.

use std::collections::{BTreeMap, BTreeSet};

use super::constants;
use super::env::Env;
use super::logic::{self, conjuncts, is_argument, listed};
use super::range_table::EntryKind;
use super::rejection::is_repeatable;
use super::scope::Filtered;
use crate::catalog::TypeKind;
use crate::nodes::oid;
use crate::tree::{Node, Value};

/// Conditions that are true together, in canonical form.
type Conjunction = BTreeSet<String>;

/// Why one of the CASE's conditions is true in all rows, if it is.
pub(super) fn why_taken<'t>(env: &Env<'_, 't>, case: &'t Node<'t>) -> Option<&'static str> {
    let reading = Reading {
        env,
        argument: case.node("arg"),
    };
    let conditions = case.nodes("args").filter_map(|when| when.node("expr"));
    let conditions: Vec<_> = conditions
        .filter(|condition| reading.is_repeatable(condition))
        .collect();
    if reading.covers_a_type(&conditions) {
        Some("the CASE has a branch for every value of what it compares")
    } else if env.expressions_hold() && reading.follow(&conditions) {
        Some("the rows are chosen so that one of the CASE's conditions is true")
    } else {
        None
    }
}

/// Reads the conditions of a CASE, and those on its rows.
struct Reading<'e, 'a, 't> {
    env: &'e Env<'a, 't>,
    /// The `x` of `case x when 1`.
    argument: Option<&'t Node<'t>>,
}

/// What one expression is compared with.
struct Compared<'t> {
    expression: &'t Node<'t>,
    /// How many values its type has.
    possible: usize,
    values: BTreeSet<String>,
}

impl<'t> Reading<'_, '_, 't> {
    /// Whether the conditions compare an expression that is not null with each label of its enum, or with true and false.
    fn covers_a_type(&self, conditions: &[&'t Node<'t>]) -> bool {
        let mut compared = BTreeMap::new();
        for condition in conditions {
            self.compare(condition, &mut compared);
        }
        compared.values().any(|compared| {
            compared.values.len() == compared.possible && self.env.is_not_null(compared.expression)
        })
    }

    /// Adds the values for which the condition is true.
    fn compare(&self, condition: &'t Node<'t>, compared: &mut BTreeMap<String, Compared<'t>>) {
        let mut add = |expression: &'t Node<'t>, value: String, possible: usize| {
            let argument = self.argument.filter(|_| is_argument(expression));
            let expression = argument.unwrap_or(expression);
            let known = compared.entry(self.canonical(relabelled(expression)));
            let known = known.or_insert(Compared {
                expression,
                possible,
                values: BTreeSet::new(),
            });
            known.values.insert(value);
        };
        if let Some((expression, value)) = logic::flag(condition) {
            return add(expression, value.to_string(), 2);
        }
        let arguments: Vec<_> = condition.nodes("args").collect();
        let function = self.env.context.called(condition);
        let is_equality = function.is_some_and(|f| f.is_builtin && f.name.name == "enum_eq");
        let equal = match (condition.tag, &arguments[..]) {
            ("BOOLEXPR", arms) if condition.text("boolop").as_deref() == Some("or") => {
                return arms.iter().for_each(|arm| self.compare(arm, compared));
            }
            ("OPEXPR", [a, b]) if is_equality => vec![(*a, *b), (*b, *a)],
            ("SCALARARRAYOPEXPR", _) if is_equality => listed(condition)
                .into_iter()
                .flat_map(|(scalar, elements)| elements.map(move |element| (scalar, element)))
                .collect(),
            _ => return,
        };
        for (expression, label) in equal {
            let ty = self.env.context.base_type(label.oid("consttype"));
            let ty = self.env.context.catalog.type_by_oid(ty);
            if constants::is_value(label)
                && let Some(TypeKind::Enum { labels, .. }) = ty.map(|ty| &ty.kind)
            {
                add(
                    expression,
                    format!("{:?}", label.get("constvalue")),
                    labels.len(),
                );
            }
        }
    }

    /// Whether what is known of the rows implies one of the conditions.
    fn follow(&self, conditions: &[&'t Node<'t>]) -> bool {
        let branches: Vec<Conjunction> = conditions
            .iter()
            .flat_map(|condition| self.alternatives(condition))
            .collect();
        let known = self.known();
        let certain: Conjunction = known.iter().map(|condition| self.text(condition)).collect();
        let is_taken = |also: &Conjunction| {
            let holds = |condition| certain.contains(condition) || also.contains(condition);
            branches.iter().any(|branch| branch.iter().all(holds))
        };
        let mut known = known.iter();
        known.any(|condition| self.alternatives(condition).iter().all(is_taken))
    }

    /// The conditions that are true for the rows, split at their ANDs.
    fn known(&self) -> Vec<&'t Node<'t>> {
        let Env {
            context,
            scope,
            facts,
            ..
        } = self.env;
        let inputs_hold = !scope.may_group_nothing();
        let holds = scope.conditions.iter().filter(|condition| {
            let mut sides = condition.requires.iter();
            (inputs_hold || condition.of == Filtered::Groups)
                && self.env.meets(condition.of)
                && sides.all(|side| facts.is_present(scope.id, *side))
        });
        let guards = self.env.guards.iter();
        let guards = guards.filter(|guard| guard.scope == scope.id && guard.argument.is_none());
        holds
            .map(|condition| condition.expression)
            .chain(guards.map(|guard| guard.condition))
            .flat_map(conjuncts)
            .filter(|condition| is_repeatable(context, condition))
            .collect()
    }

    /// The ways in which a condition can be true: the arms of an OR, the elements of a list.
    fn alternatives(&self, condition: &'t Node<'t>) -> Vec<Conjunction> {
        if condition.tag == "BOOLEXPR" && condition.text("boolop").as_deref() == Some("or") {
            let arms = condition.nodes("args");
            return arms.flat_map(|arm| self.alternatives(arm)).collect();
        }
        if let Some((scalar, elements)) = listed(condition) {
            let equalities = elements.map(|element| self.operation(condition, [scalar, element]));
            return equalities.map(|text| Conjunction::from([text])).collect();
        }
        let all = conjuncts(condition).into_iter();
        vec![all.map(|condition| self.text(condition)).collect()]
    }

    /// The condition in canonical form. Comparisons have the same form as elements of a list.
    fn text(&self, condition: &'t Node<'t>) -> String {
        let arguments: Vec<_> = condition.nodes("args").collect();
        match (condition.tag, &arguments[..]) {
            ("OPEXPR", [a, b]) => self.operation(condition, [a, b]),
            _ => self.canonical(condition),
        }
    }

    fn operation(&self, operator: &Node<'_>, arguments: [&'t Node<'t>; 2]) -> String {
        let [a, b] = arguments.map(|side| {
            let argument = self.argument.filter(|_| is_argument(side));
            self.canonical(relabelled(argument.unwrap_or(side)))
        });
        let (oid, collation) = (operator.oid("opno"), operator.oid("inputcollid"));
        format!("{oid} {collation} {a} {b}")
    }

    fn canonical(&self, expression: &'t Node<'t>) -> String {
        // The same literal can be a varchar in a list and a text in a comparison.
        match expression.get("constvalue") {
            Some(Value::Datum(bytes))
                if matches!(expression.oid("consttype"), oid::TEXT | oid::VARCHAR) =>
            {
                format!("{bytes:?}")
            }
            // Columns of joins and grouping expressions stand for other columns.
            _ => expression.canonical_through(&|node| {
                let kinds = [EntryKind::Join, EntryKind::Group];
                self.env.scope.alias_of(node, &kinds)
            }),
        }
    }

    /// Whether a condition of the CASE has the same result each time that it is evaluated.
    fn is_repeatable(&self, condition: &Node<'_>) -> bool {
        let context = self.env.context;
        match self.argument {
            None => is_repeatable(context, condition),
            Some(argument) => {
                condition.tag == "OPEXPR"
                    && !context.is_volatile(condition)
                    && is_repeatable(context, argument)
                    && condition
                        .nodes("args")
                        .all(|side| is_argument(side) || side.tag == "CONST")
            }
        }
    }
}

/// The value below relabellings of its type.
fn relabelled<'t>(mut value: &'t Node<'t>) -> &'t Node<'t> {
    while let ("RELABELTYPE", Some(inner)) = (value.tag, value.node("arg")) {
        value = inner;
    }
    value
}
