//! What a table demands of its rows: its constraints, and the unique indexes that are none; and how those of its partitions
//! and children correspond to them.

use crate::analyze::verdict::{ViolationName, ViolationRule};
use crate::catalog::{Catalog, Constraint, ConstraintKind, Relation, UniqueIndex};

/// A constraint, or a unique index that is none.
#[derive(Clone, Copy)]
pub(super) enum Rule<'t> {
    Constraint(&'t Constraint),
    Index(&'t UniqueIndex),
}

impl<'t> Rule<'t> {
    pub(super) fn all(relation: &'t Relation) -> impl Iterator<Item = Rule<'t>> {
        let is_constraint =
            |index: &&UniqueIndex| relation.constraints.iter().any(|c| c.name == index.name);
        let indexes = relation.unique_indexes.iter();
        let indexes = indexes.filter(move |index| !is_constraint(index));
        let constraints = relation.constraints.iter();
        constraints
            .map(Rule::Constraint)
            .chain(indexes.map(Rule::Index))
    }

    pub(super) fn name(self) -> &'t str {
        match self {
            Self::Constraint(constraint) => &constraint.name,
            Self::Index(index) => &index.name,
        }
    }

    /// The columns it is about, if they are all that it is about.
    pub(super) fn columns(self) -> Option<&'t [String]> {
        match self {
            Self::Constraint(constraint) => Some(&constraint.columns),
            Self::Index(index) => index.columns.as_deref(),
        }
    }

    pub(super) fn is_key(self) -> bool {
        match self {
            Self::Constraint(constraint) => matches!(
                constraint.kind,
                ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion
            ),
            Self::Index(_) => true,
        }
    }

    pub(super) fn definition(self) -> String {
        match self {
            Self::Constraint(constraint) => constraint.definition.clone(),
            Self::Index(UniqueIndex {
                columns, predicate, ..
            }) => {
                let columns = columns.as_ref().map(|columns| columns.join(", "));
                let what = columns.unwrap_or_else(|| "an expression".to_owned());
                let condition = predicate.as_ref().map(|p| format!(" where {p}"));
                format!("unique index of {what}{}", condition.unwrap_or_default())
            }
        }
    }

    /// Whether it is to a partition or child what `other` is to the table.
    pub(super) fn corresponds_to(self, other: Rule<'_>) -> bool {
        match (self, other) {
            (Self::Constraint(a), Rule::Constraint(b)) if a.kind == ConstraintKind::Check => {
                b.kind == a.kind && a.name == b.name
            }
            (Self::Constraint(a), Rule::Constraint(b)) => {
                a.kind == b.kind && a.columns == b.columns
            }
            (Self::Index(a), Rule::Index(b)) => {
                a.columns == b.columns && a.predicate == b.predicate
            }
            _ => false,
        }
    }
}

/// The relation and all below it, the relation first.
pub(super) fn family<'t>(catalog: &'t Catalog, relation: &'t Relation) -> Vec<&'t Relation> {
    let mut family = vec![relation];
    let mut next = 0;
    while let Some(relation) = family.get(next) {
        let children = relation.children.iter();
        let children: Vec<_> = children
            .filter_map(|oid| catalog.relation_by_oid(*oid))
            .collect();
        let is_new = |child: &&Relation| !family.iter().any(|known| known.oid == child.oid);
        let children: Vec<_> = children.into_iter().filter(is_new).collect();
        family.extend(children);
        next += 1;
    }
    family
}

pub(super) fn named(relation: &Relation, rule: ViolationRule) -> ViolationName {
    ViolationName {
        relation: relation.name.clone(),
        rule,
    }
}
