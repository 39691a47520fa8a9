//! What PostgreSQL accepts but a query can hardly mean: values that are refused whenever the query runs, conditions and
//! sort keys that do nothing, and settings and locks that outlive the query on a connection of a pool.
//!
//! Only what the query itself says is doubted. Views, policies and defaults come with the tree, but without locations.

mod nulls;

use super::constants;
use crate::catalog::{Catalog, QualifiedName};
use crate::nodes::{function_of, param, setting};
use crate::tree::{Node, Value};

/// Something that can hardly be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What it is.
    pub kind: DoubtKind,
    /// Where it is in the query's SQL, in bytes.
    pub location: Option<usize>,
}

/// What can hardly be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoubtKind {
    /// The null constant for a column that must not be null.
    Null {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: String,
    },
    /// New rows without columns that must not be null and have no default. It has no location.
    LeftOut {
        /// The table.
        table: QualifiedName,
        /// The columns.
        columns: Vec<String>,
    },
    /// A parameter as the whole of a sort key.
    SortedByParam,
    /// `= null` or `<> null`, which are never true.
    ComparedWithNull {
        /// The operator.
        operator: String,
    },
    /// `not in (…, null)`, which is never true.
    ExcludesNull,
    /// `set_config` for the whole session.
    SetsSession,
    /// An advisory lock of the session, with its function.
    LocksSession,
}

/// The doubts about a statement, in the order in which they are found.
pub(crate) fn doubts(catalog: &Catalog, tree: &Value<'_>) -> Vec<Doubt> {
    let mut found = Vec::new();
    for query in tree.nodes() {
        collect(catalog, query, &mut found);
    }
    // A rule can do something else with the rows, or leave out some.
    if tree.nodes().count() == 1 {
        tree.nodes()
            .for_each(|query| nulls::collect(catalog, query, &mut found));
    }
    found
}

/// Adds the doubts about an expression or a query, and about all below it.
fn collect(catalog: &Catalog, node: &Node<'_>, found: &mut Vec<Doubt>) {
    match node.tag {
        "QUERY" => {
            let of_windows = node.nodes("windowClause");
            let of_windows = of_windows.flat_map(|window| window.nodes("orderClause"));
            let keys = node.nodes("sortClause").chain(of_windows);
            found.extend(sorted_by_params(keys, node, "targetList"));
        }
        "AGGREF" => found.extend(sorted_by_params(node.nodes("aggorder"), node, "args")),
        "OPEXPR" => found.extend(compared_with_null(catalog, node)),
        "SCALARARRAYOPEXPR" => found.extend(excludes_null(catalog, node)),
        "FUNCEXPR" => found.extend(of_session(node)),
        _ => {}
    }
    for child in node.children() {
        collect(catalog, child, found);
    }
}

/// The parameters among sort keys, but for those that are also results.
fn sorted_by_params<'n, 't: 'n>(
    keys: impl Iterator<Item = &'n Node<'t>>,
    node: &'n Node<'t>,
    targets: &'static str,
) -> impl Iterator<Item = Doubt> {
    keys.filter_map(move |key| {
        let number = key.index("tleSortGroupRef")?;
        let mut targets = node.nodes(targets).filter(|target| target.flag("resjunk"));
        let target = targets.find(|target| target.index("ressortgroupref") == Some(number))?;
        let key = converted(target.node("expr")?);
        param(key)?;
        doubt(DoubtKind::SortedByParam, key)
    })
}

/// The value that only its type or its collation is changed of.
fn converted<'n, 't>(node: &'n Node<'t>) -> &'n Node<'t> {
    match (node.tag, node.node("arg")) {
        ("RELABELTYPE" | "COLLATEEXPR", Some(value)) => converted(value),
        _ => node,
    }
}

fn compared_with_null(catalog: &Catalog, node: &Node<'_>) -> Option<Doubt> {
    let operator = &catalog.operators.get(&node.oid("opno"))?.name;
    let null = node.nodes("args").find(|value| constants::is_null(value))?;
    let kind = DoubtKind::ComparedWithNull {
        operator: operator.clone(),
    };
    ["=", "<>"]
        .contains(&operator.as_str())
        .then(|| doubt(kind, null))?
}

/// The null in the list of `not in`.
fn excludes_null(catalog: &Catalog, node: &Node<'_>) -> Option<Doubt> {
    let operator = &catalog.operators.get(&node.oid("opno"))?.name;
    let mut elements = node.nodes("args").nth(1)?.nodes("elements");
    let null = elements.find(|element| constants::is_null(element))?;
    (operator == "<>" && !node.flag("useOr")).then(|| doubt(DoubtKind::ExcludesNull, null))?
}

/// A call that changes the session, and not only the transaction.
fn of_session(call: &Node<'_>) -> Option<Doubt> {
    let function = function_of(call)?;
    if setting::LOCKS.contains(&function) {
        return doubt(DoubtKind::LocksSession, call);
    }
    let is_local = call.nodes("args").nth(2).and_then(constants::boolean);
    if function == setting::SET && is_local == Some(false) {
        return doubt(DoubtKind::SetsSession, call);
    }
    None
}

/// The doubt about a node, if the query itself holds it.
fn doubt(kind: DoubtKind, node: &Node<'_>) -> Option<Doubt> {
    let location = Some(node.location()?);
    Some(Doubt { kind, location })
}
