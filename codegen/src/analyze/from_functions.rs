//! Functions in FROM: their columns and their rows.

use super::env::Env;
use super::logic::returns_set;
use super::reason::Verdict;
use super::rows::Rows;
use super::{bodies, elements, fields, functions, range_table, total, typed};
use crate::catalog::{Function, TypeKind};
use crate::tree::Node;

/// A column of a function in FROM.
pub(super) fn column<'t>(env: &Env<'_, 't>, entry: &'t Node<'t>, column: i64) -> Verdict {
    let functions: Vec<_> = entry.nodes("functions").collect();
    let mut place = column - 1;
    for item in &functions {
        let columns = item.number("funccolcount").unwrap_or(0);
        if place >= columns {
            place -= columns;
            continue;
        }
        if functions.len() > 1 {
            return Verdict::nullable(
                "the shorter of several functions side by side is filled up with nulls",
                None,
            );
        }
        let Some(call) = item.node("funcexpr") else {
            break;
        };
        return from_call(env, call, columns, place + 1);
    }
    if entry.flag("funcordinality") && place == 0 {
        return Verdict::not_null("the ordinality is never null", None);
    }
    Verdict::nullable("its function is not known", None)
}

/// A field of the row, or of each row, that a function call returns: a call in an expression, or one that a column
/// comes from. This says nothing about the row itself.
pub(super) fn field<'t>(env: &Env<'_, 't>, row: &'t Node<'t>, number: i64) -> Option<Verdict> {
    match row.tag {
        "FUNCEXPR" => field_of_call(env, row, number),
        "VAR" => {
            let (here, entry, column) = env.referred(row)?;
            let sources = range_table::sources(&here, entry, column)?.into_iter();
            let fields = sources.map(|(env, source)| field(&env, source, number));
            let fields = fields.collect::<Option<Vec<_>>>()?;
            fields.into_iter().max_by_key(|field| field.nullable)
        }
        _ => None,
    }
}

fn field_of_call<'t>(env: &Env<'_, 't>, call: &'t Node<'t>, number: i64) -> Option<Verdict> {
    let function = env.context.called(call)?;
    let place = fields::place(env.context.catalog, call.oid("funcresulttype"), number)?;
    let columns = function.output_names.len();
    known_column(function, place).or_else(|| column_by_body(env, function, call, columns, place))
}

/// The column with this number, of a function call with `columns` columns.
fn from_call<'t>(env: &Env<'_, 't>, node: &'t Node<'t>, columns: i64, number: i64) -> Verdict {
    let function = match node.tag {
        "FUNCEXPR" => env.context.function(node.oid("funcid")),
        _ => None,
    };
    let Some(function) = function else {
        // Not every function in FROM is a function call: a constant or `current_user` is a row of one column.
        return if columns == 1 && node.tag != "FUNCEXPR" && !is_row(env, node) {
            env.verdict(node)
        } else {
            Verdict::nullable("its function is not known", None)
        };
    };
    // The result type of this call, not of the function: that of `unnest` is `anyelement`.
    let ty = node.oid("funcresulttype");
    if fields::is_composite(env.context.catalog, ty) || function.output_names.len() > 1 {
        let columns = usize::try_from(columns).unwrap_or(0);
        let known = fields::place(env.context.catalog, ty, number).and_then(|place| {
            known_column(function, place)
                .filter(|_| function.returns_set || bodies::is_called(env, function, node))
                .or_else(|| unnested_field(env, function, node, place))
                .or_else(|| column_by_body(env, function, node, columns, place))
        });
        return known.unwrap_or_else(|| functions::not_total(function));
    }
    functions::call(env, node)
}

/// The verdict on column `place` of a function's rows, if it is known to be never null.
fn known_column(function: &Function, place: usize) -> Option<Verdict> {
    let extension = function.extension.as_deref();
    let columns = total::output_columns(extension, &function.signature)
        .filter(|_| function.has_known_identity())?;
    (columns.get(place) == Some(&true)).then(|| {
        let name = &function.name.name;
        Verdict::not_null(format!("`{name}` never gives null there"), None)
    })
}

/// Column `place` of `unnest` over an array of composites, which are not null.
fn unnested_field<'t>(
    env: &Env<'_, 't>,
    function: &Function,
    node: &'t Node<'t>,
    place: usize,
) -> Option<Verdict> {
    let array = node
        .nodes("args")
        .next()
        .filter(|_| functions::is_unnest(function))?;
    if elements::verdict(env, array).nullable {
        return None;
    }
    let field = fields::of(env, array)?.into_iter().nth(place)?;
    Some(Verdict {
        nullable: field.nullable,
        reason: field.reason,
    })
}

/// Column `place` of the rows of a SQL function. They have `columns` columns if the type does not tell the number.
fn column_by_body<'t>(
    env: &Env<'_, 't>,
    function: &Function,
    call: &'t Node<'t>,
    columns: usize,
    place: usize,
) -> Option<Verdict> {
    let body = bodies::of_call(env, function, call)?;
    // A function that is not called, or finds nothing, returns a row of nulls, unless it can return no row.
    let has_row = function.returns_set
        || matches!(body.rows, Rows::One(_)) && bodies::is_called(env, function, call);
    let ty = typed::base(env.context.catalog, call.oid("funcresulttype"))?;
    let columns = match &ty.kind {
        TypeKind::Composite { fields } => fields.len(),
        _ => columns,
    };
    let is_row = body.is_row && body.columns.len() == 1;
    let same_shape = body.columns.len() == columns && !is_row;
    (has_row && same_shape)
        .then(|| body.columns.get(place))?
        .map(|column| column.inside(&function.name.name))
}

/// Whether an expression in FROM that is no function call can be a row, whose fields are the columns.
fn is_row(env: &Env<'_, '_>, node: &Node<'_>) -> bool {
    typed::of(env.context.catalog, node)
        .is_none_or(|ty| fields::is_composite(env.context.catalog, ty.oid))
}

/// The number of rows of a function in FROM.
pub(super) fn rows<'t>(env: &Env<'_, 't>, entry: &'t Node<'t>) -> Rows {
    let name = range_table::name(entry);
    let calls: Vec<_> = entry
        .nodes("functions")
        .map(|f| f.node("funcexpr"))
        .collect();
    if let [Some(call)] = calls[..]
        && call.flag("funcretset")
        && let Some(function) = env.context.called(call)
        && let Some(body) = bodies::of_call(env, function, call)
    {
        let rows = body.rows.clone().inside(&name);
        return match bodies::is_called(env, function, call) {
            true => rows,
            false => rows.or_none("it is not called with null"),
        };
    }
    match calls.iter().any(|call| call.is_none_or(returns_set)) {
        true => Rows::Many(format!("`{name}` returns a set")),
        false => Rows::One(format!("`{name}` returns one row")),
    }
}
