//! When a value is the same in all rows of a query: the types whose equal values are identical, and what a query or
//! function in FROM depends on.

use super::context::Context;
use crate::catalog::{Function, TypeKind};
use crate::nodes::{Reference, function_of, lock_strength, lock_wait, oid, sublink};
use crate::tree::Node;

/// The built-in types whose equal values are identical. This is not true for `numeric` (scale), `float8` (zeros),
/// `interval` (days and months), `bpchar` (blanks), `citext` (case) and types that contain them.
const SAME_IF_EQUAL: [u32; 15] = [
    oid::BOOL,
    oid::BYTEA,
    oid::CHAR,
    oid::NAME,
    oid::INT8,
    oid::INT2,
    oid::INT4,
    oid::TEXT,
    oid::OID,
    oid::VARCHAR,
    oid::DATE,
    oid::TIME,
    oid::TIMESTAMP,
    oid::TIMESTAMPTZ,
    oid::UUID,
];

/// Whether equal values of the type are identical.
pub(super) fn equal_is_same(context: &Context<'_>, oid: u32) -> bool {
    let oid = context.base_type(oid);
    SAME_IF_EQUAL.contains(&oid) || is_enum(context, oid)
}

fn is_enum(context: &Context<'_>, oid: u32) -> bool {
    let ty = context.catalog.type_by_oid(oid);
    ty.is_some_and(|ty| matches!(ty.kind, TypeKind::Enum { .. }))
}

/// The built-in casts to a wider type, which keep different values different.
pub(super) const WIDENING: [&str; 10] = [
    "float4(int2)",
    "float8(int2)",
    "float8(int4)",
    "int4(int2)",
    "int8(int2)",
    "int8(int4)",
    "numeric(int2)",
    "numeric(int4)",
    "numeric(int8)",
    "timestamp(date)",
];

/// Whether equal values of the type are written as the same text, and others as others, whatever the settings are.
pub(super) fn is_written_in_one_way(context: &Context<'_>, ty: u32) -> bool {
    oid::INTEGERS.contains(&ty) || matches!(ty, oid::OID | oid::UUID) || is_enum(context, ty)
}

/// Whether the expression had the same result when the row was written: a user-defined function may have been replaced
/// since.
pub(super) fn is_lasting(context: &Context<'_>, node: &Node<'_>) -> bool {
    let is_known = |oid| {
        context
            .function(oid)
            .is_some_and(Function::has_known_identity)
    };
    function_of(node).is_none_or(is_known)
        && node.children().all(|child| is_lasting(context, child))
}

/// Whether a subquery in an expression is EXISTS, one value, or an array: no outer expression is compared with its
/// rows.
pub(super) fn is_plain(sublink: &Node<'_>) -> bool {
    matches!(
        sublink.number("subLinkType"),
        Some(sublink::EXISTS | sublink::EXPR | sublink::ARRAY)
    )
}

/// Whether PostgreSQL evaluates a plain subquery once for all rows: it does if the subquery does not refer to them,
/// even if it calls volatile functions or locks rows.
pub(super) fn is_evaluated_once(sublink: &Node<'_>) -> bool {
    let query = sublink.node("subselect");
    query.is_some_and(|query| !refers_out(query, 0))
}

/// Whether an expression `depth` queries deep refers to a column of a query outside of these.
pub(super) fn refers_out(node: &Node<'_>, depth: i64) -> bool {
    let levels = match node.tag {
        "VAR" => node.number("varlevelsup"),
        "AGGREF" | "GROUPINGFUNC" => node.number("agglevelsup"),
        _ => None,
    };
    let depth = depth + i64::from(node.tag == "QUERY");
    levels.is_some_and(|levels| levels >= depth)
        || node.children().any(|child| refers_out(child, depth))
}

/// A column, and its type.
pub(super) type Typed = ((usize, i64), u32);

/// The columns of the outer query that a range table entry or a subquery depends on. `None` if its rows can be
/// different each time.
pub(super) fn depends_on(context: &Context<'_>, inner: &Node<'_>) -> Option<Vec<Typed>> {
    let mut out = Vec::new();
    collect(context, inner, 0, &mut out)?;
    Some(out)
}

/// Collects at `depth` queries below the current one.
fn collect(
    context: &Context<'_>,
    node: &Node<'_>,
    depth: usize,
    out: &mut Vec<Typed>,
) -> Option<()> {
    // Each sample is different, and so may be another server's rows.
    let varies = match node.tag {
        "NEXTVALUEEXPR" | "TABLESAMPLECLAUSE" => true,
        "ROWMARKCLAUSE" => !keeps_rows(node),
        _ => false,
    };
    if varies || context.is_volatile(node) || context.catalog.is_foreign(node.oid("relid")) {
        return None;
    }
    if let Some(to) = Reference::of(node).filter(|to| to.levels == depth) {
        out.push(((to.entry, to.column), node.oid("vartype")));
    }
    let depth = depth + usize::from(node.tag == "QUERY");
    node.children()
        .try_for_each(|child| collect(context, child, depth, out))
}

/// Whether a lock leaves a query the same rows each time that it is evaluated: once it has waited for the newest
/// version of a row, nobody else can change that. KEY SHARE lets others change what is no key, and what SKIP LOCKED
/// finds depends on when it looks.
fn keeps_rows(lock: &Node<'_>) -> bool {
    use lock_strength::{FOR_NO_KEY_UPDATE, FOR_SHARE, FOR_UPDATE};
    let excludes_changes = matches!(
        lock.number("strength"),
        Some(FOR_SHARE | FOR_NO_KEY_UPDATE | FOR_UPDATE)
    );
    let skips_none = matches!(
        lock.number("waitPolicy"),
        Some(lock_wait::BLOCK | lock_wait::ERROR)
    );
    excludes_changes && skips_none
}
