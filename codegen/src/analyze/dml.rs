//! INSERT, UPDATE, DELETE and MERGE: the columns of the written row as RETURNING sees them.
//!
//! Facts about a row before a change need not be true afterwards, and a BEFORE trigger can change everything; only the
//! table's own constraints always hold.

use std::rc::Rc;

use super::env::Env;
use super::facts::Key;
use super::range_table::{self, base_column};
use super::reason::Verdict;
use super::scope::Scope;
use crate::catalog::{Before, Catalog, ColumnDefault, Relation, RelationKind, Triggers};
use crate::nodes::{Reference, Version};
use crate::tree::Node;

/// What a query does (`CmdType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Select,
    Update,
    Insert,
    Delete,
    Merge,
    Utility,
}

/// What the query does. MERGE took UTILITY's number in version 15; only a utility statement has a `utilityStmt`.
pub(super) fn command(query: &Node<'_>) -> Command {
    match query.number("commandType") {
        Some(1) => Command::Select,
        Some(2) => Command::Update,
        Some(3) => Command::Insert,
        Some(4) => Command::Delete,
        Some(5) if query.node("jointree").is_some() => Command::Merge,
        _ => Command::Utility,
    }
}

/// Whether the entry is the target that the scope's statement writes.
pub(super) fn is_target(scope: &Scope<'_>, entry: usize) -> bool {
    command(scope.query) != Command::Select && scope.query.index("resultRelation") == Some(entry)
}

fn moves_rows(relation: &Relation) -> bool {
    relation.kind == RelationKind::PartitionedTable
}

/// The row triggers of a relation and of all below it. Foreign tables can have any triggers on their server.
pub(super) fn triggers(catalog: &Catalog, relation: &Relation) -> Triggers {
    let mut all = relation.triggers.clone();
    if relation.kind == RelationKind::ForeignTable {
        all.before_insert = Before::anything();
        all.before_update = Before::anything();
    }
    for child in &relation.children {
        if let Some(child) = catalog.relation_by_oid(*child) {
            let below = triggers(catalog, child);
            all.before_insert.add(&below.before_insert);
            all.before_update.add(&below.before_update);
            all.instead_of |= below.instead_of;
        }
    }
    all
}

/// `old.x` and `new.x` (version 18); `None` for any other column.
pub(super) fn old_or_new(
    env: &Env<'_, '_>,
    node: &Node<'_>,
    entry: usize,
    column: i64,
) -> Option<Verdict> {
    match (Reference::of(node)?.version, command(env.scope.query)) {
        (Version::Old, Command::Update | Command::Delete) => {
            let before = env.before_writing();
            Some(before.table_column(entry, column))
        }
        (Version::New, Command::Insert | Command::Update) => {
            Some(target_column(env, entry, column))
        }
        (Version::Old, _) => Some(Verdict::nullable("there may be no old row", None)),
        (Version::New, _) => Some(Verdict::nullable("there may be no new row", None)),
        (Version::Current, _) => None,
    }
}

/// A column of the written row.
pub(super) fn target_column(env: &Env<'_, '_>, number: usize, column: i64) -> Verdict {
    let Some(entry) = env.scope.entry(number) else {
        return Verdict::nullable("its relation is not known", None);
    };
    if column == 0 {
        return Verdict::not_null("the written row is a whole row", None);
    }
    let declared = base_column(env, entry, column);
    let Some((relation, definition)) = range_table::relation_column(env, entry, column) else {
        return declared;
    };
    // An INSTEAD OF trigger can return any row.
    if !declared.nullable || relation.kind == RelationKind::View {
        return declared;
    }
    let query = env.scope.query;
    let triggers = triggers(env.context.catalog, relation);
    let inserting_sets = triggers.instead_of || triggers.before_insert.may_set(definition);
    let updating_sets = triggers.instead_of || triggers.before_update.may_set(definition);
    let by_trigger = || {
        let text = format!("a BEFORE trigger of `{}` may make it null", relation.name);
        Verdict::nullable(text, None)
    };
    match command(query) {
        Command::Delete => env.before_writing().table_column(number, column),
        Command::Insert if inserting_sets => by_trigger(),
        Command::Insert => inserted(env, column, declared, updating_sets),
        Command::Update if updating_sets => by_trigger(),
        // A row that moves to another partition is inserted there.
        Command::Update if moves_rows(relation) && inserting_sets => by_trigger(),
        Command::Update => match assigned(query, "targetList", column) {
            Some(value) => env.before_writing().verdict(value),
            // It keeps its value, unless it is computed from columns that have changed.
            None if definition.default == ColumnDefault::Generated => declared,
            None => env.before_writing().table_column(number, column),
        },
        _ => declared,
    }
}

/// A column of a row that INSERT returns: the given value, or, after a conflict, the value in the updated row.
fn inserted(env: &Env<'_, '_>, column: i64, declared: Verdict, updating_sets: bool) -> Verdict {
    let query = env.scope.query;
    let Some(value) = assigned(query, "targetList", column) else {
        return declared;
    };
    let given = env.before_writing().verdict(value);
    let Some(conflict) = updating_conflict(query).filter(|_| !given.nullable) else {
        return given;
    };
    match assigned(conflict, "onConflictSet", column) {
        Some(_) if updating_sets => declared,
        Some(value) => env.before_writing().verdict(value),
        None => declared,
    }
}

/// A column of `excluded`, the row that was not inserted because of a conflict, if the statement gives it a value that
/// is not null. `None` for any other column.
pub(super) fn excluded(env: &Env<'_, '_>, number: usize, column: i64) -> Option<Verdict> {
    let query = env.scope.query;
    let conflict = updating_conflict(query)?;
    if conflict.index("exclRelIndex") != Some(number) {
        return None;
    }
    let catalog = env.context.catalog;
    let relation = catalog.relation_by_oid(env.scope.entry(number)?.oid("relid"))?;
    let triggers = triggers(catalog, relation);
    // A BEFORE trigger may have changed the row.
    let definition = relation.column_numbered(column)?;
    if triggers.instead_of || triggers.before_insert.may_set(definition) {
        return None;
    }
    let given = env
        .before_writing()
        .verdict(assigned(query, "targetList", column)?);
    (!given.nullable).then_some(given)
}

/// The ON CONFLICT clause, if it is DO UPDATE.
pub(super) fn updating_conflict<'t>(query: &'t Node<'t>) -> Option<&'t Node<'t>> {
    const UPDATE: i64 = 2;
    let conflict = query.node("onConflict")?;
    (conflict.number("action") == Some(UPDATE)).then_some(conflict)
}

/// The expression that a list of assignments gives a column.
pub(super) fn assigned<'t>(node: &'t Node<'t>, list: &str, column: i64) -> Option<&'t Node<'t>> {
    node.nodes(list)
        .find(|target| target.number("resno") == Some(column) && !target.flag("resjunk"))?
        .node("expr")
}

impl<'a, 't> Env<'a, 't> {
    /// This environment for the rows before the statement changed them.
    pub(super) fn before_writing(&self) -> Self {
        Self {
            facts: Rc::clone(self.before.as_ref().unwrap_or(&self.facts)),
            before: None,
            ..self.clone()
        }
    }

    /// A column of an entry, by the facts about it or by its definition.
    fn table_column(&self, entry: usize, column: i64) -> Verdict {
        let key = Key::Column {
            scope: self.scope.id,
            entry,
            column,
        };
        if self.facts.is_not_null(&key) {
            return Verdict::not_null("a condition excludes null", None);
        }
        range_table::column(self, entry, column)
    }
}
