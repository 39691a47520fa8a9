//! Whether an array can have null elements.

use super::context::About;
use super::env::{Env, Sees};
use super::functions;
use super::range_table::{self, EntryKind, Source};
use super::reason::Verdict;
use super::rejection::when_true;
use super::{aggregates, case, checks, constants, logic, materialized, recursion, typed};
use crate::catalog::{Relation, TypeKind};
use crate::nodes::{null_test, param, sublink};
use crate::tree::{self, Arena, Node, Value};

/// Whether the elements of an array expression can be null. This says nothing about the array itself.
pub(super) fn verdict<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let unknown = || Verdict::nullable("an element may be null", node.location());
    match node.tag {
        "ARRAYEXPR" if node.flag("multidims") => of_all(env, node.nodes("elements")),
        "ARRAYEXPR" => env.all(node, &["elements"]),
        "SUBLINK" => match (node.number("subLinkType"), node.node("subselect")) {
            (Some(sublink::ARRAY), Some(query)) => {
                let scope = env.context.child(&env.scope, query);
                // Of arrays, `array(select …)` makes an array with one more dimension.
                match gives_arrays(env, query) {
                    true => of_output(&env.at(&scope), 1),
                    false => env.at(&scope).output(1),
                }
            }
            (Some(sublink::EXPR), Some(query)) => {
                let scope = env.context.child(&env.scope, query);
                of_output(&env.at(&scope), 1)
            }
            _ => unknown(),
        },
        "AGGREF" | "WINDOWFUNC" => match aggregated(env, node) {
            Some((inside, argument)) => inside.verdict(argument),
            None => unknown(),
        },
        // A slice has only elements of the whole array; a single element is no array.
        "SUBSCRIPTINGREF" if is_slice(node) => match node.node("refexpr") {
            Some(whole) => verdict(env, whole),
            None => unknown(),
        },
        "CONST" if has_no_null_elements(node) => {
            Verdict::not_null("the constant has no null elements", None)
        }
        "PARAM" => match param(node).and_then(|n| env.context.params.get(n - 1)) {
            Some(nulls) if !nulls.elements => {
                Verdict::not_null("the parameter's elements are not null", None)
            }
            _ => unknown(),
        },
        "VAR" => match env.referred(node) {
            Some((here, entry, column)) => of_column(&here, entry, column).or_at(node.location()),
            None => unknown(),
        },
        "ARRAYCOERCEEXPR"
            if !node
                .node("elemexpr")
                .is_some_and(|e| functions::keeps_not_null(env, e)) =>
        {
            unknown()
        }
        "RELABELTYPE" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" | "COERCETODOMAIN" | "NAMEDARGEXPR" => {
            match node.node("arg") {
                Some(argument) => verdict(env, argument),
                None => unknown(),
            }
        }
        "COALESCEEXPR" => of_all(env, node.nodes("args")),
        "CASEEXPR" => {
            case::results(env, node).map_or_else(unknown, |results| of_sources(results.collect()))
        }
        "FUNCEXPR" | "OPEXPR" => function(env, node).unwrap_or_else(unknown),
        _ => unknown(),
    }
}

/// Whether a query's column has an array type. A domain over arrays does not count.
fn gives_arrays(env: &Env<'_, '_>, query: &Node<'_>) -> bool {
    let catalog = env.context.catalog;
    let ty = typed::of_output(catalog, query, 1);
    let ty = ty.and_then(|ty| catalog.type_by_oid(ty.oid));
    ty.is_none_or(|ty| matches!(ty.kind, TypeKind::Array { .. }))
}

