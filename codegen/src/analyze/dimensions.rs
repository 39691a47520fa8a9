//! The number of dimensions of arrays that a query builds itself. The type of an array does not tell it.

use super::constants::is_null_or_empty_array;
use super::env::Env;
use super::range_table::{self, Source};
use super::typed;
use crate::catalog::TypeKind;
use crate::nodes::sublink;
use crate::tree::Node;

/// The number of dimensions beyond the first that the arrays in a result column have. 0 if it is not known, as for
/// arrays in a table.
pub(super) fn beyond_first(env: &Env<'_, '_>, column: i64) -> u8 {
    let sources = range_table::outputs(env, column);
    sources.and_then(of_sources).map_or(0, |known| known - 1)
}

/// The number of dimensions, if it is known to be the same for all sources.
fn of_sources(sources: Vec<Source<'_, '_>>) -> Option<u8> {
    let mut known = sources.iter().map(|(env, node)| of(env, node));
    let first = known.next()??;
    known.all(|other| other == Some(first)).then_some(first)
}

/// The number of dimensions of an array of arrays that have so many. Where it is not known, as for arrays in a table, they are
/// read as lists.
fn around(inner: Option<u8>) -> Option<u8> {
    inner.unwrap_or(1).checked_add(1)
}

/// The number of dimensions of an expression, if it is known to be an array.
fn of<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<u8> {
    match node.tag {
        "ARRAYEXPR" if node.flag("multidims") => {
            around(node.nodes("elements").find_map(|part| of(env, part)))
        }
        "ARRAYEXPR" => Some(1),
        "AGGREF" => {
            let function = env.context.function(node.oid("aggfnoid"))?;
            let argument = node.nodes("args").find(|a| !a.flag("resjunk"))?;
            match function.signature.as_str() {
                "array_agg(anynonarray)" if function.is_builtin => Some(1),
                "array_agg(anyarray)" if function.is_builtin => {
                    around(of(env, argument.node("expr")?))
                }
                _ => None,
            }
        }
        "SUBLINK" if node.number("subLinkType") == Some(sublink::ARRAY) => {
            let query = node.node("subselect")?;
            let catalog = env.context.catalog;
            let gathered = catalog.type_by_oid(typed::of_output(catalog, query, 1)?.oid)?;
            if !matches!(gathered.kind, TypeKind::Array { .. }) {
                return Some(1);
            }
            let scope = env.context.child(&env.scope, query);
            around(range_table::outputs(&env.at(&scope), 1).and_then(of_sources))
        }
        "VAR" => {
            let (here, entry, column) = env.referred(node)?;
            range_table::judged(
                &here,
                entry,
                column,
                |outputs| &outputs.dimensions,
                of_sources,
            )
        }
        "RELABELTYPE" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" => of(env, node.node("arg")?),
        "COALESCEEXPR" => {
            let mut arms = node
                .nodes("args")
                .filter(|arm| !is_null_or_empty_array(arm));
            let first = of(env, arms.next()?)?;
            arms.all(|arm| of(env, arm) == Some(first)).then_some(first)
        }
        _ => None,
    }
}
