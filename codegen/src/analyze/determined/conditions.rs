//! What the conditions of a query level say of one expression at a time: that it is equal to another, or true, or false.

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

/// The conditions of a scope, taken apart at their ANDs.
#[derive(Clone, Default)]
pub(super) struct Conditions<'t> {
    /// Each with the sides that must be present for it to hold.
    pub(super) all: Vec<(Vec<Side>, &'t Node<'t>)>,
    /// What they fix, if the values are.
    pub(super) fixing: Vec<Fixing<'t>>,
}

/// An equation that is true of every row in which the sides are present.
#[derive(Clone)]
pub(super) struct Fixing<'t> {
    requires: Vec<Side>,
    pub(super) equation: Equation<'t>,
}

/// `subject = value`.
#[derive(Clone, Copy)]
pub(super) struct Equation<'t> {
    pub(super) subject: &'t Node<'t>,
    /// None for a condition that is the subject itself, or its negation: that has one value, then.
    pub(super) value: Option<&'t Node<'t>>,
    pub(super) alike: Alike,
}

/// In what sense both sides of an equation are one value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Alike {
    /// As any unique index sees it.
    Equal,
    /// Equal, or both are null.
    EqualOrNull,
    /// Equal under this collation, for which different texts can be equal.
    EqualUnder(u32),
}

impl<'t> Conditions<'t> {
    /// The conditions of the scope, and what is asked of its query from outside.
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

    /// These, and another where the sides are present.
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

    /// Those that are about every row that has the entry.
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
    /// Whether it is about every row that has the entry: a condition of an outer join chooses among the rows of its optional
    /// side only.
    pub(super) fn applies_to(&self, env: &Env<'_, '_>, entry: usize) -> bool {
        let extended = env.scope.extended_by(entry);
        self.requires.iter().all(|side| extended.contains(side))
    }
}

impl<'t> Equation<'t> {
    /// What a condition that says it alone leaves one value.
    pub(super) fn alone(subject: &'t Node<'t>, alike: Alike) -> Self {
        Self {
            subject,
            value: None,
            alike,
        }
    }

    /// Either side's, of an operator's two.
    fn both_ways(
        context: &Context<'_>,
        sides: [&'t Node<'t>; 2],
        alike: Alike,
    ) -> impl Iterator<Item = Self> {
        let [left, right] = sides;
        let ways = [(left, right), (right, left)].into_iter();
        ways.filter_map(move |(subject, value)| Self::of(context, subject, value, alike))
    }

    /// What `subject = value` leaves one value: no `timestamp` or `date` that is compared with a `timestamptz`, to which several
    /// are equal where clocks are set back or a day is left out.
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

/// What a condition that is true says of expressions: the value that each is equal to, as a unique index understands it.
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

/// What `(a, b) = (select …)` fixes: each field, to the one row of a query that is evaluated once.
fn equal_row<'t>(context: &Context<'_>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    match sublink.number("subLinkType") {
        Some(sublink::ROWCOMPARE) if steady::is_evaluated_once(sublink) => {
            compared_fields(context, sublink)
        }
        _ => Vec::new(),
    }
}

/// What `a in (select …)` fixes: `a`, or each field of a row, if the query has at most one row, the same each time.
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

/// The fields of a row that is equal to a subquery's, each with what it is equal to.
fn compared_fields<'t>(context: &Context<'_>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    let fields = sublink.node("testexpr");
    let fields = fields.into_iter().flat_map(logic::conjuncts);
    fields
        .filter(|field| field.tag == "OPEXPR")
        .filter_map(|field| equality(context, field))
        .filter_map(|([subject, value], alike)| Equation::of(context, subject, value, alike))
        .collect()
}

/// The sides of an equality, if it is one that a unique index agrees with, and of which indexes that is true.
fn equality<'t>(
    context: &Context<'_>,
    condition: &'t Node<'t>,
) -> Option<([&'t Node<'t>; 2], Alike)> {
    let catalog = context.catalog;
    let operator = catalog.operators.get(&condition.oid("opno"))?;
    let function = context.function(operator.function)?;
    let known = function.has_known_identity();
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

/// The column of which equal values make the expression equal ones: not a cast of what can be equal and yet differ.
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

/// The column that a reference is to, through casts under which different values stay different.
pub(super) fn plain_column(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    let node = without_domain(env, node);
    match node.tag {
        "VAR" => resolved(env, node),
        "RELABELTYPE" if matches!(node.oid("resulttype"), oid::TEXT | oid::OID) => {
            plain_column(env, node.node("arg")?)
        }
        // To text, in the one way that the type has of writing a value.
        "COERCEVIAIO" if node.oid("resulttype") == oid::TEXT => {
            let arg = node.node("arg").filter(|arg| arg.tag == "VAR")?;
            let plainly = steady::is_written_in_one_way(env.context, arg.oid("vartype"));
            plainly.then(|| resolved(env, arg))?
        }
        "FUNCEXPR" => {
            let function = env.context.called(node)?;
            let widens = function.is_builtin() && steady::WIDENING.contains(&&*function.signature);
            let mut arguments = node.nodes("args").filter(|_| widens);
            plain_column(env, arguments.next()?)
        }
        _ => None,
    }
}

/// A value of a domain as such: operators take it as one of the type that the domain is over, which makes no other of it.
fn without_domain<'n>(env: &Env<'_, '_>, node: &'n Node<'n>) -> &'n Node<'n> {
    let context = env.context;
    let value = node.node("arg").filter(|value| {
        node.tag == "RELABELTYPE"
            && typed::of(context.catalog, value)
                .is_some_and(|ty| context.base_type(ty.oid) == node.oid("resulttype"))
    });
    value.map_or(node, |value| without_domain(env, value))
}

/// What a reference to a join or to the groups stands for.
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
