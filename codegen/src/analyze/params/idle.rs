//! Arguments for which null is what another value is as well: an empty text, an empty array, false, a setting's default, an
//! element like others. It has no meaning of its own, and who passes a parameter there always has a value.

use crate::catalog::Function;

/// Whether null at this position of a built-in function has no meaning of its own, though the function is called with it.
pub(super) fn is_idle(function: &Function, position: usize) -> bool {
    let name = function.name.name.as_str();
    function.is_builtin()
        && match name {
            "concat" | "array_cat" => true,
            // An array that is stored as a whole has no null elements, either.
            "array_prepend" => position == 0,
            "array_append" | "array_position" | "array_positions" | "array_remove" => position == 1,
            "pg_notify" => position == 1,
            "array_replace" | "format" | "set_config" => position > 0,
            _ => false,
        }
}
