//! The constraints that the statements of struct builders can violate: an insert that sets any columns that can be set,
//! an update of any columns except those of the primary key, and a deletion. Values for columns that are not null are
//! not null, because the compiler has checked that.

use serde::{Deserialize, Serialize};

use super::domains;
use super::rule::{Rule, gathered, referring};
use crate::analyze::verdict::Violation;
use crate::catalog::{
    Catalog, Column, ColumnDefault, ConstraintKind, ForeignKeyTarget, QualifiedName,
    ReferentialAction, Relation, RelationKind,
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

impl TableViolations {
    fn is_empty(&self) -> bool {
        self.insert.is_empty() && self.update.is_empty() && self.delete.is_empty()
    }
}

/// The violations of plain statements about `relations`, sorted by table, without those that have none.
pub(crate) fn of_tables(catalog: &Catalog, relations: &[&Relation]) -> Vec<TableViolations> {
    let all = relations.iter().map(|relation| of_table(catalog, relation));
    let mut some: Vec<_> = all.filter(|violations| !violations.is_empty()).collect();
    some.sort_by(|a, b| a.relation.cmp(&b.relation));
    some
}

/// The violations for one relation. Those of a view are those of the table that it writes to. Nothing is known about
/// foreign tables and views with triggers.
fn of_table(catalog: &Catalog, relation: &Relation) -> TableViolations {
    let below = relation.below.as_ref();
    match below.and_then(|below| Some((below, catalog.relation(&below.table)?))) {
        Some((below, table)) => TableViolations {
            relation: relation.name.clone(),
            ..of_columns(catalog, table, &|name| {
                let mut columns = below.columns.iter();
                columns.any(|(_, written)| written == name)
            })
        },
        None => of_columns(catalog, relation, &|_| true),
    }
}

/// The violations of statements that write only the columns for which `is_shown` is true.
fn of_columns(
    catalog: &Catalog,
    relation: &Relation,
    is_shown: &dyn Fn(&String) -> bool,
) -> TableViolations {
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
    let family = catalog.family(relation);
    let of_rows = |is_kept: &dyn Fn(Rule<'_>) -> bool| {
        let rules = Rule::of_family(&family).filter(|(_, rule)| !is_not_null(*rule));
        gathered(rules.filter(|(_, rule)| !is_kept(*rule)))
    };
    let is_changed = |name: &String| is_shown(name) && is_changed(relation, name);
    violations.insert = of_rows(&|rule| is_numbered(relation, rule));
    violations.update = of_rows(&|rule| is_kept(&is_changed, rule));
    let of_domains = |is_written: &dyn Fn(&Column) -> bool| {
        let columns = relation.columns.iter().filter(|column| is_written(column));
        domains::of_values(catalog, columns.map(|column| &column.ty))
    };
    violations.insert.extend(of_domains(&|column| {
        column.default != ColumnDefault::IdentityAlways
    }));
    violations
        .update
        .extend(of_domains(&|column| is_changed(&column.name)));
    for keys in referring(catalog, &family) {
        let of = |refuses: &dyn Fn(&ForeignKeyTarget) -> bool| {
            let refusing = keys.iter().filter(|(_, _, target)| refuses(target));
            gathered(refusing.map(|(referring, rule, _)| (*referring, *rule)))
        };
        violations
            .delete
            .extend(of(&|target| target.on_delete == ReferentialAction::Refuse));
        let changed = of(&|target| {
            let mut columns = target.columns.iter();
            target.on_update == ReferentialAction::Refuse && columns.any(is_changed)
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

/// Whether a new row's key contains a number that only the database generates.
fn is_numbered(relation: &Relation, rule: Rule<'_>) -> bool {
    let numbered = |name: &String| {
        let column = relation.column(name);
        column.is_some_and(|column| column.default == ColumnDefault::IdentityAlways)
    };
    rule.is_key()
        && !rule.is_exclusion()
        && rule
            .columns()
            .is_some_and(|columns| columns.iter().any(numbered))
}

/// Whether an update changes none of the rule's columns.
fn is_kept(is_changed: &dyn Fn(&String) -> bool, rule: Rule<'_>) -> bool {
    let Some(columns) = rule.columns().filter(|columns| !columns.is_empty()) else {
        return false;
    };
    // The condition of a partial index can contain other columns.
    let is_partial = matches!(rule, Rule::Index(index) if index.predicate.is_some());
    !is_partial && !columns.iter().any(is_changed)
}

/// Whether updates can change this column: not if it is in the primary key, or a number that only the database
/// generates.
fn is_changed(relation: &Relation, name: &String) -> bool {
    let mut constraints = relation.constraints.iter();
    let key = constraints.find(|constraint| constraint.kind == ConstraintKind::PrimaryKey);
    let column = relation.column(name);
    !key.is_some_and(|key| key.columns.contains(name))
        && column.is_some_and(|column| column.default != ColumnDefault::IdentityAlways)
}
