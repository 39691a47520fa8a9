//! The equations of an EXISTS: a column that it compares with one of a row that is the same for all outer rows.

use super::Determined;
use super::conditions::{self, Conditions, Equation};
use crate::analyze::context::Context;
use crate::analyze::env::Env;
use crate::analyze::facts::Facts;
use crate::analyze::steady;
use crate::nodes::sublink;
use crate::tree::{Node, Value};

/// The columns of this query that `exists (select … where s.user_id = id and s.token = $1)` leaves one value.
pub(super) fn fixed_by<'t>(env: &Env<'_, 't>, sublink: &'t Node<'t>) -> Vec<Equation<'t>> {
    let context = env.context;
    let is_exists =
        sublink.tag == "SUBLINK" && sublink.number("subLinkType") == Some(sublink::EXISTS);
    let Some(query) = sublink.node("subselect").filter(|_| is_exists) else {
        return Vec::new();
    };
    let inside = context.child(&env.scope, query);
    // Only its conditions may refer to the outer rows.
    let mut others = query.children_but("jointree");
    if inside.may_group_nothing()
        || others.any(|node| steady::refers_out(node, 1))
        || steady::depends_on(context, query).is_none()
    {
        return Vec::new();
    }
    let env = Env::new(context, inside, &Facts::default());
    let (inner, outer): (Vec<_>, Vec<_>) = Conditions::parts(&env)
        .into_iter()
        .partition(|(_, part)| !steady::refers_out(part, 1));
    let known = Determined::by(&env, &Conditions::from_parts(&env, inner));
    let outer = outer.iter().filter(|(requires, _)| requires.is_empty());
    outer
        .flat_map(|(_, part)| conditions::fixed_by(context, part))
        .filter_map(|equation| {
            let value = equation.value?;
            let is_fixed = !steady::refers_out(value, 1) && known.fixes(&env, value);
            let subject = one_level_up(context, equation.subject).filter(|_| is_fixed)?;
            Some(Equation::alone(subject, equation.alike))
        })
        .collect()
}

/// A column of the outer query, as it is referenced there.
fn one_level_up<'t>(context: &Context<'t>, node: &Node<'t>) -> Option<&'t Node<'t>> {
    const LEVELS: &str = "varlevelsup";
    if node.tag != "VAR" || node.number(LEVELS) != Some(1) {
        return None;
    }
    let fields = node.fields.iter().map(|(name, value)| match *name {
        LEVELS => (LEVELS, Value::Token("0")),
        name => (name, *value),
    });
    let fields: Vec<_> = fields.collect();
    Some(context.arena.alloc(Node {
        tag: node.tag,
        fields: context.arena.alloc_slice_copy(&fields),
    }))
}
