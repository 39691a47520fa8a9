//! The rules of a table: its constraints, its unique indexes that are no constraints, and the corresponding ones of its
//! partitions and children.

use crate::analyze::verdict::{Violation, ViolationName, ViolationRule};
use crate::catalog::{
    Catalog, Constraint, ConstraintKind, ForeignKeyTarget, Relation, UniqueIndex,
};

/// A constraint, or a unique index that is no constraint.
#[derive(Clone, Copy)]
pub(super) enum Rule<'t> {
    Constraint(&'t Constraint),
    Index(&'t UniqueIndex),
}

impl<'t> Rule<'t> {
    fn all(relation: &'t Relation) -> impl Iterator<Item = Rule<'t>> {
        let indexes = relation.unique_indexes.iter();
        let indexes = indexes.filter(|index| !relation.has_constraint_of(index));
        let constraints = relation.constraints.iter();
        constraints
            .map(Rule::Constraint)
            .chain(indexes.map(Rule::Index))
    }

    /// The rules of a table with its partitions and children, each with its relation.
    pub(super) fn of_family(
        family: &[&'t Relation],
    ) -> impl Iterator<Item = (&'t Relation, Rule<'t>)> {
        let relations = family.iter().copied();
        relations.flat_map(|relation| Self::all(relation).map(move |rule| (relation, rule)))
    }

    pub(super) fn name(self) -> &'t str {
        match self {
            Self::Constraint(constraint) => &constraint.name,
            Self::Index(index) => &index.name,
        }
    }

    /// Its columns, if it depends on nothing else.
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

    /// Whether it is an exclusion constraint, whose operators can be others than those of equality.
    pub(super) fn is_exclusion(self) -> bool {
        matches!(self, Self::Constraint(constraint) if constraint.kind == ConstraintKind::Exclusion)
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

    /// Whether this rule of a partition or child corresponds to `other`, a rule of the table.
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

/// The foreign keys to one of `targets`, grouped by table with all its partitions and children.
pub(super) fn referring<'t>(
    catalog: &'t Catalog,
    targets: &[&Relation],
) -> Vec<Vec<(&'t Relation, Rule<'t>, &'t ForeignKeyTarget)>> {
    let of_family = |root| {
        let constraints = catalog.family(root).into_iter().flat_map(|relation| {
            let constraints = relation.constraints.iter();
            constraints.map(move |constraint| (relation, constraint))
        });
        let keys = constraints.filter_map(|(relation, constraint)| {
            let target = constraint.references.as_ref()?;
            let refers = targets.iter().any(|t| t.name == target.relation);
            refers.then_some((relation, Rule::Constraint(constraint), target))
        });
        keys.collect()
    };
    catalog.referring_roots(targets).map(of_family).collect()
}

/// A violation for each rule of a table, with the corresponding rules of partitions and children.
pub(super) fn gathered<'t>(
    rules: impl Iterator<Item = (&'t Relation, Rule<'t>)>,
) -> Vec<Violation> {
    let mut known: Vec<(Rule<'t>, Violation)> = Vec::new();
    for (relation, rule) in rules {
        let name = named(relation, ViolationRule::Constraint(rule.name().to_owned()));
        match known
            .iter_mut()
            .find(|(other, _)| rule.corresponds_to(*other))
        {
            Some((_, violation)) => violation.also.push(name),
            None => known.push((
                rule,
                Violation {
                    name,
                    definition: rule.definition(),
                    also: Vec::new(),
                },
            )),
        }
    }
    known.into_iter().map(|(_, violation)| violation).collect()
}

pub(super) fn named(relation: &Relation, rule: ViolationRule) -> ViolationName {
    ViolationName {
        relation: relation.name.clone(),
        rule,
    }
}
