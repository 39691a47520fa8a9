//! Facts about an expression that do not depend on the rows.

use crate::nodes::oid;
use crate::tree::{Node, Value};

/// Whether an array has at least one element for all values of the parameters.
pub(super) fn has_elements(array: &Node<'_>) -> bool {
    match array.tag {
        // An array of arrays has no elements if those have none.
        "ARRAYEXPR" => !array.flag("multidims") && !array.list("elements").is_empty(),
        "RELABELTYPE" | "ARRAYCOERCEEXPR" => array.node("arg").is_some_and(has_elements),
        _ => false,
    }
}

/// Whether it is the null constant.
pub(super) fn is_null(node: &Node<'_>) -> bool {
    node.tag == "CONST" && node.flag("constisnull")
}

/// Whether it is a constant other than null.
pub(super) fn is_value(node: &Node<'_>) -> bool {
    node.tag == "CONST" && !node.flag("constisnull")
}

/// Whether it is the null constant, or one of an array without elements (`ArrayType.ndim` is zero).
pub(super) fn is_null_or_empty_array(node: &Node<'_>) -> bool {
    node.tag == "CONST"
        && match node.get("constvalue") {
            Some(Value::Datum(bytes)) => bytes.len() == 16 && bytes.get(4..8) == Some(&[0; 4]),
            _ => true,
        }
}

/// The value of an integer constant, cast to another integer type or not: `limit 1` is cast to `bigint`.
pub(super) fn integer(node: &Node<'_>) -> Option<i64> {
    /// From one integer type to another, which keeps the value or fails.
    const CASTS: [u32; 6] = [313, 314, 480, 481, 714, 754];
    match node.tag {
        "CONST" if oid::INTEGERS.contains(&node.oid("consttype")) => match node.get("constvalue") {
            Some(Value::Datum(bytes)) => match bytes.len() {
                4 => Some(i32::from_le_bytes(bytes[..].try_into().ok()?).into()),
                _ => Some(i64::from_le_bytes(bytes[..].try_into().ok()?)),
            },
            _ => None,
        },
        "FUNCEXPR" if CASTS.contains(&node.oid("funcid")) => integer(node.nodes("args").next()?),
        _ => None,
    }
}

/// The text of a string constant.
pub(super) fn text(node: &Node<'_>) -> Option<String> {
    const VARLENA_HEADER: usize = 4;
    match node.get("constvalue") {
        Some(Value::Datum(bytes)) if node.oid("consttype") == oid::TEXT => {
            String::from_utf8(bytes.get(VARLENA_HEADER..)?.to_vec()).ok()
        }
        _ => None,
    }
}

/// The text of a string or boolean constant.
pub(super) fn word(node: &Node<'_>) -> Option<String> {
    text(node).or_else(|| boolean(node).map(|value| value.to_string()))
}

/// The value of a boolean constant.
pub(super) fn boolean(node: &Node<'_>) -> Option<bool> {
    match node.get("constvalue") {
        Some(Value::Datum(bytes)) if node.oid("consttype") == oid::BOOL => {
            Some(bytes.first() != Some(&0))
        }
        _ => None,
    }
}
