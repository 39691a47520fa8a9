//! Whether a query only reads, so that a standby can run it as well as the primary. Anything that is not known to only
//! read counts as writing.
//!
//! What a function of the user's is declared to be says too little: a stable one may read unlogged tables, which standbys
//! do not have, and PostgreSQL takes the word of one that calls another that writes. Its body tells.

use std::collections::BTreeSet;

use super::dml::{self, Command};
use crate::catalog::{Catalog, Function, Volatility};
use crate::nodes::function_of;
use crate::tree::{self, Arena, Node, Value};

/// Volatile functions of PostgreSQL that change nothing: each call just returns another value.
const HARMLESS: [&str; 9] = [
    "clock_timestamp",
    "gen_random_uuid",
    "pg_is_in_recovery",
    "pg_sleep",
    "random",
    "random_normal",
    "timeofday",
    "uuidv4",
    "uuidv7",
];

/// Other functions of PostgreSQL that a standby can refuse: it gives no transaction numbers, names no files of the log,
/// and has no unlogged tables.
const REFUSED: [&str; 10] = [
    "database_to_xml",
    "database_to_xml_and_xmlschema",
    "pg_current_xact_id",
    "pg_walfile_name",
    "pg_walfile_name_offset",
    "schema_to_xml",
    "schema_to_xml_and_xmlschema",
    "table_to_xml",
    "table_to_xml_and_xmlschema",
    "txid_current",
];

/// Whether a query only reads.
pub(super) fn only_reads(catalog: &Catalog, query: &Node<'_>) -> bool {
    let mut reader = Reader {
        catalog,
        seen: BTreeSet::new(),
    };
    reader.only_reads(query)
}

struct Reader<'c> {
    catalog: &'c Catalog,
    /// The functions whose bodies have been looked at, or are being looked at.
    seen: BTreeSet<u32>,
}

impl Reader<'_> {
    /// Whether a node and all below it only read.
    fn only_reads(&mut self, node: &Node<'_>) -> bool {
        let reads = match node.tag {
            "QUERY" => {
                dml::command(node) == Command::Select
                    && node.nodes("rowMarks").next().is_none()
                    && node
                        .nodes("rtable")
                        .all(|entry| self.is_on_standbys(entry.oid("relid")))
            }
            "AGGREF" => self.is_harmless(node.oid("aggfnoid"), node),
            "WINDOWFUNC" => self.is_harmless(node.oid("winfnoid"), node),
            "NEXTVALUEEXPR" => false,
            _ => function_of(node).is_none_or(|oid| self.is_harmless(oid, node)),
        };
        reads && node.children().all(|child| self.only_reads(child))
    }

    /// Whether all of an entry's table is on standbys, too. Temporary and unlogged tables are not.
    fn is_on_standbys(&self, relation: u32) -> bool {
        let is_logged = |relation| {
            let mut family = self.catalog.family(relation).into_iter();
            family.all(|relation| relation.is_logged)
        };
        relation == 0
            || self
                .catalog
                .relation_by_oid(relation)
                .is_some_and(is_logged)
    }

    fn is_harmless(&mut self, oid: u32, call: &Node<'_>) -> bool {
        let Some(function) = self.catalog.functions.get(&oid) else {
            return false;
        };
        let is_one_of =
            |names: &[&str]| function.is_builtin && names.contains(&function.name.name.as_str());
        match function.volatility {
            _ if !function.has_known_identity() => {
                // The trees do not show the default of an argument that is left out.
                call.list("args").len() == function.arguments.len()
                    && self.body_only_reads(oid, function)
            }
            Volatility::Volatile => is_one_of(&HARMLESS),
            _ => !is_one_of(&REFUSED),
        }
    }

    /// Whether the body of a function of the user's only reads. All of it is known only if it is in SQL: of PL/pgSQL there
    /// is just what it returns, and of an aggregate nothing.
    fn body_only_reads(&mut self, oid: u32, function: &Function) -> bool {
        // A function that calls itself only reads if the rest of it does.
        if !self.seen.insert(oid) {
            return true;
        }
        let is_known = function.language == "sql" && !function.trees.is_empty();
        is_known && function.trees.iter().all(|tree| self.tree_only_reads(tree))
    }

    fn tree_only_reads(&mut self, tree: &str) -> bool {
        let arena = Arena::new();
        let tree = tree::read(tree, &arena);
        tree.is_ok_and(|tree| Value::nodes(&tree).all(|query| self.only_reads(query)))
    }
}
