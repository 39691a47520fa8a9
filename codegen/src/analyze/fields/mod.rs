//! The fields of composite values: which fields an anonymous record has, and which fields can be null.
//!
//! A verdict is about a value that is not null itself. A type alone promises nothing about its fields: PostgreSQL does
//! not enforce a table's NOT NULL for other values of its row type. Only a row that comes from the table, or that the
//! query constructs, is known.

mod common;
mod rows;

use super::case;
use super::elements;
use super::env::Env;
use super::range_table::{self, Source};
use super::reason::Verdict;
use super::typed::{self, Typed};
use super::verdict::FieldVerdict;
use crate::catalog::{Catalog, QualifiedName, Type, TypeKind};
use crate::nodes::{param, sublink};
use crate::tree::{Node, Value};

/// The fields of a composite expression, or of an array's composite elements. `None` if they are not known.
pub(super) fn of<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<Vec<FieldVerdict>> {
    match node.tag {
        "ROWEXPR" => constructed(env, node),
        "PARAM" => of_param(env, node),
        "VAR" if node.number("varattno") == Some(0) => rows::whole_row(env, node),
        "VAR" => {
            let (here, entry, column) = env.referred(node)?;
            of_column(&here, entry, column)
        }
        "ARRAYEXPR" => common::same_in_all(env, node.nodes("elements")),
        "COALESCEEXPR" | "MINMAXEXPR" => common::same_in_all(env, node.nodes("args")),
        "CASEEXPR" => common::of_all(case::results(env, node)?),
        "SUBLINK"
            if matches!(
                node.number("subLinkType"),
                Some(sublink::EXPR | sublink::ARRAY)
            ) =>
        {
            let scope = env.context.child(&env.scope, node.node("subselect")?);
            common::of_all(range_table::outputs(&env.at(&scope), 1)?.into_iter())
        }
        "AGGREF" | "WINDOWFUNC" => {
            let (inside, argument) = elements::aggregated(env, node)?;
            of(&inside, argument)
        }
        "RELABELTYPE" | "COERCETODOMAIN" | "COLLATEEXPR" => of(env, node.node("arg")?),
        "SUBSCRIPTINGREF" if node.node("refassgnexpr").is_none() => of(env, node.node("refexpr")?),
        "FIELDSELECT" => Some(selected(env, node)?.fields),
        "NULLIFEXPR" => of(env, node.nodes("args").next()?),
        "FUNCEXPR" | "OPEXPR" => common::of_array_function(env, node),
        _ => None,
    }
    .filter(|fields| !fields.is_empty())
}

/// The fields of the composite values of an entry's column.
fn of_column(env: &Env<'_, '_>, entry: usize, column: i64) -> Option<Vec<FieldVerdict>> {
    let fields = |sources: Vec<Source<'_, '_>>| common::of_all(sources.into_iter());
    range_table::judged(env, entry, column, |outputs| &outputs.fields, fields)
}

/// The fields of a composite expression that are not null, as bits for the analysis of a function's body.
pub(super) fn not_null<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> u64 {
    let fields = of(env, node).unwrap_or_default();
    let bits = (0..64).zip(fields).filter(|(_, field)| !field.nullable);
    bits.fold(0, |known, (bit, _)| known | (1 << bit))
}

/// The fields of a row that a function's body is called with.
fn of_param(env: &Env<'_, '_>, node: &Node<'_>) -> Option<Vec<FieldVerdict>> {
    let place = param(node)?;
    let known = env.context.params.get(place - 1)?.not_null_fields;
    let TypeKind::Composite { fields } =
        &env.context.catalog.type_by_oid(node.oid("paramtype"))?.kind
    else {
        return None;
    };
    let verdicts = fields.iter().enumerate().map(|(place, field)| {
        let bits = u32::try_from(place).ok().and_then(|n| known.checked_shr(n));
        let verdict = match bits {
            Some(bits) if bits & 1 == 1 => Verdict::not_null("the field given is not null", None),
            _ => Verdict::nullable("the field given may be null", None),
        };
        FieldVerdict {
            name: field.name.clone(),
            ty: field.ty.clone(),
            modifier: field.modifier,
            nullable: verdict.nullable,
            element_nullable: true,
            fields: Vec::new(),
            column: None,
            reason: verdict.reason,
        }
    });
    (known != 0).then(|| verdicts.collect())
}

/// The fields of a result column of the environment's query, if they tell more than its type.
pub(super) fn of_output(env: &Env<'_, '_>, column: i64, ty: u32) -> Vec<FieldVerdict> {
    let catalog = env.context.catalog;
    let Some(ty) = catalog.type_by_oid(ty).filter(|ty| has_fields(catalog, ty)) else {
        return Vec::new();
    };
    let sources = range_table::outputs(env, column);
    let fields = sources.and_then(|sources| common::of_all(sources.into_iter()));
    worth_saying(catalog, &ty.name, fields.unwrap_or_default())
}

