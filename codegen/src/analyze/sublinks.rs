//! Subqueries in expressions: EXISTS, scalar subqueries, ANY and ALL, ARRAY.

use super::env::Env;
use super::reason::Verdict;
use super::rows::{self, Rows};
use crate::nodes::{param_kind, sublink};
use crate::tree::Node;

/// The verdict on a subquery in an expression.
pub(super) fn sublink<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let Some(query) = node.node("subselect") else {
        return Verdict::nullable("its subquery is not known", None);
    };
    match node.number("subLinkType") {
        Some(sublink::EXISTS) => Verdict::not_null("exists is never null", None),
        Some(sublink::ARRAY) => Verdict::not_null("an array of no rows is empty, not null", None),
        Some(sublink::EXPR) => scalar(env, query),
        Some(sublink::ALL | sublink::ANY) => quantified(env, node, query),
        _ => Verdict::nullable("the subquery may find no row", None),
    }
}

/// A scalar subquery: null if there is no row.
fn scalar<'t>(env: &Env<'_, 't>, query: &'t Node<'t>) -> Verdict {
    let scope = env.context.child(&env.scope, query);
    let inside = env.at(&scope);
    match rows::of(&inside) {
        Rows::One(_) => inside.output(1),
        _ => Verdict::nullable("the subquery may find no row", None),
    }
}

/// `x op any (select …)`: null if no row decides and some value is null.
fn quantified<'t>(env: &Env<'_, 't>, node: &'t Node<'t>, query: &'t Node<'t>) -> Verdict {
    let Some(test) = node.node("testexpr") else {
        return Verdict::nullable("its comparison is not known", None);
    };
    let scope = env.context.child(&env.scope, query);
    let inside = env.at(&scope);
    for column in 1..=super::range_table::output_list(query).count() {
        let verdict = inside.output(i64::try_from(column).unwrap_or(i64::MAX));
        if verdict.nullable {
            return verdict;
        }
    }
    comparison(env, test)
}

/// The test of a quantified comparison, with the subquery's columns, which are parameters in the tree, as not null.
fn comparison<'t>(env: &Env<'_, 't>, test: &'t Node<'t>) -> Verdict {
    match test.tag {
        "BOOLEXPR" | "OPEXPR" | "ROWCOMPAREEXPR" => {
            let fields = ["args", "largs", "rargs"];
            for part in fields.iter().flat_map(|field| test.nodes(field)) {
                let verdict = comparison(env, part);
                if verdict.nullable {
                    return verdict;
                }
            }
            super::functions::operator_is_total(env, test)
        }
        "RELABELTYPE" | "COERCEVIAIO" => match test.node("arg") {
            Some(argument) => comparison(env, argument),
            None => Verdict::nullable("its comparison is not known", None),
        },
        "PARAM" if test.number("paramkind") == Some(param_kind::SUBLINK) => {
            Verdict::not_null("the subquery's column is not null", None)
        }
        _ => env.verdict(test),
    }
}
