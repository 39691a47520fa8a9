//! The domains of the generated `schema` module, with their constraints, which errors can be compared with.

use super::names::{Scope, identifier, shouting, snake};
use super::table::{ConstraintRef, TableConstraint};
use super::type_item::with_schema;
use crate::catalog::{Catalog, QualifiedName};

/// A domain of the `schema` module.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Its module.
    pub module: String,
    /// Its name.
    pub name: QualifiedName,
    /// Its constraints and those of the domains that it is based on, sorted by name.
    pub constraints: Vec<TableConstraint>,
}

/// The domains among `types` that have constraints. Their modules must not have names that `modules` has already given.
pub(crate) fn domains<'t>(
    catalog: &Catalog,
    types: impl Iterator<Item = &'t QualifiedName>,
    modules: &mut Scope,
) -> Vec<Domain> {
    let mut domains: Vec<Domain> = types
        .filter_map(|name| {
            let constraints = constraints(catalog, name);
            (!constraints.is_empty()).then(|| Domain {
                module: identifier(
                    &modules.claim(&snake(&with_schema(catalog, name), "domain"), "_"),
                ),
                name: name.clone(),
                constraints,
            })
        })
        .collect();
    domains.sort_by(|a, b| a.module.cmp(&b.module));
    domains
}

fn constraints(catalog: &Catalog, name: &QualifiedName) -> Vec<TableConstraint> {
    let rules = catalog.domain_rules(name);
    let mut scope = Scope::default();
    let mut constraint = |named: &str, kind, definition: &str| TableConstraint {
        table: name.clone(),
        constant: scope.claim(&shouting(named, "constraint"), "_"),
        name: named.to_owned(),
        kind,
        columns: Vec::new(),
        deferrable: false,
        definition: definition.to_owned(),
    };
    let checks = rules.checks.iter();
    let mut all: Vec<_> = checks
        .map(|check| constraint(&check.name, ConstraintRef::DomainCheck, &check.definition))
        .collect();
    if rules.not_null {
        // The name that version 18 gives it.
        let named = format!("{}_not_null", name.name);
        all.push(constraint(&named, ConstraintRef::DomainNotNull, "NOT NULL"));
    }
    all
}
