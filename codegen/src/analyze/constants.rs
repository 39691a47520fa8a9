//! What can be read off an expression without knowing anything about the rows.

use crate::tree::{Node, Value};

/// Whether an array has at least one element, whatever the parameters are.
pub(super) fn has_elements(array: &Node<'_>) -> bool {
    match array.tag {
        // An array of arrays has no elements if those have none.
        "ARRAYEXPR" => !array.flag("multidims") && !array.list("elements").is_empty(),
        "RELABELTYPE" | "ARRAYCOERCEEXPR" => array.node("arg").is_some_and(has_elements),
        _ => false,
    }
}

/// Whether it is the null constant, or one of an array without elements (`ArrayType.ndim` is zero).
pub(super) fn is_null_or_empty_array(node: &Node<'_>) -> bool {
    node.tag == "CONST"
        && match node.get("constvalue") {
            Some(Value::Datum(bytes)) => bytes.len() == 16 && bytes.get(4..8) == Some(&[0; 4]),
            _ => true,
        }
}

/// The value of a boolean constant.
pub(super) fn boolean_constant(node: &Node<'_>) -> Option<bool> {
    const BOOL: u32 = 16;
    match node.get("constvalue") {
        Some(Value::Datum(bytes)) if node.oid("consttype") == BOOL => {
            Some(bytes.first() != Some(&0))
        }
        _ => None,
    }
}
