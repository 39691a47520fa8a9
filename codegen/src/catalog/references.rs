//! The objects of the catalog that the trees of queries refer to.

use std::collections::BTreeSet;

use crate::tree::{self, Arena, Node, Value};

/// The catalog objects that queries refer to by OID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Functions, aggregates and window functions.
    pub functions: BTreeSet<u32>,
    /// Operators.
    pub operators: BTreeSet<u32>,
    /// Relations. System relations are read only if they are among them.
    pub relations: BTreeSet<u32>,
}

impl References {
    /// Adds the objects that a tree refers to.
    pub fn collect(&mut self, node: &Node<'_>) {
        for (name, value) in node.fields {
            let into = match *name {
                "funcid" | "opfuncid" | "aggfnoid" | "winfnoid" => &mut self.functions,
                "opno" => &mut self.operators,
                "relid" => &mut self.relations,
                _ => continue,
            };
            into.extend(value.number().and_then(|oid| u32::try_from(oid).ok()));
        }
        node.children().for_each(|child| self.collect(child));
    }

    /// Like [`collect`](Self::collect), for a tree in the server's text form. Text that is no tree is ignored.
    pub fn collect_text(&mut self, text: &str) {
        if let Ok(value) = tree::read(text, &Arena::new()) {
            self.collect_value(&value);
        }
    }

    /// Like [`collect`](Self::collect), for any value.
    pub fn collect_value(&mut self, value: &Value<'_>) {
        value.nodes().for_each(|node| self.collect(node));
    }
}
