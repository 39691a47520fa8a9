//! Whether an array may have null elements.

use super::env::Env;
use super::range_table::{self, EntryKind};
use super::reason::Verdict;
use super::rejection::when_true;
use super::scope::index;
use crate::catalog::{ConstraintKind, Relation, RelationKind};
use crate::tree::{self, Node, Value};

/// Whether the elements of an array expression may be null. Whether the array itself may is another question.
pub(super) fn verdict<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    const ARRAY: i64 = 6;
    let unknown = || Verdict::nullable("an element may be null", node.location());
    match node.tag {
        "ARRAYEXPR" if node.flag("multidims") => of_all(env, node.nodes("elements")),
        "ARRAYEXPR" => env.all(node, &["elements"]),
        "SUBLINK" if node.number("subLinkType") == Some(ARRAY) => match node.node("subselect") {
            Some(query) => {
                let scope = env.context.child(&env.scope, query);
                env.at(&scope).output(1)
            }
            None => unknown(),
        },
        "AGGREF" => aggregated(env, node),
        "CONST" if has_no_null_elements(node) => {
            Verdict::not_null("the constant has no null elements", None)
        }
        "PARAM" => match index(node, "paramid").and_then(|n| env.context.params.get(n - 1)) {
            Some(nulls) if !nulls.elements => {
                Verdict::not_null("the parameter's elements are not null", None)
            }
            _ => unknown(),
        },
        "VAR" => column(env, node).unwrap_or_else(unknown),
        "ARRAYCOERCEEXPR"
            if !node
                .node("elemexpr")
                .is_some_and(|e| keeps_not_null(env, e)) =>
        {
            unknown()
        }
        "RELABELTYPE" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" | "COERCETODOMAIN" => {
            match node.node("arg") {
                Some(argument) => verdict(env, argument),
                None => unknown(),
            }
        }
        "COALESCEEXPR" => of_all(env, node.nodes("args")),
        "CASEEXPR" => {
            let results = node.nodes("args").filter_map(|when| when.node("result"));
            of_all(env, results.chain(node.node("defresult")))
        }
        "FUNCEXPR" | "OPEXPR" => function(env, node).unwrap_or_else(unknown),
        _ => unknown(),
    }
}

/// Whether the cast of an array's element gives null only for null.
fn keeps_not_null(env: &Env<'_, '_>, node: &Node<'_>) -> bool {
    match node.tag {
        "CASETESTEXPR" => true,
        "RELABELTYPE" | "COERCEVIAIO" | "COERCETODOMAIN" => {
            node.node("arg").is_some_and(|arg| keeps_not_null(env, arg))
        }
        "FUNCEXPR" => {
            let mut arguments = node.nodes("args").filter(|a| a.tag != "CONST");
            super::functions::is_total(env, node.oid("funcid"))
                && arguments.all(|arg| keeps_not_null(env, arg))
        }
        _ => false,
    }
}

/// Not null when the elements of all these arrays are; an array that is the null constant has none.
fn of_all<'t>(env: &Env<'_, 't>, arrays: impl Iterator<Item = &'t Node<'t>>) -> Verdict {
    let mut last = Verdict::not_null("it has no elements", None);
    for array in arrays {
        if array.tag == "CONST" && array.flag("constisnull") {
            continue;
        }
        last = verdict(env, array);
        if last.nullable {
            return last;
        }
    }
    last
}

/// `array_agg(x)`: its elements are the arguments of the rows that pass its filter.
fn aggregated<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let function = env.context.function(node.oid("aggfnoid"));
    let is_array_agg =
        function.is_some_and(|f| f.is_builtin() && f.signature == "array_agg(anynonarray)");
    let argument = node
        .nodes("args")
        .find(|a| !a.flag("resjunk"))
        .and_then(|a| a.node("expr"));
    let (true, Some(argument)) = (is_array_agg, argument) else {
        return Verdict::nullable("an element may be null", None);
    };
    let filter = node.node("aggfilter");
    let proofs = filter.map_or_else(Vec::new, |f| when_true(env.context, &env.scope, f));
    env.in_aggregate().assuming(proofs).verdict(argument)
}