/// The verdict on a constant subscript, if the array is known to have such an element.
pub(super) fn at<'t>(env: &Env<'_, 't>, subscript: &'t Node<'t>) -> Option<Verdict> {
    let [index] = subscript.list("refupperindexpr") else {
        return None;
    };
    let index = constants::integer(index.node()?)?;
    let array = subscript.node("refexpr")?;
    match array.tag {
        "ARRAYEXPR" if !array.flag("multidims") => {
            let place = usize::try_from(index).ok()?.checked_sub(1)?;
            Some(env.verdict(array.nodes("elements").nth(place)?))
        }
        // An aggregated array has an element for each row, a split text at least one.
        "AGGREF" if index == 1 => {
            let whole = env.verdict(array);
            let (inside, argument) = aggregated(env, array)?;
            Some(if whole.nullable {
                whole
            } else {
                inside.verdict(argument)
            })
        }
        "FUNCEXPR" if index == 1 => {
            let function = env.context.called(array)?;
            let splits = function.is_builtin && function.name.name == "regexp_split_to_array";
            splits.then(|| env.verdict(array))
        }
        _ => None,
    }
}

/// Whether a subscript takes a part of an array.
fn is_slice(subscript: &Node<'_>) -> bool {
    !subscript.list("reflowerindexpr").is_empty() && subscript.node("refassgnexpr").is_none()
}

/// Not null if the elements of all these arrays are not null. The null constant has no elements.
fn of_all<'t>(env: &Env<'_, 't>, arrays: impl Iterator<Item = &'t Node<'t>>) -> Verdict {
    of_sources(arrays.map(|array| (env.clone(), array)).collect())
}

/// The argument of `array_agg(x)`, whose values are the elements, and the environment of the rows that pass its filter.
pub(super) fn aggregated<'a, 't>(env: &Env<'a, 't>, node: &'t Node<'t>) -> Option<Source<'a, 't>> {
    let is_window = node.tag == "WINDOWFUNC";
    let field = if is_window { "winfnoid" } else { "aggfnoid" };
    let function = env.context.function(node.oid(field))?;
    if !function.is_builtin || function.signature != "array_agg(anynonarray)" {
        return None;
    }
    let mut arguments = node.nodes("args").filter(|a| !a.flag("resjunk"));
    let argument = arguments.next()?;
    let (rows, argument) = match is_window {
        // Values of other rows, so facts about this row alone do not count.
        true => (env.of_any_row(), argument),
        false => (
            env.in_aggregate(aggregates::levels(node)?, Sees::AnyRow),
            argument.node("expr")?,
        ),
    };
    let passing = node.node("aggfilter").map(|filter| {
        let proofs = when_true(env.context, &env.scope, filter);
        rows.guarded(filter, None, proofs)
    });
    Some((passing.unwrap_or(rows), argument))
}

/// The elements of a column's arrays: a CHECK can forbid nulls, and an inner query can produce none.
pub(super) fn of_column(env: &Env<'_, '_>, number: usize, column: i64) -> Verdict {
    let place = (env.scope.id, number, column);
    env.context.column(env, place, About::Elements, || {
        known_of_column(env, number, column)
            .unwrap_or_else(|| Verdict::nullable("an element may be null", None))
    })
}

fn known_of_column(env: &Env<'_, '_>, number: usize, column: i64) -> Option<Verdict> {
    let entry = env.scope.entry(number)?;
    match range_table::kind(entry) {
        EntryKind::Relation => {
            let (relation, definition) = range_table::relation_column(env, entry, column)?;
            if let Some(known) = materialized::elements(env.context, relation, definition) {
                return Some(known);
            }
            forbids_null_elements(env, relation, entry, &definition.name).then(|| {
                Verdict::not_null(
                    format!(
                        "a check of `{}` forbids null elements in `{}`",
                        relation.name, definition.name
                    ),
                    None,
                )
            })
        }
        EntryKind::CommonTableExpression => match recursion::of_entry(env, entry) {
            Some(scope) => Some(recursion::elements(env, &scope, column)),
            None => of_entry(env, number, column),
        },
        _ => of_entry(env, number, column),
    }
}

fn of_entry(env: &Env<'_, '_>, number: usize, column: i64) -> Option<Verdict> {
    let all = |sources| Some(of_sources(sources));
    range_table::judged(env, number, column, |outputs| &outputs.elements, all)
}

