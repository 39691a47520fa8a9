//! Which constraints the statements of struct builders can violate: an insert that sets any column that can be set, an update
//! of any but those of the primary key, a deletion. What they send is not null where the column is not: the compiler has seen
//! to that.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::rule::{self, Rule, family, named};
use crate::analyze::verdict::{Violation, ViolationRule};
use crate::catalog::{
    Catalog, ColumnDefault, ConstraintKind, ForeignKeyTarget, QualifiedName, ReferentialAction,
    Relation, RelationKind,
};

/// The constraints that plain statements about a table can violate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableViolations {
    /// The table.
    pub relation: QualifiedName,
    /// By inserts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insert: Vec<Violation>,
    /// By updates that leave the primary key alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub update: Vec<Violation>,
    /// By deletions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delete: Vec<Violation>,
}

/// What plain statements about `relation` can violate; nothing of views, nor of foreign tables.
pub(crate) fn of_table(catalog: &Catalog, relation: &Relation) -> TableViolations {
    let mut violations = TableViolations {
        relation: relation.name.clone(),
        insert: Vec::new(),
        update: Vec::new(),
        delete: Vec::new(),
    };
    if !matches!(
        relation.kind,
        RelationKind::Table | RelationKind::PartitionedTable
    ) {
        return violations;
    }
    let family = family(catalog, relation);
    let rows: Vec<(&Relation, Rule<'_>)> = family
        .iter()
        .flat_map(|relation| Rule::all(relation).map(|rule| (*relation, rule)))
        .filter(|(_, rule)| !is_not_null(*rule))
        .collect();
    let of_rows = |refused: fn(&Relation, Rule<'_>) -> bool| {
        let rules = rows.iter().copied();
        gathered(rules.filter(|(_, rule)| !refused(relation, *rule)))
    };
    violations.insert = of_rows(is_numbered);
    violations.update = of_rows(is_kept);
    let is_here = |name: &QualifiedName| family.iter().any(|relation| relation.name == *name);
    let children = catalog.relations.iter().flat_map(|r| &r.children);
    let is_below: HashSet<u32> = children.copied().collect();
    for root in catalog
        .relations
        .iter()
        .filter(|r| !is_below.contains(&r.oid))
    {
        let referring = || {
            let relations = rule::family(catalog, root).into_iter();
            relations.flat_map(|referring| {
                let constraints = referring.constraints.iter();
                constraints.filter_map(move |constraint| {
                    let target = constraint.references.as_ref()?;
                    Some((referring, Rule::Constraint(constraint), target))
                })
            })
        };
        let of = |refuses: &dyn Fn(&ForeignKeyTarget) -> bool| {
            let rules = referring().filter(|(_, _, target)| is_here(&target.relation));
            let rules = rules.filter(|(_, _, target)| refuses(target));
            gathered(rules.map(|(referring, rule, _)| (referring, rule)))
        };
        violations
            .delete
            .extend(of(&|target| target.on_delete == ReferentialAction::Refuse));
        let changed = of(&|target| {
            let mut columns = target.columns.iter();
            target.on_update == ReferentialAction::Refuse
                && columns.any(|name| is_changed(relation, name))
        });
        for violation in changed {
            if !violations.update.iter().any(|v| v.name == violation.name) {
                violations.update.push(violation);
            }
        }
    }
    violations
}

fn is_not_null(rule: Rule<'_>) -> bool {
    matches!(rule, Rule::Constraint(constraint) if constraint.kind == ConstraintKind::NotNull)
}

/// Whether a new row's key holds a number that only the database gives.
fn is_numbered(relation: &Relation, rule: Rule<'_>) -> bool {
    let numbered = |name: &String| {
        let mut columns = relation.columns.iter();
        columns.any(|c| c.name == *name && c.default == ColumnDefault::IdentityAlways)
    };
    rule.is_key()
        && rule
            .columns()
            .is_some_and(|columns| columns.iter().any(numbered))
}

/// Whether an update changes none of the columns that the rule is about.
fn is_kept(relation: &Relation, rule: Rule<'_>) -> bool {
    let Some(columns) = rule.columns().filter(|columns| !columns.is_empty()) else {
        return false;
    };
    // The condition of a partial index may be about other columns.
    let is_partial = matches!(rule, Rule::Index(index) if index.predicate.is_some());
    !is_partial && !columns.iter().any(|name| is_changed(relation, name))
}

/// Whether updates change this column: not one of the primary key, and no number that only the database gives.
fn is_changed(relation: &Relation, name: &String) -> bool {
    let mut constraints = relation.constraints.iter();
    let key = constraints.find(|constraint| constraint.kind == ConstraintKind::PrimaryKey);
    let mut columns = relation.columns.iter();
    !key.is_some_and(|key| key.columns.contains(name))
        && columns.any(|c| c.name == *name && c.default != ColumnDefault::IdentityAlways)
}

/// A violation for each rule of a table, with those of partitions and children that correspond to it.
fn gathered<'t>(rules: impl Iterator<Item = (&'t Relation, Rule<'t>)>) -> Vec<Violation> {
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
