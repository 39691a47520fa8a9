//! Calls of functions in SQL and PL/pgSQL: the verdict of the body on the result, given which arguments can be null.

use std::rc::Rc;

use super::context::{Context, ParamNulls};
use super::env::Env;
use super::facts::Facts;
use super::reason::Verdict;
use super::rows::{self, Rows};
use super::verdict::Reason;
use super::{elements, fields, params, range_table, statement, typed};
use crate::catalog::{Catalog, Function, TypeKind};
use crate::nodes::{function_of, oid};
use crate::tree::{self, Arena, Node, Value};

/// The result of a body.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) columns: Vec<Verdict>,
    /// Whether its one column is a whole row, whose fields the caller sees.
    pub(super) is_row: bool,
    pub(super) rows: Rows,
}

impl Body {
    /// The result if it can be either of the two.
    fn or(self, other: Self) -> Self {
        let columns = self.columns.into_iter().zip(other.columns);
        Self {
            columns: columns
                .map(|(one, other)| if one.nullable { one } else { other })
                .collect(),
            is_row: self.is_row || other.is_row,
            rows: match self.rows {
                Rows::One(_) => other.rows,
                rows => rows,
            },
        }
    }
}

/// For an argument of which nothing is known.
const UNKNOWN: ParamNulls = ParamNulls {
    value: true,
    elements: true,
    not_null_fields: 0,
};

/// The result of the called function's body for these arguments. `None` if the body is not known.
pub(super) fn of_call<'t>(
    env: &Env<'_, 't>,
    function: &Function,
    call: &'t Node<'t>,
) -> Option<Rc<Body>> {
    // A `void` function in SQL returns null.
    if function.result == oid::VOID || env.context.is_stored {
        return None;
    }
    let mut arguments = arguments(env, function, call);
    for (argument, is_kept) in arguments.iter_mut().zip(function.kept_arguments()) {
        if !is_kept {
            *argument = UNKNOWN;
        }
    }
    of(env.context, function_of(call)?, function, arguments)
}

/// Whether the function is called at all: a strict one is not called with a null.
pub(super) fn is_called<'t>(env: &Env<'_, 't>, function: &Function, call: &'t Node<'t>) -> bool {
    let mut arguments = call.nodes("args");
    !function.strict
        || call.list("args").len() == function.arguments.len()
            && arguments.all(|argument| env.is_not_null(argument))
}

/// The arguments of the call in the function's order. Nothing is known of the defaults of arguments that are left out.
fn arguments<'t>(env: &Env<'_, 't>, function: &Function, call: &'t Node<'t>) -> Vec<ParamNulls> {
    let mut nulls = vec![UNKNOWN; function.arguments.len()];
    for (place, argument) in call.nodes("args").enumerate() {
        if let Some(known) = nulls.get_mut(place_of(argument, place)) {
            // A strict function is not called with a null.
            known.value = !function.strict && !env.is_not_null(argument);
            known.elements = elements::verdict(env, argument).nullable;
            known.not_null_fields = fields::not_null(env, argument);
        }
    }
    if function.strict {
        nulls.iter_mut().for_each(|argument| argument.value = false);
    }
    nulls
}

/// The place in the function of a call's argument: its own place, unless it is named.
pub(super) fn place_of(argument: &Node<'_>, place: usize) -> usize {
    let named = argument
        .number("argnumber")
        .filter(|_| argument.tag == "NAMEDARGEXPR");
    named
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or(place)
}

/// The argument of a call for the function's argument at a place, if there is one.
pub(super) fn argument_at<'t>(arguments: &[&'t Node<'t>], place: usize) -> Option<&'t Node<'t>> {
    let mut places = arguments.iter().enumerate();
    let (_, argument) = places.find(|(at, argument)| place_of(argument, *at) == place)?;
    match argument.tag {
        "NAMEDARGEXPR" => argument.node("arg"),
        _ => Some(argument),
    }
}

/// The verdict on the expression of a generated column, which is a query of one column. The expression of a virtual
/// column calls no user-defined function.
pub(super) fn of_generated(context: &Context<'_>, tree: &str) -> Option<Verdict> {
    let arena = Arena::new();
    let tree = tree::read(tree, &arena).ok()?;
    let mut inner = Context::new(context.catalog, &arena, Vec::new());
    inner.is_stored = true;
    let query = statement(&tree)?;
    Some(Env::new(&inner, inner.root(query), &Facts::default()).output(1))
}

