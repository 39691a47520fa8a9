//! What PostgreSQL's nodes hold: a thin layer of types and names over [`tree`](crate::tree), which knows no node by name.
//!
//! What a number or a field means is said here once; what follows from it for a query is the analysis' matter.

mod boolean_test;
mod numbers;
mod reference;

use crate::tree::Node;

pub(crate) use boolean_test::BooleanTest;
pub(crate) use numbers::{
    grouping_set, join, lock_strength, lock_wait, null_test, oid, param_kind, set_operation,
    setting, sublink, xml,
};
pub(crate) use reference::{Reference, Version};

/// The function that a call or an operator is of.
pub(crate) fn function_of(node: &Node<'_>) -> Option<u32> {
    match node.tag {
        "FUNCEXPR" => Some(node.oid("funcid")),
        "OPEXPR" | "SCALARARRAYOPEXPR" | "DISTINCTEXPR" | "NULLIFEXPR" => {
            Some(node.oid("opfuncid"))
        }
        _ => None,
    }
}

/// The number of a query's parameter, or of a function's argument, that a `PARAM` is.
pub(crate) fn param(node: &Node<'_>) -> Option<usize> {
    node.index("paramid")
        .filter(|_| node.number("paramkind") == Some(param_kind::EXTERN))
}