/// A column: one whose CHECK forbids null elements, or one of a query inside this one.
fn column<'t>(env: &Env<'_, 't>, node: &Node<'_>) -> Option<Verdict> {
    let levels = usize::try_from(node.number("varlevelsup")?).ok()?;
    let here = Env {
        scope: env.scope.ancestor(levels)?,
        ..env.clone()
    };
    let number = index(node, "varno")?;
    let column = node.number("varattno")?;
    let entry = here.scope.entry(number)?;
    match range_table::kind(entry) {
        EntryKind::Relation => {
            let (relation, definition) = range_table::relation_column(&here, entry, column)?;
            let all_rows = relation.children.is_empty() || !entry.flag("inh");
            forbids_null_elements(&here, relation, &definition.name, all_rows).then(|| {
                Verdict::not_null(
                    format!(
                        "a check of `{}` forbids null elements in `{}`",
                        relation.name, definition.name
                    ),
                    None,
                )
            })
        }
        EntryKind::Subquery | EntryKind::CommonTableExpression => {
            let (inside, expression) = range_table::inner_expression(&here, number, column)?;
            Some(verdict(&inside, expression))
        }
        EntryKind::Join | EntryKind::Group => {
            Some(verdict(&here, range_table::aliased(entry, column)?))
        }
        _ => None,
    }
}

/// Whether a validated constraint says `check (array_position(column, null) is null)`. Where the rows are not all the
/// relation's own, it must be one that children inherit; a foreign table's is only a promise.
fn forbids_null_elements(
    env: &Env<'_, '_>,
    relation: &Relation,
    column: &str,
    all_rows: bool,
) -> bool {
    relation.constraints.iter().any(|constraint| {
        constraint.kind == ConstraintKind::Check
            && relation.kind != RelationKind::ForeignTable
            && constraint.validated
            && (all_rows || !constraint.definition.ends_with(" NO INHERIT"))
            && constraint.columns.iter().any(|c| c == column)
            && constraint.expression.as_deref().is_some_and(|text| {
                tree::read(text).is_ok_and(|value| {
                    let number = relation.columns.iter().find(|c| c.name == column);
                    let number = number.map_or(0, |c| i64::from(c.number));
                    value
                        .node()
                        .is_some_and(|check| says_no_null_element(env, check, number))
                })
            })
    })
}

fn says_no_null_element(env: &Env<'_, '_>, check: &Node<'_>, column: i64) -> bool {
    const IS_NULL: i64 = 0;
    if check.tag == "BOOLEXPR" && check.text("boolop").as_deref() == Some("and") {
        return check
            .nodes("args")
            .any(|arm| says_no_null_element(env, arm, column));
    }
    let Some(call) = check.node("arg").filter(|arg| {
        check.tag == "NULLTEST"
            && check.number("nulltesttype") == Some(IS_NULL)
            && arg.tag == "FUNCEXPR"
    }) else {
        return false;
    };
    let function = env.context.function(call.oid("funcid"));
    let arguments: Vec<_> = call.nodes("args").collect();
    let searches = function.is_some_and(|f| f.is_builtin() && f.name.name == "array_position");
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
    let field = match node.tag {
        "OPEXPR" => "opfuncid",
        _ => "funcid",
    };
    let function = env.context.function(node.oid(field))?;
    let arguments: Vec<_> = node.nodes("args").collect();
    if !function.is_builtin() {
        return None;
    }
    let name = &function.name.name;
    let never = || {
        Some(Verdict::not_null(
            format!("`{name}` gives no null elements"),
            None,
        ))
    };
    match (name.as_str(), &arguments[..]) {
        ("string_to_array", [_, _])
        | ("regexp_split_to_array" | "enum_range" | "tsvector_to_array", _) => never(),
        ("array_remove", [_, removed]) if removed.flag("constisnull") => never(),
        ("array_remove", [array, _]) => Some(verdict(env, array)),
        ("array_cat", [a, b]) => Some(of_all(env, [*a, *b].into_iter())),
        ("array_append", [array, element]) | ("array_prepend", [element, array]) => {
            let element = env.verdict(element);
            Some(if element.nullable {
                element
            } else {
                of_all(env, [*array].into_iter())
            })
        }
        _ => None,
    }
}
