//! Common verdicts on the fields of several values: the branches of a CASE, the elements of an array, the rows of
//! VALUES.

use super::of;
use crate::analyze::constants;
use crate::analyze::env::Env;
use crate::analyze::range_table::Source;
use crate::analyze::verdict::FieldVerdict;
use crate::tree::Node;

/// The functions that construct arrays.
pub(super) fn of_array_function<'t>(
    env: &Env<'_, 't>,
    node: &'t Node<'t>,
) -> Option<Vec<FieldVerdict>> {
    let function = env.context.called(node);
    let function = function.filter(|f| f.is_builtin)?;
    match function.name.name.as_str() {
        "array_cat" | "array_append" | "array_prepend" => same_in_all(env, node.nodes("args")),
        "array_remove" | "trim_array" | "unnest" => of(env, node.nodes("args").next()?),
        _ => None,
    }
}

/// The common verdicts of all these values.
pub(super) fn same_in_all<'t>(
    env: &Env<'_, 't>,
    values: impl Iterator<Item = &'t Node<'t>>,
) -> Option<Vec<FieldVerdict>> {
    of_all(values.map(|value| (env.clone(), value)))
}

/// The common verdicts of all these values, each in its environment. The null constant and the empty array have no
/// fields.
pub(super) fn of_all<'a, 't: 'a>(
    values: impl Iterator<Item = Source<'a, 't>>,
) -> Option<Vec<FieldVerdict>> {
    let mut values = values.filter(|(_, value)| !constants::is_null_or_empty_array(value));
    let (env, first) = values.next()?;
    let first = of(&env, first)?;
    values.try_fold(first, |known, (env, value)| both(known, of(&env, value)?))
}

/// The common verdicts of both. `None` if they have different shapes.
fn both(one: Vec<FieldVerdict>, other: Vec<FieldVerdict>) -> Option<Vec<FieldVerdict>> {
    if one.len() != other.len() {
        return None;
    }
    one.into_iter()
        .zip(other)
        .map(|(a, b)| {
            let reason = if b.nullable && !a.nullable {
                b.reason
            } else {
                a.reason
            };
            (a.ty == b.ty).then(|| FieldVerdict {
                modifier: if a.modifier == b.modifier {
                    a.modifier
                } else {
                    -1
                },
                nullable: a.nullable || b.nullable,
                element_nullable: a.element_nullable || b.element_nullable,
                fields: both(a.fields, b.fields).unwrap_or_default(),
                column: a.column.filter(|column| b.column.as_ref() == Some(column)),
                name: a.name,
                ty: a.ty,
                reason,
            })
        })
        .collect()
}
