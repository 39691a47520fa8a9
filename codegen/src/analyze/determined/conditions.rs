//! The conditions of a query level as facts about single expressions: equal to another one, true or false.

use super::existing;
use super::outside::Outside;
use crate::analyze::context::Context;
use crate::analyze::env::Env;
use crate::analyze::facts::Facts;
use crate::analyze::logic;
use crate::analyze::range_table;
use crate::analyze::rows;
use crate::analyze::scope::Side;
use crate::analyze::steady;
use crate::analyze::typed;
use crate::nodes::{BooleanTest, Reference, null_test, oid, sublink};
use crate::tree::Node;

/// The conditions of a scope, split at their ANDs.
#[derive(Clone, Default)]
pub(super) struct Conditions<'t> {
    /// Each with the sides that must be present for it to hold.
    pub(super) all: Vec<(Vec<Side>, &'t Node<'t>)>,
    /// The equations among them: each fixes its subject if its value is fixed.
    pub(super) fixing: Vec<Fixing<'t>>,
}

/// An equation that is true for every row in which the sides are present.
#[derive(Clone)]
pub(super) struct Fixing<'t> {
    requires: Vec<Side>,
    pub(super) equation: Equation<'t>,
}

/// `subject = value`.
#[derive(Clone, Copy)]
pub(super) struct Equation<'t> {
    pub(super) subject: &'t Node<'t>,
    /// `None` if the condition is the subject itself, or its negation, which then has one value.
    pub(super) value: Option<&'t Node<'t>>,
    pub(super) alike: Alike,
}

/// The kind of equality of an equation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Alike {
    /// Equal for every unique index.
    Equal,
    /// Equal, or both are null.
    EqualOrNull,
    /// Equal under this collation, for which different texts can be equal.
    EqualUnder(u32),
}

impl<'t> Conditions<'t> {
    /// The conditions of the scope, and those on its query from outside.
    pub(super) fn of(env: &Env<'_, 't>, outside: &Outside<'t>) -> Self {
        let mut conditions = Self::from_parts(env, Self::parts(env));
        for condition in &outside.conditions {
            conditions.add(env, &[], condition);
        }
        let columns = outside.columns.iter();
        let columns =
            columns.filter_map(|column| range_table::output_expression(env.scope.query, *column));
        let fixed = columns.chain(outside.fixed.iter().copied());
        conditions.fixing.extend(fixed.map(|subject| Fixing {
            requires: Vec::new(),
            equation: Equation::alone(subject, Alike::Equal),
        }));
        conditions
    }

    /// The parts of the scope's conditions, each with the sides that must be present for it to hold.
    pub(super) fn parts(env: &Env<'_, 't>) -> Vec<(Vec<Side>, &'t Node<'t>)> {
        let conditions = env.scope.conditions.iter();
        let parts = conditions.flat_map(|condition| {
            let requires = condition.requires.iter();
            let requires = requires.filter(|side| !env.facts.is_present(env.scope.id, **side));
            let requires: Vec<Side> = requires.copied().collect();
            let parts = logic::conjuncts(condition.expression).into_iter();
            parts.map(move |part| (requires.clone(), part))
        });
        parts.collect()
    }

    pub(super) fn from_parts(env: &Env<'_, 't>, parts: Vec<(Vec<Side>, &'t Node<'t>)>) -> Self {
        let mut conditions = Self::default();
        for (requires, part) in parts {
            conditions.add(env, &requires, part);
        }
        conditions
    }

    /// Adds a condition that holds if the sides are present.
    pub(super) fn and(
        &self,
        env: &Env<'_, 't>,
        requires: &[Side],
        condition: &'t Node<'t>,
    ) -> Self {
        let mut conditions = self.clone();
        conditions.add(env, requires, condition);
        conditions
    }

    fn add(&mut self, env: &Env<'_, 't>, requires: &[Side], condition: &'t Node<'t>) {
        for part in logic::conjuncts(condition) {
            let found = fixed_by(env.context, part).into_iter();
            let found = found.chain(in_single_row(env, part));
            let found = found.chain(existing::fixed_by(env, part));
            self.fixing.extend(found.map(|equation| Fixing {
                requires: requires.to_vec(),
                equation,
            }));
            self.all.push((requires.to_vec(), part));
        }
    }

    /// The conditions that apply to every row with the entry.
    pub(super) fn applying_to(
        &self,
        env: &Env<'_, '_>,
        entry: usize,
    ) -> impl Iterator<Item = &'t Node<'t>> {
        let extended = env.scope.extended_by(entry);
        let all = self.all.iter();
        all.filter(|(requires, _)| requires.iter().all(|side| extended.contains(side)))
            .map(|(_, condition)| *condition)
    }
}

