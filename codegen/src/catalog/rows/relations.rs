//! Relations with their columns, constraints and unique indexes, out of `relations.sql` and `constraints.sql`.

use std::collections::HashMap;

use serde::Deserialize;

use super::{TypeNames, oid, oids, optional_oid, type_name};
use crate::catalog::{
    self, ColumnDefault, ConstraintKind, ForeignKeyTarget, QualifiedName, RelationKind, Triggers,
};

#[derive(Deserialize)]
pub(in crate::catalog) struct Relation {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    schema: String,
    name: String,
    kind: String,
    comment: Option<String>,
    #[serde(deserialize_with = "oids")]
    children: Vec<u32>,
    triggers: Vec<u32>,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    number: i16,
    name: String,
    #[serde(rename = "type", deserialize_with = "oid")]
    ty: u32,
    modifier: i32,
    not_null: bool,
    has_default: bool,
    identity: String,
    generated: String,
    expression: Option<String>,
    comment: Option<String>,
}

impl Column {
    fn into_column(self, names: &TypeNames) -> catalog::Column {
        catalog::Column {
            number: self.number,
            name: self.name,
            ty: type_name(names, self.ty),
            type_oid: self.ty,
            modifier: self.modifier,
            not_null: self.not_null,
            expression: self.expression,
            tree: None,
            default: match (self.identity.as_str(), self.generated.as_str()) {
                ("a", _) => ColumnDefault::IdentityAlways,
                ("d", _) => ColumnDefault::IdentityByDefault,
                ("", "") if self.has_default => ColumnDefault::Expression,
                ("", "") => ColumnDefault::None,
                _ => ColumnDefault::Generated,
            },
            comment: self.comment,
        }
    }
}

/// `pg_trigger.tgtype`, a bit set (catalog/pg_trigger.h).
fn triggers(types: &[u32]) -> Triggers {
    const ROW: u32 = 1;
    const BEFORE: u32 = 2;
    const INSERT: u32 = 4;
    const DELETE: u32 = 8;
    const UPDATE: u32 = 16;
    const INSTEAD: u32 = 64;
    let before = |event: u32| {
        let bits = ROW | BEFORE | event;
        types.iter().any(|t| t & bits == bits)
    };
    Triggers {
        before_insert: before(INSERT),
        before_update: before(UPDATE),
        before_delete: before(DELETE),
        instead_of: types.iter().any(|t| t & INSTEAD != 0),
    }
}

#[derive(Deserialize)]
pub(in crate::catalog) struct Constraints {
    pub(in crate::catalog) constraints: Vec<Constraint>,
    pub(in crate::catalog) unique_indexes: Vec<UniqueIndex>,
    #[serde(deserialize_with = "oids")]
    pub(in crate::catalog) collations: Vec<u32>,
}

#[derive(Deserialize)]
pub(in crate::catalog) struct Constraint {
    #[serde(deserialize_with = "oid")]
    relation: u32,
    name: String,
    kind: String,
    columns: Vec<i16>,
    definition: String,
    #[serde(deserialize_with = "optional_oid")]
    target: Option<u32>,
    target_columns: Option<Vec<i16>>,
    validated: bool,
    deferrable: bool,
    expression: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::catalog) struct UniqueIndex {
    #[serde(deserialize_with = "oid")]
    relation: u32,
    name: String,
    columns: Vec<i16>,
    predicate: Option<String>,
    predicate_tree: Option<String>,
    nulls_not_distinct: bool,
    immediate: bool,
    primary: bool,
}

/// Puts the relations together with their constraints and unique indexes.
pub(in crate::catalog) fn relations(
    relations: Vec<Relation>,
    constraints: Vec<Constraint>,
    unique_indexes: Vec<UniqueIndex>,
    names: &TypeNames,
) -> Vec<catalog::Relation> {
    let mut out: Vec<catalog::Relation> = relations
        .into_iter()
        .map(|relation| catalog::Relation {
            oid: relation.oid,
            name: QualifiedName::new(relation.schema, relation.name),
            kind: match relation.kind.as_str() {
                "p" => RelationKind::PartitionedTable,
                "v" => RelationKind::View,
                "m" => RelationKind::MaterializedView,
                "f" => RelationKind::ForeignTable,
                _ => RelationKind::Table,
            },
            comment: relation.comment,
            columns: relation
                .columns
                .into_iter()
                .map(|c| c.into_column(names))
                .collect(),
            constraints: Vec::new(),
            unique_indexes: Vec::new(),
            children: relation.children,
            triggers: triggers(&relation.triggers),
        })
        .collect();
    let places: HashMap<u32, usize> = out.iter().enumerate().map(|(i, r)| (r.oid, i)).collect();
    for constraint in constraints {
        let Some(&at) = places.get(&constraint.relation) else {
            continue;
        };
        let target = constraint
            .target
            .and_then(|oid| Some(&out[*places.get(&oid)?]));
        let references = target.map(|target| ForeignKeyTarget {
            relation: target.name.clone(),
            columns: column_names(target, &constraint.target_columns.unwrap_or_default()),
        });
        let columns = column_names(&out[at], &constraint.columns);
        out[at].constraints.push(catalog::Constraint {
            name: constraint.name,
            kind: match constraint.kind.as_str() {
                "p" => ConstraintKind::PrimaryKey,
                "u" => ConstraintKind::Unique,
                "f" => ConstraintKind::ForeignKey,
                "x" => ConstraintKind::Exclusion,
                "n" => ConstraintKind::NotNull,
                _ => ConstraintKind::Check,
            },
            columns,
            definition: constraint.definition,
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
        let columns = column_names(&out[at], &index.columns);
        out[at].unique_indexes.push(catalog::UniqueIndex {
            name: index.name,
            columns: (columns.len() == index.columns.len()).then_some(columns),
            predicate: index.predicate,
            predicate_tree: index.predicate_tree,
            nulls_not_distinct: index.nulls_not_distinct,
            immediate: index.immediate,
            primary: index.primary,
        });
    }
    for relation in &mut out {
        relation.constraints.sort_by(|a, b| a.name.cmp(&b.name));
        relation.unique_indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    out
}

/// The names of the columns with these numbers; those that are none (an expression's zero) are left out.
fn column_names(relation: &catalog::Relation, numbers: &[i16]) -> Vec<String> {
    numbers
        .iter()
        .filter_map(|number| relation.columns.iter().find(|c| c.number == *number))
        .map(|column| column.name.clone())
        .collect()
}
