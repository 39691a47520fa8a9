//! Facts about updatable views that PostgreSQL does not tell: which of their columns are never null, what an INSERT
//! stores in columns that it leaves out, and which further values the table below needs. They follow from the table's
//! columns.

use std::collections::HashMap;

use super::rows::StoredQuery;
use super::{Below, Catalog, Column, ColumnDefault, ConstraintKind, KeyBelow, Relation};
use crate::tree::{self, Arena, Value};

/// The column below a column of a view: a relation and a column's number.
type Origin = (u32, i16);

/// Adds these facts to the views with these queries, to each after those that it selects from.
pub(super) fn look_through(catalog: &mut Catalog, queries: &[StoredQuery]) {
    let mut open: HashMap<u32, HashMap<i16, Origin>> = queries
        .iter()
        .map(|query| (query.relation, origins(&query.tree)))
        .collect();
    // Each turn handles the views that select from no unhandled view.
    while !open.is_empty() {
        let is_open = |origins: &HashMap<i16, Origin>| {
            origins.values().any(|(below, _)| open.contains_key(below))
        };
        let ready: Vec<u32> = open
            .iter()
            .filter(|(_, origins)| !is_open(origins))
            .map(|(view, _)| *view)
            .collect();
        if ready.is_empty() {
            return;
        }
        for view in ready {
            if let Some(origins) = open.remove(&view) {
                look_through_one(catalog, view, &origins);
            }
        }
    }
}

/// The columns of a view that are columns of the relation that it selects from.
fn origins(tree: &str) -> HashMap<i16, Origin> {
    let arena = Arena::new();
    let Ok(value) = tree::read(tree, &arena) else {
        return HashMap::new();
    };
    let query = value.elements().first().and_then(Value::node);
    let targets = query
        .into_iter()
        .flat_map(|query| query.nodes("targetList"));
    targets
        .filter(|target| target.node("expr").is_some_and(|expr| expr.tag == "VAR"))
        .filter_map(|target| {
            let number = |field| i16::try_from(target.number(field)?).ok();
            let below = (target.oid("resorigtbl"), number("resorigcol")?);
            Some((number("resno")?, below))
        })
        .collect()
}

fn look_through_one(catalog: &mut Catalog, view: u32, origins: &HashMap<i16, Origin>) {
    let Some(base) = origins
        .values()
        .next()
        .and_then(|(below, _)| catalog.relation_by_oid(*below))
    else {
        return;
    };
    let written: Vec<(i16, &String)> = catalog
        .relation_by_oid(view)
        .into_iter()
        .flat_map(|view| &view.columns)
        .filter(|column| column.default != ColumnDefault::ReadOnly)
        .filter_map(|column| Some((origins.get(&column.number)?.1, &column.name)))
        .collect();
    let is_written = |column: &Column| written.iter().any(|(number, _)| *number == column.number);
    let hidden = if fills_in(catalog, base) {
        Vec::new()
    } else {
        let columns = base.columns.iter();
        let needed = columns.filter(|c| c.is_required() && !is_written(c));
        let needed = needed.map(|column| column.name.clone());
        needed.chain(base.hidden.iter().cloned()).collect()
    };
    let below: HashMap<i16, Column> = base
        .columns
        .iter()
        .map(|column| (column.number, column.clone()))
        .collect();
    let keys = keys_below(base);
    let to = written_to(base, &written);
    let Some(view) = catalog.relation_by_oid_mut(view) else {
        return;
    };
    view.hidden = hidden;
    // With an INSTEAD OF trigger, an INSERT cannot have ON CONFLICT.
    if !view.triggers.instead_of && !view.is_read_only() {
        let shown = |name: &String| {
            let number = below.values().find(|column| column.name == *name)?.number;
            let mut columns = view.columns.iter();
            let column = columns.find(|c| origins.get(&c.number).is_some_and(|o| o.1 == number));
            column.map(|column| column.name.clone())
        };
        let shown = keys.into_iter().filter_map(|key| {
            let columns = key.columns.iter().map(shown).collect::<Option<_>>()?;
            Some(KeyBelow { columns, ..key })
        });
        view.keys_below = shown.collect();
        view.below = Some(to);
    }
    for column in &mut view.columns {
        let origin = origins.get(&column.number);
        let Some(below) = origin.and_then(|(_, number)| below.get(number)) else {
            continue;
        };
        column.not_null = below.not_null;
        if column.default == ColumnDefault::None {
            column.default = below.default;
            column.new_by_default = below.new_by_default;
        }
    }
}

/// The table that a view of `base` writes to. `columns` are the numbers of columns of `base`, with their names in the
/// view.
fn written_to(base: &Relation, columns: &[(i16, &String)]) -> Below {
    let in_table = |column: &Column| match &base.below {
        None => Some(column.name.clone()),
        Some(below) => {
            let mut columns = below.columns.iter();
            let found = columns.find(|(name, _)| *name == column.name);
            found.map(|(_, name)| name.clone())
        }
    };
    let columns = columns.iter().filter_map(|(number, name)| {
        Some(((*name).clone(), in_table(base.column_numbered(*number)?)?))
    });
    Below {
        table: base
            .below
            .as_ref()
            .map_or(&base.name, |below| &below.table)
            .clone(),
        columns: columns.collect(),
    }
}

/// The unique keys of the table that a view selects from, directly or through other views.
fn keys_below(base: &Relation) -> Vec<KeyBelow> {
    let key = |name: &str, kind, columns: &[String], deferrable| KeyBelow {
        table: base.name.clone(),
        name: name.to_owned(),
        kind,
        columns: columns.to_vec(),
        deferrable,
    };
    let constraints = base
        .constraints
        .iter()
        .filter(|c| matches!(c.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique))
        .map(|c| key(&c.name, Some(c.kind), &c.columns, c.deferrable));
    let indexes = base.unique_indexes.iter();
    // The condition of a partial index uses the table's names.
    let indexes = indexes
        .filter(|index| !base.has_constraint_of(index) && index.predicate.is_none())
        .filter_map(|index| {
            let columns = index.columns.as_ref()?;
            Some(key(&index.name, None, columns, !index.immediate))
        });
    let mut keys: Vec<KeyBelow> = constraints.chain(indexes).collect();
    keys.extend(base.keys_below.iter().cloned());
    keys.sort_by(|a, b| a.name.cmp(&b.name));
    keys
}

/// Whether a trigger can set columns that an INSERT leaves out.
fn fills_in(catalog: &Catalog, relation: &Relation) -> bool {
    let family = catalog.family(relation);
    family
        .iter()
        .any(|relation| relation.triggers.before_insert.sets_something())
}
