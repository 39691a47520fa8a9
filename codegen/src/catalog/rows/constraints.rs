//! Constraints and unique indexes, which refer to columns by number.

use std::collections::HashMap;

use super::Fact;
use crate::catalog::{self, ConstraintKind, ForeignKeyTarget, ReferentialAction};
use crate::describe::{Cells, Unreadable};

pub(in crate::catalog) struct Constraint {
    oid: u32,
    relation: u32,
    name: String,
    kind: String,
    columns: Vec<i16>,
    /// None if it has just been dropped.
    definition: Option<String>,
    target: u32,
    target_columns: Vec<i16>,
    on_update: String,
    on_delete: String,
    match_full: bool,
    validated: bool,
    deferrable: bool,
    expression: Option<String>,
}

impl Fact for Constraint {
    const SQL: &'static str = include_str!("constraints.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            oid: cells.number()?,
            relation: cells.number()?,
            name: cells.text()?.to_owned(),
            kind: cells.text()?.to_owned(),
            columns: cells.array()?,
            definition: cells.optional_string()?,
            target: cells.number()?,
            target_columns: cells.array()?,
            on_update: cells.text()?.to_owned(),
            on_delete: cells.text()?.to_owned(),
            match_full: cells.flag()?,
            validated: cells.flag()?,
            deferrable: cells.flag()?,
            expression: cells.optional_string()?,
        })
    }
}

pub(in crate::catalog) struct UniqueIndex {
    relation: u32,
    name: String,
    parts: Vec<i16>,
    collations: Vec<u32>,
    expressions: Option<String>,
    predicate: Option<String>,
    predicate_tree: Option<String>,
    has_usual_operators: bool,
    nulls_not_distinct: bool,
    immediate: bool,
    primary: bool,
}

impl Fact for UniqueIndex {
    const SQL: &'static str = include_str!("unique_indexes.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            relation: cells.number()?,
            name: cells.text()?.to_owned(),
            parts: cells.array()?,
            collations: cells.array()?,
            expressions: cells.optional_string()?,
            predicate: cells.optional_string()?,
            predicate_tree: cells.optional_string()?,
            has_usual_operators: cells.flag()?,
            nulls_not_distinct: cells.flag()?,
            immediate: cells.flag()?,
            primary: cells.flag()?,
        })
    }
}

/// Adds the constraints and unique indexes to the relations, sorted by name.
pub(in crate::catalog) fn attach(
    relations: &mut [catalog::Relation],
    constraints: Vec<Constraint>,
    unique_indexes: Vec<UniqueIndex>,
) {
    let places: HashMap<u32, usize> = relations
        .iter()
        .enumerate()
        .map(|(i, relation)| (relation.oid, i))
        .collect();
    for constraint in constraints {
        let Some(&at) = places.get(&constraint.relation) else {
            continue;
        };
        let target = places.get(&constraint.target).map(|&at| &relations[at]);
        let references = target.map(|target| ForeignKeyTarget {
            relation: target.name.clone(),
            columns: column_names(target, &constraint.target_columns),
            on_update: action(&constraint.on_update),
            on_delete: action(&constraint.on_delete),
            match_full: constraint.match_full,
        });
        let relation = &mut relations[at];
        let columns = column_names(relation, &constraint.columns);
        let kind = kind(&constraint.kind);
        if kind == ConstraintKind::NotNull && !constraint.validated {
            let is_meant = |column: &&mut catalog::Column| columns.contains(&column.name);
            for column in relation.columns.iter_mut().filter(is_meant) {
                column.not_null = false;
            }
        }
        let Some(definition) = constraint.definition else {
            continue;
        };
        relation.constraints.push(catalog::Constraint {
            oid: constraint.oid,
            name: constraint.name,
            kind,
            columns,
            definition,
            references,
            validated: constraint.validated,
            deferrable: constraint.deferrable,
            expression: constraint.expression,
        });
    }
    for index in unique_indexes {
        let Some(&at) = places.get(&index.relation) else {
            continue;
        };
        let relation = &mut relations[at];
        let columns = column_names(relation, &index.parts);
        relation.unique_indexes.push(catalog::UniqueIndex {
            name: index.name,
            columns: (columns.len() == index.parts.len()).then_some(columns),
            parts: index.parts,
            collations: index.collations,
            expressions: index.expressions,
            predicate: index.predicate,
            predicate_tree: index.predicate_tree,
            has_usual_operators: index.has_usual_operators,
            nulls_not_distinct: index.nulls_not_distinct,
            immediate: index.immediate,
            primary: index.primary,
        });
    }
    for relation in relations {
        relation.constraints.sort_by(|a, b| a.name.cmp(&b.name));
        relation.unique_indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

fn kind(letter: &str) -> ConstraintKind {
    match letter {
        "p" => ConstraintKind::PrimaryKey,
        "u" => ConstraintKind::Unique,
        "f" => ConstraintKind::ForeignKey,
        "x" => ConstraintKind::Exclusion,
        "n" => ConstraintKind::NotNull,
        _ => ConstraintKind::Check,
    }
}

fn action(letter: &str) -> ReferentialAction {
    match letter {
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::Refuse,
    }
}

/// The names of the columns with these numbers. Zeros, which stand for expressions, are left out.
fn column_names(relation: &catalog::Relation, numbers: &[i16]) -> Vec<String> {
    let found = numbers.iter().filter_map(|n| relation.column_numbered(*n));
    found.map(|column| column.name.clone()).collect()
}