/// The elements of the arrays in a result column of the environment's query.
pub(super) fn of_output(env: &Env<'_, '_>, column: i64) -> Verdict {
    match range_table::outputs(env, column) {
        Some(sources) => of_sources(sources),
        None => Verdict::nullable("an element may be null", None),
    }
}

fn of_sources(sources: Vec<Source<'_, '_>>) -> Verdict {
    let mut last = Verdict::not_null("it has no elements", None);
    for (env, node) in sources {
        if !constants::is_null(node) {
            last = verdict(&env, node);
        }
        if last.nullable {
            break;
        }
    }
    last
}

/// Whether a check of the entry's rows says `check (array_position(column, null) is null)`.
fn forbids_null_elements(
    env: &Env<'_, '_>,
    relation: &Relation,
    entry: &Node<'_>,
    column: &str,
) -> bool {
    checks::of_rows(env.context.catalog, relation, entry).any(|constraint| {
        constraint.columns.iter().any(|c| c == column)
            && constraint.expression.as_deref().is_some_and(|text| {
                tree::read(text, &Arena::new()).is_ok_and(|value| {
                    let number = relation.column(column).map_or(0, |c| c.number.into());
                    let mut parts = value.node().into_iter().flat_map(logic::conjuncts);
                    parts.any(|part| says_no_null_element(env, part, number))
                })
            })
    })
}

fn says_no_null_element(env: &Env<'_, '_>, check: &Node<'_>, column: i64) -> bool {
    let Some(call) = check.node("arg").filter(|arg| {
        check.tag == "NULLTEST"
            && check.number("nulltesttype") == Some(null_test::IS_NULL)
            && arg.tag == "FUNCEXPR"
    }) else {
        return false;
    };
    let function = env.context.called(call);
    let arguments: Vec<_> = call.nodes("args").collect();
    let searches = function.is_some_and(|f| f.is_builtin && f.name.name == "array_position");
    match arguments[..] {
        [array, element] => {
            let array = if array.tag == "RELABELTYPE" {
                array.node("arg").unwrap_or(array)
            } else {
                array
            };
            searches && array.number("varattno") == Some(column) && element.flag("constisnull")
        }
        _ => false,
    }
}

/// Whether an array constant has no null bitmap (`ArrayType.dataoffset` is zero).
fn has_no_null_elements(node: &Node<'_>) -> bool {
    match node.get("constvalue") {
        Some(Value::Datum(bytes)) => bytes.get(8..12) == Some(&[0; 4]),
        _ => false,
    }
}

/// Functions that give arrays, also by the operator `||`.
fn function<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<Verdict> {
    let function = env.context.called(node)?;
    let arguments: Vec<_> = node.nodes("args").collect();
    let name = &function.name.name;
    let never = || {
        Some(Verdict::not_null(
            format!("`{name}` gives no null elements"),
            None,
        ))
    };
    if function.extension.as_deref() == Some("hstore") && function.signature == "akeys(hstore)" {
        return never();
    }
    if !function.is_builtin {
        return None;
    }
    match (name.as_str(), &arguments[..]) {
        ("string_to_array", [_, _])
        | ("array_positions" | "regexp_split_to_array" | "enum_range" | "tsvector_to_array", _) => {
            never()
        }
        ("array_remove", [_, removed]) if removed.flag("constisnull") => never(),
        ("array_remove", [array, _]) => Some(verdict(env, array)),
        ("array_cat", [a, b]) => Some(of_all(env, [*a, *b].into_iter())),
        ("array_append", [array, element])
        | ("array_prepend", [element, array])
        | ("array_replace", [array, _, element]) => {
            let element = env.verdict(element);
            Some(if element.nullable {
                element
            } else {
                of_all(env, [*array].into_iter())
            })
        }
        ("array_fill", [element, ..]) => Some(env.verdict(element)),
        ("trim_array", [array, _]) => Some(verdict(env, array)),
        _ => None,
    }
}
