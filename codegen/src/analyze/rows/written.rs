//! The number of rows that a statement writes, and therefore returns.

use super::{Rows, from_items, multiplies};
use crate::analyze::determined::{Determined, Outside};
use crate::analyze::dml;
use crate::analyze::env::Env;
use crate::catalog::{Relation, RelationKind};
use crate::tree::Node;

/// INSERT: as many rows as are given, minus those that conflicts and triggers drop.
pub(super) fn inserted(env: &Env<'_, '_>) -> Rows {
    const NOTHING: i64 = 1;
    let query = env.scope.query;
    if multiplies(query) {
        return Rows::Many("a set-returning function multiplies rows".into());
    }
    let known = Determined::of(env, &Outside::default());
    let mut rows = match from_items(env, &known) {
        Rows::One(_) => Rows::One("it inserts one row".into()),
        rows => rows,
    };
    if let Some(conflict) = query.node("onConflict") {
        if conflict.number("action") == Some(NOTHING) {
            rows = rows.or_none("ON CONFLICT DO NOTHING may skip it");
        } else if conflict.node("onConflictWhere").is_some() {
            rows = rows.or_none("ON CONFLICT DO UPDATE has a WHERE");
        } else if is_written_elsewhere(env) {
            rows = rows.or_none("another part of the statement may have changed it");
        }
    }
    if a_trigger_may_skip(env) {
        rows = rows.or_none("a BEFORE trigger may skip it");
    }
    rows
}

/// Whether another part of the statement can write to the same rows. If it does so while the values for a conflicting
/// row are computed, the update of that row does nothing.
fn is_written_elsewhere(env: &Env<'_, '_>) -> bool {
    let query = env.scope.query;
    let statement = env.scope.parent.as_ref().map_or(query, |outer| outer.query);
    let tables = statement.nodes("cteList");
    let parts = tables.filter_map(|table| table.node("ctequery"));
    let others = parts.chain([statement]);
    let others = others.filter(|part| !std::ptr::eq(*part, query));
    let target = |query: &Node<'_>| {
        let entry = query
            .nodes("rtable")
            .nth(query.index("resultRelation")?.checked_sub(1)?)?;
        env.context.catalog.relation_by_oid(entry.oid("relid"))
    };
    let ours = target(query);
    let mut written = others.filter_map(target);
    written.any(|written| ours.is_none_or(|ours| may_share_rows(env, ours, written)))
}

/// Whether two targets can have rows in common: they are the same, one is a part of the other, or one is a view.
fn may_share_rows(env: &Env<'_, '_>, a: &Relation, b: &Relation) -> bool {
    let is_table = |relation: &Relation| {
        matches!(
            relation.kind,
            RelationKind::Table | RelationKind::PartitionedTable
        )
    };
    let has = |whole: &Relation, part: &Relation| {
        let mut family = env.context.catalog.family(whole).into_iter();
        family.any(|relation| relation.oid == part.oid)
    };
    !is_table(a) || !is_table(b) || has(a, b) || has(b, a)
}

/// UPDATE and DELETE: each row of the target at most once.
pub(super) fn changed(env: &Env<'_, '_>) -> Rows {
    let known = Determined::of(env, &Outside::default());
    let target = env.scope.query.index("resultRelation");
    if let Some(reason) = target.and_then(|target| known.single(target)) {
        return Rows::Opt(reason.to_owned());
    }
    match from_items(env, &known) {
        Rows::One(reason) => Rows::Opt(reason),
        rows => rows,
    }
}

/// Whether a trigger can skip a row that is inserted, or the one that it conflicts with.
fn a_trigger_may_skip(env: &Env<'_, '_>) -> bool {
    let query = env.scope.query;
    let relation = query
        .index("resultRelation")
        .and_then(|target| env.scope.entry(target))
        .and_then(|entry| env.context.catalog.relation_by_oid(entry.oid("relid")));
    relation.is_none_or(|relation| {
        let triggers = dml::triggers(env.context.catalog, relation);
        let updates = dml::updating_conflict(query).is_some();
        triggers.instead_of
            || triggers.before_insert.may_skip
            || updates && triggers.before_update.may_skip
    })
}
