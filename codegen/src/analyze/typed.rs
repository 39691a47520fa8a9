//! The type of an expression, like PostgreSQL's `exprType` and `exprTypmod`.

use super::range_table::{self, EntryKind};
use super::scope::Scope;
use crate::catalog::{Catalog, QualifiedName, Type, TypeKind};
use crate::nodes::{oid, sublink, xml};
use crate::tree::Node;

/// A type with its modifier, `-1` for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) oid: u32,
    pub(super) modifier: i32,
}

/// The type of an expression. `None` if it is not known.
pub(super) fn of(catalog: &Catalog, node: &Node<'_>) -> Option<Typed> {
    let (oid, modifier) = match node.tag {
        "VAR" => (node.oid("vartype"), node.number("vartypmod")),
        "CONST" => (node.oid("consttype"), node.number("consttypmod")),
        "PARAM" => (node.oid("paramtype"), node.number("paramtypmod")),
        "FUNCEXPR" => (node.oid("funcresulttype"), None),
        "OPEXPR" | "NULLIFEXPR" => (node.oid("opresulttype"), None),
        "AGGREF" => (node.oid("aggtype"), None),
        "WINDOWFUNC" => (node.oid("wintype"), None),
        "CASEEXPR" => (node.oid("casetype"), None),
        "COALESCEEXPR" => (node.oid("coalescetype"), None),
        "MINMAXEXPR" => (node.oid("minmaxtype"), None),
        "ARRAYEXPR" => (node.oid("array_typeid"), None),
        "ROWEXPR" => (node.oid("row_typeid"), None),
        "SUBSCRIPTINGREF" => (node.oid("refrestype"), node.number("reftypmod")),
        "SQLVALUEFUNCTION" => (node.oid("type"), node.number("typmod")),
        "NEXTVALUEEXPR" | "CASETESTEXPR" => (node.oid("typeId"), node.number("typeMod")),
        "MERGESUPPORTFUNC" => (node.oid("msftype"), None),
        "GROUPINGFUNC" => (oid::INT4, None),
        "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "CONVERTROWTYPEEXPR"
        | "COERCETODOMAIN" | "FIELDSELECT" => (node.oid("resulttype"), node.number("resulttypmod")),
        "JSONCONSTRUCTOREXPR" | "JSONEXPR" => {
            let returning = node.node("returning")?;
            (returning.oid("typid"), returning.number("typmod"))
        }
        "BOOLEXPR" | "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR" | "SCALARARRAYOPEXPR"
        | "ROWCOMPAREEXPR" | "JSONISPREDICATE" => (oid::BOOL, None),
        "XMLEXPR" => return Some(xml(node)),
        "COLLATEEXPR" | "NAMEDARGEXPR" | "PLACEHOLDERVAR" => return of(catalog, node.node("arg")?),
        "SUBLINK" => return sublink(catalog, node),
        _ => return None,
    };
    let modifier = modifier.and_then(|m| i32::try_from(m).ok()).unwrap_or(-1);
    (oid != 0).then_some(Typed { oid, modifier })
}

fn plain(oid: u32) -> Typed {
    Typed { oid, modifier: -1 }
}

fn xml(node: &Node<'_>) -> Typed {
    match node.number("op") {
        Some(xml::IS_DOCUMENT) => plain(oid::BOOL),
        Some(xml::SERIALIZE) => plain(node.oid("type")),
        _ => plain(oid::XML),
    }
}

fn sublink(catalog: &Catalog, node: &Node<'_>) -> Option<Typed> {
    let column = || of_output(catalog, node.node("subselect")?, 1);
    match node.number("subLinkType")? {
        sublink::EXPR => column(),
        sublink::ARRAY => {
            let element = &catalog.type_by_oid(column()?.oid)?.name;
            let array = catalog
                .types
                .iter()
                .find(|ty| matches!(&ty.kind, TypeKind::Array { element: e } if e == element))?;
            Some(plain(array.oid))
        }
        _ => Some(plain(oid::BOOL)),
    }
}

/// The type of a query's result column.
pub(super) fn of_output(catalog: &Catalog, query: &Node<'_>, column: i64) -> Option<Typed> {
    match query.node("setOperations") {
        Some(operation) => of_set_operation(operation, column),
        None => of(catalog, range_table::output_expression(query, column)?),
    }
}

/// The type of a column of a set operation, to which it casts those of its arms.
pub(super) fn of_set_operation(operation: &Node<'_>, column: i64) -> Option<Typed> {
    listed(operation, "colTypes", "colTypmods", column)
}

/// The type of the elements of an array, or of a domain over one.
pub(super) fn element(catalog: &Catalog, array: u32) -> Option<u32> {
    match &base(catalog, array)?.kind {
        TypeKind::Array { element } => Some(catalog.type_(element)?.oid),
        _ => None,
    }
}

/// The type of a column of a range table entry other than a table.
pub(super) fn of_column(
    scope: &Scope<'_>,
    catalog: &Catalog,
    number: usize,
    column: i64,
) -> Option<Typed> {
    let entry = scope.entry(number)?;
    match range_table::kind(entry) {
        EntryKind::Subquery => of_output(catalog, entry.node("subquery")?, column),
        EntryKind::Join | EntryKind::Group => of(catalog, range_table::aliased(entry, column)?),
        _ => listed(entry, "coltypes", "coltypmods", column),
    }
}

fn listed(node: &Node<'_>, types: &str, modifiers: &str, column: i64) -> Option<Typed> {
    let place = usize::try_from(column).ok()?.checked_sub(1)?;
    let number = |list: &str| node.list(list).get(place)?.number();
    Some(Typed {
        oid: u32::try_from(number(types)?).ok()?,
        modifier: number(modifiers)
            .and_then(|m| i32::try_from(m).ok())
            .unwrap_or(-1),
    })
}

/// The domain of an expression's value; the server describes only its base type.
pub(super) fn domain(catalog: &Catalog, expression: &Node<'_>) -> Option<QualifiedName> {
    let ty = catalog.type_by_oid(of(catalog, expression)?.oid)?;
    matches!(ty.kind, TypeKind::Domain { .. }).then(|| ty.name.clone())
}

/// The base type of a domain, or the type itself.
pub(super) fn base(catalog: &Catalog, oid: u32) -> Option<&Type> {
    let mut ty = catalog.type_by_oid(oid);
    while let Some(Type {
        kind: TypeKind::Domain { base, .. },
        ..
    }) = ty
    {
        ty = catalog.type_(base);
    }
    ty
}

/// An expression without the casts around it.
pub(super) fn uncast<'t>(node: &'t Node<'t>) -> &'t Node<'t> {
    match node.tag {
        "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" | "COERCETODOMAIN"
        | "NAMEDARGEXPR" => node.node("arg").map_or(node, uncast),
        _ => node,
    }
}
