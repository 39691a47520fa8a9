//! Function and operator calls: a strict function returns null for null, and a total one never returns null for values
//! that are not null.

use super::bodies::Body;
use super::env::Env;
use super::reason::Verdict;
use super::rows::Rows;
use super::total::{self, Totality};
use super::{bodies, constants, elements, finite, typed};
use crate::catalog::Function;
use crate::nodes::{oid, xml};
use crate::tree::Node;

/// The verdict on a call of a function or operator.
pub(super) fn call<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let Some(function) = env.context.called(node) else {
        return Verdict::nullable("its function is not known", None);
    };
    let arguments: Vec<_> = node.nodes("args").collect();
    if casts_to_text(env, function, &arguments) {
        return not_total(function);
    }
    if finite::gives_no_null(env, node) {
        return judged(env, function, &Totality::Always, &arguments);
    }
    let Some(totality) = totality(function) else {
        return match bodies::of_call(env, function, node) {
            Some(body) => by_body(env, function, &body, node),
            None if is_unnest(function) => unnest(env, &arguments),
            None => not_total(function),
        };
    };
    // A strict set-returning function returns no row for a null argument.
    if function.returns_set && function.strict {
        return Verdict::not_null(format!("`{}` gives no nulls", function.name.name), None);
    }
    // `f(variadic array)` is null for a null array, whatever the function does with null arguments.
    let totality = match totality {
        Totality::WhenArguments(_) | Totality::WhenAnyArgument if node.flag("funcvariadic") => {
            &Totality::Always
        }
        totality => totality,
    };
    judged(env, function, totality, &arguments)
}

/// The verdict on a call whose function is known, by its arguments.
fn judged<'t>(
    env: &Env<'_, 't>,
    function: &Function,
    totality: &Totality,
    arguments: &[&'t Node<'t>],
) -> Verdict {
    let name = &function.name.name;
    let needed: Vec<&'t Node<'t>> = match totality {
        Totality::Always => arguments.to_vec(),
        Totality::WhenArguments(places) if places.is_empty() => {
            return Verdict::not_null(format!("`{name}` never gives null"), None);
        }
        Totality::WhenArguments(places) => {
            let places = places.iter();
            places
                .filter_map(|place| bodies::argument_at(arguments, *place))
                .collect()
        }
        Totality::WhenAnyArgument => {
            let some = arguments.iter().copied().find(|a| env.is_not_null(a));
            match some {
                Some(argument) => vec![argument],
                None => arguments.to_vec(),
            }
        }
        Totality::WhenConstant { argument, values } => {
            let given = bodies::argument_at(arguments, *argument).map(constants::word);
            // A missing argument has the function's default.
            let constant = given.unwrap_or_else(|| Some("default".to_owned()));
            let known = constant.is_some_and(|c| values.iter().any(|v| v.eq_ignore_ascii_case(&c)));
            if !known {
                return not_total(function);
            }
            arguments.to_vec()
        }
    };
    for argument in needed {
        let verdict = env.verdict(argument);
        if verdict.nullable {
            return verdict;
        }
    }
    Verdict::not_null(format!("`{name}` gives null only for null"), None)
}

/// The value that a SQL function returns: that of its body's first row, or of each row.
fn by_body<'t>(env: &Env<'_, 't>, function: &Function, body: &Body, call: &'t Node<'t>) -> Verdict {
    let name = &function.name.name;
    if !function.returns_set && !bodies::is_called(env, function, call) {
        return Verdict::nullable(format!("`{name}` is not called with null"), None);
    }
    if !function.returns_set && !matches!(body.rows, Rows::One(_)) {
        return Verdict::nullable(format!("`{name}` gives null when it finds no row"), None);
    }
    match &body.columns[..] {
        [column] => column.inside(name),
        _ => Verdict::not_null(format!("`{name}` gives a row"), None),
    }
}

pub(super) fn not_total(function: &Function) -> Verdict {
    Verdict::nullable(format!("`{}` can give null", function.name.name), None)
}

/// The table's entry for the function. `None` for a user-defined function.
pub(super) fn totality(function: &Function) -> Option<&'static Totality> {
    if function.has_known_identity() {
        total::totality(function.extension.as_deref(), &function.signature)
    } else {
        None
    }
}

/// Whether an operator never returns null for arguments that are not null. AND, OR and NOT are no operators.
pub(super) fn operator_is_total(env: &Env<'_, '_>, node: &Node<'_>) -> Verdict {
    let known = match node.tag {
        "OPEXPR" => is_total(env, node),
        // The row comparison operators are the btree ones of each column's type.
        _ => true,
    };
    if known {
        Verdict::not_null("its comparison is null only for null", None)
    } else {
        Verdict::nullable("its comparison can give null", None)
    }
}

/// Whether the function of an operator is not user-defined.
pub(super) fn has_known_operator(env: &Env<'_, '_>, node: &Node<'_>) -> bool {
    let function = env.context.called(node);
    function.is_some_and(Function::has_known_identity)
}