/// For each argument, whether the function's body tests if it, or an element of it, is null. `None` if the body is not
/// known.
pub(super) fn asks_about_null(
    context: &Context<'_>,
    oid: u32,
    function: &Function,
) -> Option<Vec<ParamNulls>> {
    if context.calling.contains(&oid) || function.is_procedural() {
        return None;
    }
    let mut nulls = None;
    for tree in &function.trees {
        let arena = Arena::new();
        let tree = tree::read(tree, &arena).ok()?;
        let inner = inside(context, &arena, oid, Vec::new());
        let root = inner.root(statement(&tree)?);
        let uses = params::uses(&inner, &root, function.arguments.len());
        let known = nulls.get_or_insert_with(|| vec![ParamNulls::default(); uses.len()]);
        for (known, found) in known.iter_mut().zip(uses) {
            known.value |= found.nulls.value;
            known.elements |= found.nulls.elements;
        }
    }
    nulls
}

/// The context of the body of the function `oid`.
fn inside<'c: 't, 't>(
    caller: &Context<'c>,
    arena: &'t Arena,
    oid: u32,
    params: Vec<ParamNulls>,
) -> Context<'t> {
    let mut context = Context::new(caller.catalog, arena, params);
    context.calling.clone_from(&caller.calling);
    context.calling.push(oid);
    context
}

/// The result of the body if these arguments can be null. `None` for a body that calls itself.
fn of(
    context: &Context<'_>,
    oid: u32,
    function: &Function,
    nulls: Vec<ParamNulls>,
) -> Option<Rc<Body>> {
    if context.calling.contains(&oid) {
        return None;
    }
    let key = (oid, nulls);
    if let Some(known) = context.bodies.borrow().get(&key) {
        return known.clone();
    }
    let returned = match function.is_procedural() {
        true => &function.trees[..],
        false => function.trees.last().map_or(&[][..], std::slice::from_ref),
    };
    let bodies = returned.iter().map(|tree| {
        let arena = Arena::new();
        let tree = tree::read(tree, &arena).ok()?;
        work_out(context, &arena, oid, &tree, key.1.clone())
    });
    let bodies: Option<Vec<Body>> = bodies.collect();
    let body = bodies.and_then(|bodies| bodies.into_iter().reduce(Body::or));
    let body = body.map(
        |body| match function.is_procedural() && function.returns_set {
            true => Rc::new(Body {
                rows: Rows::Many("it may return rows many times".to_owned()),
                ..body
            }),
            false => Rc::new(body),
        },
    );
    context.bodies.borrow_mut().insert(key, body.clone());
    body
}

fn work_out(
    caller: &Context<'_>,
    arena: &Arena,
    oid: u32,
    tree: &Value<'_>,
    nulls: Vec<ParamNulls>,
) -> Option<Body> {
    let context = inside(caller, arena, oid, nulls);
    let query = statement(tree)?;
    let env = Env::new(&context, context.root(query), &Facts::default());
    let outputs = range_table::output_list(query).count();
    let declared = declared(context.catalog, context.function(oid)?, outputs);
    let columns = (1..).zip(0..outputs).map(|(column, place)| {
        let given = typed::of_output(context.catalog, query, column);
        let is_kept = given
            .zip(declared.get(place))
            .is_some_and(|(given, declared)| {
                given.oid == oid::RECORD || context.cast_keeps_null_out(given.oid, *declared)
            });
        let verdict = match is_kept {
            true => env.output(column),
            false => Verdict::nullable("what it gives is cast, which can give null", None),
        };
        // The position would be one in the function's body.
        Verdict {
            nullable: verdict.nullable,
            reason: Reason::new(verdict.reason.text, None),
        }
    });
    Some(Body {
        columns: columns.collect(),
        is_row: typed::of_output(context.catalog, query, 1)
            .is_none_or(|ty| fields::is_composite(context.catalog, ty.oid)),
        rows: rows::of(&env),
    })
}

/// The declared types of the result columns of a function whose body has `outputs` columns.
fn declared(catalog: &Catalog, function: &Function, outputs: usize) -> Vec<u32> {
    match typed::base(catalog, function.result).map(|ty| &ty.kind) {
        _ if outputs == 1 => vec![function.result],
        Some(TypeKind::Composite { fields }) => {
            let types = fields.iter().map(|field| catalog.type_(&field.ty));
            types.map(|ty| ty.map_or(0, |ty| ty.oid)).collect()
        }
        _ => function.output_types.clone(),
    }
}
