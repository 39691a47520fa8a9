//! How many rows a statement writes, and so returns.

use super::{Rows, from_items, multiplies};
use crate::analyze::determined::{Determined, Outside};
use crate::analyze::dml;
use crate::analyze::env::Env;
use crate::analyze::scope::index;

/// INSERT: as many rows as are given, less what conflicts and triggers drop.
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
        }
    }
    if a_trigger_may_skip(env) {
        rows = rows.or_none("a BEFORE trigger may skip it");
    }
    rows
}

/// UPDATE and DELETE: each row of the target at most once.
pub(super) fn changed(env: &Env<'_, '_>) -> Rows {
    let known = Determined::of(env, &Outside::default());
    let target = index(env.scope.query, "resultRelation");
    if let Some(reason) = target.and_then(|target| known.single(target)) {
        return Rows::Opt(reason.to_owned());
    }
    match from_items(env, &known) {
        Rows::One(reason) => Rows::Opt(reason),
        rows => rows,
    }
}

/// Whether a trigger may leave out a row that is inserted, or the one that it is in conflict with.
fn a_trigger_may_skip(env: &Env<'_, '_>) -> bool {
    let query = env.scope.query;
    let relation = index(query, "resultRelation")
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
