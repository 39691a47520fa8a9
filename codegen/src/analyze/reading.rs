//! Whether a query only reads, so that a standby can run it as well as the primary. Anything that is not known to only
//! read counts as writing.

use super::context::Context;
use super::dml::{self, Command};
use crate::catalog::Volatility;
use crate::nodes::function_of;
use crate::tree::Node;

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

/// Stable functions that need a transaction number, which a standby cannot give.
const NUMBERING: [&str; 2] = ["pg_current_xact_id", "txid_current"];

/// Whether a node and all below it only read.
pub(super) fn only_reads(context: &Context<'_>, node: &Node<'_>) -> bool {
    let reads = match node.tag {
        "QUERY" => {
            dml::command(node) == Command::Select
                && node.nodes("rowMarks").next().is_none()
                && node
                    .nodes("rtable")
                    .all(|entry| is_on_standbys(context, entry))
        }
        "AGGREF" => is_harmless(context, node.oid("aggfnoid")),
        "WINDOWFUNC" => is_harmless(context, node.oid("winfnoid")),
        "NEXTVALUEEXPR" => false,
        _ => function_of(node).is_none_or(|oid| is_harmless(context, oid)),
    };
    reads && node.children().all(|child| only_reads(context, child))
}

/// Whether the entry's table is on standbys, too. Temporary and unlogged tables are not.
fn is_on_standbys(context: &Context<'_>, entry: &Node<'_>) -> bool {
    match entry.oid("relid") {
        0 => true,
        oid => {
            let relation = context.catalog.relation_by_oid(oid);
            relation.is_some_and(|relation| relation.is_logged)
        }
    }
}

fn is_harmless(context: &Context<'_>, oid: u32) -> bool {
    let is_one_of = |names: &[&str]| {
        let function = context.function(oid);
        function.is_some_and(|f| f.is_builtin && names.contains(&f.name.name.as_str()))
    };
    match context.volatility(oid) {
        Volatility::Volatile => is_one_of(&HARMLESS),
        _ => !is_one_of(&NUMBERING),
    }
}