impl Fixing<'_> {
    /// Whether the condition applies to every row with the entry. A condition of an outer join filters only the rows of
    /// the optional side.
    pub(super) fn applies_to(&self, env: &Env<'_, '_>, entry: usize) -> bool {
        let extended = env.scope.extended_by(entry);
        self.requires.iter().all(|side| extended.contains(side))
    }
}

impl<'t> Equation<'t> {
    /// The equation of a condition that fixes the subject by itself.
    pub(super) fn alone(subject: &'t Node<'t>, alike: Alike) -> Self {
        Self {
            subject,
            value: None,
            alike,
        }
    }

    /// Both equations of an operator: each side is equal to the other.
    fn both_ways(
        context: &Context<'_>,
        sides: [&'t Node<'t>; 2],
        alike: Alike,
    ) -> impl Iterator<Item = Self> {
        let [left, right] = sides;
        let ways = [(left, right), (right, left)].into_iter();
        ways.filter_map(move |(subject, value)| Self::of(context, subject, value, alike))
    }

    /// The equation `subject = value`. None for a `timestamp` or `date` that is compared with a `timestamptz`: several
    /// can be equal to it when clocks are set back or a day is skipped.
    fn of(
        context: &Context<'_>,
        subject: &'t Node<'t>,
        value: &'t Node<'t>,
        alike: Alike,
    ) -> Option<Self> {
        let has_zone = |node| {
            let ty = typed::of(context.catalog, node)?;
            Some(context.base_type(ty.oid) == oid::TIMESTAMPTZ)
        };
        let is_one = has_zone(subject) == Some(true) || has_zone(value) == Some(false);
        is_one.then_some(Self {
            subject,
            value: Some(value),
            alike,
        })
    }
}

/// Whether no outer join can leave the entry out.
pub(super) fn is_always_there(env: &Env<'_, '_>, entry: usize) -> bool {
    let mut sides = env.scope.extended_by(entry).iter();
    sides.all(|side| env.facts.is_present(env.scope.id, *side))
}

/// The equations that follow from a true condition, with the kind of equality that a unique index needs.
pub(super) fn fixed_by<'t>(context: &Context<'_>, condition: &'t Node<'t>) -> Vec<Equation<'t>> {
    let alone = |node: Option<&'t Node<'t>>, alike| {
        let nodes = node.into_iter();
        nodes.map(|node| Equation::alone(node, alike)).collect()
    };
    match condition.tag {
        "OPEXPR" => match equality(context, condition) {
            Some((sides, alike)) => Equation::both_ways(context, sides, alike).collect(),
            None => Vec::new(),
        },
        "SUBLINK" => equal_row(context, condition),
        "VAR" if condition.oid("vartype") == oid::BOOL => alone(Some(condition), Alike::Equal),
        "BOOLEXPR" if condition.text("boolop").as_deref() == Some("not") => {
            let denied = condition.nodes("args").next();
            let distinct = denied.filter(|denied| denied.tag == "DISTINCTEXPR");
            match distinct.and_then(|distinct| equality(context, distinct)) {
                Some((sides, Alike::Equal)) => {
                    Equation::both_ways(context, sides, Alike::EqualOrNull).collect()
                }
                _ => alone(denied, Alike::Equal),
            }
        }
        "BOOLEANTEST" => {
            let test = BooleanTest::of(condition).filter(|test| test.says(true).is_some());
            alone(test.map(|test| test.arg), Alike::Equal)
        }
        "NULLTEST" if condition.number("nulltesttype") == Some(null_test::IS_NULL) => {
            let value = condition
                .node("arg")
                .filter(|_| !condition.flag("argisrow"));
            alone(value, Alike::EqualOrNull)
        }
        _ => Vec::new(),
    }
}

/// The equations of `(a, b) = (select …)`: each field is equal to that of the one row of a query that is evaluated
/// once.
fn equal_row<'t>(context: &Context<'_>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    match sublink.number("subLinkType") {
        Some(sublink::ROWCOMPARE) if steady::is_evaluated_once(sublink) => {
            compared_fields(context, sublink)
        }
        _ => Vec::new(),
    }
}

