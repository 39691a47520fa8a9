//! Arguments for which null means the same as another value: an empty text, an empty array, false, a setting's default,
//! an ordinary element. Null has no meaning of its own there, so a parameter need not be an `Option`.

use crate::catalog::Function;

/// Whether null at this position of a built-in function has no meaning of its own, although the function is called with
/// it.
pub(super) fn is_idle(function: &Function, position: usize) -> bool {
    let name = function.name.name.as_str();
    function.is_builtin
        && match name {
            "concat" | "array_cat" => true,
            // Consistent with arrays that are stored as a whole, whose elements are not `Option`s.
            "array_prepend" => position == 0,
            "array_append" | "array_position" | "array_positions" | "array_remove" => position == 1,
            "pg_notify" => position == 1,
            "array_replace" | "format" | "set_config" => position > 0,
            _ => false,
        }
}