/// Whether it converts an argument to text by a user-defined cast.
fn casts_to_text(env: &Env<'_, '_>, function: &Function, arguments: &[&Node<'_>]) -> bool {
    const CASTING: [&str; 3] = [
        "quote_literal(anyelement)",
        "anytextcat(anynonarray,text)",
        "textanycat(text,anynonarray)",
    ];
    let context = env.context;
    let is_cast = |argument: &&Node<'_>| {
        let ty = typed::of(context.catalog, argument);
        ty.is_none_or(|ty| {
            let ty = context.base_type(ty.oid);
            context.catalog.cast_can_give_null(ty, oid::TEXT)
        })
    };
    function.is_builtin
        && CASTING.contains(&function.signature.as_str())
        && arguments.iter().any(is_cast)
}

/// Whether the function that is called gives null only for null.
pub(super) fn is_total(env: &Env<'_, '_>, call: &Node<'_>) -> bool {
    let function = env.context.called(call);
    function.is_some_and(|f| matches!(totality(f), Some(Totality::Always)))
}

/// Whether an expression is null only if one of its parts is: a column, or an array's element that it casts.
pub(super) fn keeps_not_null(env: &Env<'_, '_>, node: &Node<'_>) -> bool {
    let mut arguments = node.nodes("args");
    match node.tag {
        "VAR" | "CASETESTEXPR" => true,
        "CONST" => constants::is_value(node),
        "RELABELTYPE" | "COERCEVIAIO" | "COERCETODOMAIN" | "COLLATEEXPR" => {
            node.node("arg").is_some_and(|arg| keeps_not_null(env, arg))
        }
        "FUNCEXPR" | "OPEXPR" => {
            is_total(env, node) && arguments.all(|arg| keeps_not_null(env, arg))
        }
        "BOOLEXPR" => arguments.all(|arg| keeps_not_null(env, arg)),
        "COALESCEEXPR" => arguments.any(|arg| keeps_not_null(env, arg)),
        "NULLTEST" | "BOOLEANTEST" => true,
        _ => false,
    }
}

/// Whether it is the `unnest` of arrays.
pub(super) fn is_unnest(function: &Function) -> bool {
    function.is_builtin && function.signature == "unnest(anyarray)"
}

fn unnest<'t>(env: &Env<'_, 't>, arguments: &[&'t Node<'t>]) -> Verdict {
    match arguments {
        [array] => elements::verdict(env, array),
        _ => Verdict::nullable("an element may be null", None),
    }
}

/// `x op any (array)`: null when no element decides and one, or `x`, is null.
pub(super) fn array_comparison<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let Some(function) = env.context.called(node) else {
        return Verdict::nullable("its operator is not known", None);
    };
    if !matches!(totality(function), Some(Totality::Always)) {
        return not_total(function);
    }
    let verdict = env.all(node, &["args"]);
    match node.nodes("args").nth(1) {
        Some(array) if !verdict.nullable => {
            let elements = elements::verdict(env, array);
            if elements.nullable { elements } else { verdict }
        }
        _ => verdict,
    }
}

/// XML expressions: some take nulls, the rest are null for null.
pub(super) fn xml<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let parts = ["named_args", "args"];
    match node.number("op") {
        Some(xml::ELEMENT) => Verdict::not_null("an XML element is never null", None),
        Some(xml::CONCAT | xml::FOREST) => {
            let some = parts
                .iter()
                .any(|f| node.nodes(f).any(|a| env.is_not_null(a)));
            if some {
                Verdict::not_null("one of its parts is not null", None)
            } else {
                Verdict::nullable("all of its parts may be null", None)
            }
        }
        Some(xml::PARSE | xml::SERIALIZE | xml::IS_DOCUMENT) => match node.nodes("args").next() {
            Some(argument) => env.verdict(argument),
            None => Verdict::nullable("its argument is not known", None),
        },
        _ => env.all(node, &parts),
    }
}

/// SQL/JSON constructors (`JsonConstructorType`), which may be cast to another type.
pub(super) fn json_constructor<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    const OBJECT: i64 = 1;
    const ARRAY: i64 = 2;
    let cast = node.node("coercion");
    if cast.is_some_and(|cast| !keeps_not_null(env, cast)) {
        return Verdict::nullable("what it is cast by can give null", None);
    }
    match (node.number("type"), node.node("func")) {
        (Some(OBJECT | ARRAY), _) => Verdict::not_null("a JSON constructor is never null", None),
        (_, Some(function)) => env.verdict(function),
        _ => env.all(node, &["args"]),
    }
}

/// SQL/JSON query functions (`JsonExprOp`): only JSON_EXISTS decides, unless its error is UNKNOWN.
pub(super) fn json_query<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    const EXISTS: i64 = 0;
    const FALSE_ON_ERROR: i64 = 4;
    const TRUE_ON_ERROR: i64 = 3;
    const ERROR_ON_ERROR: i64 = 1;
    let decides = node.number("op") == Some(EXISTS)
        && node.node("on_error").is_some_and(|behavior| {
            matches!(
                behavior.number("btype"),
                Some(FALSE_ON_ERROR | TRUE_ON_ERROR | ERROR_ON_ERROR)
            )
        });
    if !decides {
        return Verdict::nullable("the path may find nothing", None);
    }
    let mut needed = vec!["formatted_expr", "path_spec"];
    needed.retain(|field| node.node(field).is_some());
    for field in needed {
        let verdict = env.through(node, field);
        if verdict.nullable {
            return verdict;
        }
    }
    env.all(node, &["passing_values"])
}