/// The equations of `a in (select …)` for `a`, or for each field of a row, if the query has at most one row, which is
/// the same each time.
fn in_single_row<'t>(env: &Env<'_, 't>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    let context = env.context;
    let is_any = sublink.tag == "SUBLINK" && sublink.number("subLinkType") == Some(sublink::ANY);
    let Some(query) = sublink.node("subselect").filter(|_| is_any) else {
        return Vec::new();
    };
    let is_steady = steady::depends_on(context, query).is_some_and(|outer| outer.is_empty());
    let inside = context.child(&env.scope, query);
    if is_steady && rows::is_single(&Env::new(context, inside, &Facts::default())) {
        compared_fields(context, sublink)
    } else {
        Vec::new()
    }
}

/// The fields of a row that is equal to that of a subquery, each with the value that it is equal to.
fn compared_fields<'t>(context: &Context<'_>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    let fields = sublink.node("testexpr");
    let fields = fields.into_iter().flat_map(logic::conjuncts);
    fields
        .filter(|field| field.tag == "OPEXPR")
        .filter_map(|field| equality(context, field))
        .filter_map(|([subject, value], alike)| Equation::of(context, subject, value, alike))
        .collect()
}

/// The sides of an equality, if unique indexes agree with it, and which of them do.
fn equality<'t>(
    context: &Context<'_>,
    condition: &'t Node<'t>,
) -> Option<([&'t Node<'t>; 2], Alike)> {
    let catalog = context.catalog;
    let operator = catalog.operators.get(&condition.oid("opno"))?;
    let function = context.function(operator.function)?;
    let known = operator.has_known_identity && function.has_known_identity();
    let collation = condition.oid("inputcollid");
    let alike = if catalog.nondeterministic_collations.contains(&collation) {
        Alike::EqualUnder(collation)
    } else {
        Alike::Equal
    };
    let arguments: Vec<_> = condition.nodes("args").collect();
    let sides: [&Node<'_>; 2] = arguments.try_into().ok()?;
    (operator.is_equality && operator.name == "=" && known).then_some((sides, alike))
}

/// The column below casts, if equal values of the column give equal values of the expression: casts only of types whose
/// equal values are identical.
pub(super) fn equal_column(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    let node = without_domain(env, node);
    let mut inside = node;
    while inside.tag != "VAR" {
        inside = inside.node("arg").or_else(|| inside.nodes("args").next())?;
    }
    let exact =
        std::ptr::eq(inside, node) || steady::equal_is_same(env.context, inside.oid("vartype"));
    plain_column(env, node).filter(|_| exact)
}

/// The referenced column below casts that keep different values different.
pub(super) fn plain_column(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    let node = without_domain(env, node);
    match node.tag {
        "VAR" => resolved(env, node),
        "RELABELTYPE" if matches!(node.oid("resulttype"), oid::TEXT | oid::OID) => {
            plain_column(env, node.node("arg")?)
        }
        // A cast to text by the type's output function.
        "COERCEVIAIO" if node.oid("resulttype") == oid::TEXT => {
            let arg = node.node("arg").filter(|arg| arg.tag == "VAR")?;
            let plainly = steady::is_written_in_one_way(env.context, arg.oid("vartype"));
            plainly.then(|| resolved(env, arg))?
        }
        "FUNCEXPR" => {
            let function = env.context.called(node)?;
            let widens = function.is_builtin && steady::WIDENING.contains(&&*function.signature);
            let mut arguments = node.nodes("args").filter(|_| widens);
            plain_column(env, arguments.next()?)
        }
        _ => None,
    }
}

/// A value without the relabelling from a domain to its base type, which does not change it.
fn without_domain<'n>(env: &Env<'_, '_>, node: &'n Node<'n>) -> &'n Node<'n> {
    let context = env.context;
    let value = node.node("arg").filter(|value| {
        node.tag == "RELABELTYPE"
            && typed::of(context.catalog, value)
                .is_some_and(|ty| context.base_type(ty.oid) == node.oid("resulttype"))
    });
    value.map_or(node, |value| without_domain(env, value))
}

/// The expression that a reference to a join's column or a grouping expression stands for.
pub(super) fn aliased<'t>(env: &Env<'_, 't>, node: &Node<'_>) -> Option<&'t Node<'t>> {
    let (entry, column) = Reference::local(node)?;
    range_table::aliased(env.scope.entry(entry)?, column)
}

/// The entry and column of a reference, through the columns of joins.
pub(super) fn resolved(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    let (entry, column) = Reference::local(node)?;
    match range_table::aliased(env.scope.entry(entry)?, column) {
        Some(below) if below.tag == "VAR" => resolved(env, below),
        Some(_) => None,
        None => Some((entry, column)),
    }
}
