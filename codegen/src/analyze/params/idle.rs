//! Arguments for which null is what another value is as well: an empty text, an empty array, false, a setting's default. It has no
//! meaning of its own, and who passes a parameter there always has a value.

use crate::catalog::Function;

/// Whether null at this position of a built-in function has no meaning of its own, though the function is called with it.
pub(super) fn is_idle(function: &Function, position: usize) -> bool {
    let name = function.name.name.as_str();
    function.is_builtin()
        && match name {
            "concat" | "array_cat" => true,
            // Elements of an array that is stored as a whole are not null, either.
            "array_append" => position == 1,
            "array_prepend" => position == 0,
            "pg_notify" => position == 1,
            "set_config" => position > 0,
            _ => false,
        }
}