/// Whether the type is, or can be, a composite type or a domain over one.
pub(super) fn is_composite(catalog: &Catalog, oid: u32) -> bool {
    typed::base(catalog, oid).is_none_or(|ty| match ty.kind {
        TypeKind::Composite { .. } => true,
        TypeKind::Pseudo => ty.name == QualifiedName::builtin("record"),
        _ => false,
    })
}

/// Whether the type is a composite type or an array of one.
fn has_fields(catalog: &Catalog, ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Composite { .. } => true,
        TypeKind::Pseudo => ["record", "_record"].contains(&ty.name.name.as_str()),
        TypeKind::Array { element } => catalog
            .type_(element)
            .is_some_and(|e| has_fields(catalog, e)),
        TypeKind::Domain { base, .. } => {
            catalog.type_(base).is_some_and(|b| has_fields(catalog, b))
        }
        _ => false,
    }
}

/// The field that a `FIELDSELECT` selects.
pub(super) fn selected<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<FieldVerdict> {
    let arg = node.node("arg")?;
    let catalog = env.context.catalog;
    let fields = of(env, arg)?;
    let place = place(
        catalog,
        typed::of(catalog, arg)?.oid,
        node.number("fieldnum")?,
    )?;
    fields.into_iter().nth(place)
}

/// The index of the field with this number: dropped fields leave gaps in the numbers.
pub(super) fn place(catalog: &Catalog, ty: u32, number: i64) -> Option<usize> {
    match &catalog.type_by_oid(ty)?.kind {
        TypeKind::Composite { fields } => fields.iter().position(|f| i64::from(f.number) == number),
        TypeKind::Domain { base, .. } => place(catalog, catalog.type_(base)?.oid, number),
        _ => usize::try_from(number).ok()?.checked_sub(1),
    }
}

/// The fields, if they tell more than the type: those of an anonymous record, and those of a named type if some are not
/// null.
pub(super) fn worth_saying(
    catalog: &Catalog,
    ty: &QualifiedName,
    fields: Vec<FieldVerdict>,
) -> Vec<FieldVerdict> {
    let is_named = match catalog.type_(ty).map(|ty| &ty.kind) {
        Some(TypeKind::Composite { .. }) => true,
        Some(TypeKind::Array { element }) => *element != QualifiedName::builtin("record"),
        _ => false,
    };
    let tells = |field: &FieldVerdict| !field.nullable || !field.fields.is_empty();
    if is_named && !fields.iter().any(tells) {
        return Vec::new();
    }
    fields
}

/// `row(…)`, possibly cast to a named type.
fn constructed<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<Vec<FieldVerdict>> {
    let catalog = env.context.catalog;
    let row_type = node.oid("row_typeid");
    // There is a null in place of a dropped field.
    let values = node.nodes("args").zip(1..);
    let values = values.filter(|(_, number)| place(catalog, row_type, *number).is_some());
    names(catalog, row_type, node.list("colnames"))
        .into_iter()
        .zip(values)
        .map(|(name, (value, _))| {
            let ty = typed::of(catalog, value)?;
            field(env, name, ty, env.verdict(value), &Part::Expression(value))
        })
        .collect()
}

/// The names of the fields, from the type or from the query.
fn names(catalog: &Catalog, ty: u32, given: &[Value<'_>]) -> Vec<String> {
    match catalog.type_by_oid(ty).map(|ty| &ty.kind) {
        Some(TypeKind::Composite { fields }) if !fields.is_empty() => {
            fields.iter().map(|field| field.name.clone()).collect()
        }
        _ => {
            let given = given
                .iter()
                .map(|name| name.text().unwrap_or_default().into_owned());
            given.collect()
        }
    }
}

/// The source of a field, for questions about its own fields.
enum Part<'t> {
    Expression(&'t Node<'t>),
    Column { entry: usize, column: i64 },
}

fn field<'t>(
    env: &Env<'_, 't>,
    name: String,
    ty: Typed,
    verdict: Verdict,
    part: &Part<'t>,
) -> Option<FieldVerdict> {
    let catalog = env.context.catalog;
    let ty_of_field = catalog.type_by_oid(ty.oid)?;
    let name_of_type = ty_of_field.name.clone();
    let composite = has_fields(catalog, ty_of_field);
    let (elements, fields, column) = match part {
        Part::Expression(node) => (
            elements::verdict(env, node),
            of(env, node).filter(|_| composite),
            super::origin(env, node),
        ),
        Part::Column { entry, column } => (
            elements::of_column(env, *entry, *column),
            composite.then(|| of_column(env, *entry, *column)).flatten(),
            super::column_origin(env, *entry, *column),
        ),
    };
    Some(FieldVerdict {
        name,
        modifier: ty.modifier,
        nullable: verdict.nullable,
        element_nullable: super::is_array(catalog, ty.oid) && elements.nullable,
        fields: worth_saying(catalog, &name_of_type, fields.unwrap_or_default()),
        ty: name_of_type,
        column,
        reason: verdict.reason,
    })
}
