//! What PostgreSQL's nodes hold: a thin layer of types and names over [`tree`](crate::tree), which knows no node by name.
//!
//! What a number or a field means is said here once; what follows from it for a query is the analysis' matter.

mod boolean_test;
mod numbers;

use crate::tree::Node;

pub(crate) use boolean_test::BooleanTest;
pub(crate) use numbers::{
    grouping_set, join, null_test, oid, param_kind, set_operation, sublink, xml,
};

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
