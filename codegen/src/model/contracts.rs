//! The parts of the schema that generated code relies on, and the queries that use them. The generated `verify`
//! compares them with a server. They include all tables and domains of the `schema` module and all enums, because
//! derived statements can use them without any query.

use std::collections::BTreeMap;
use std::iter::once;

use super::domain::Domain;
use super::table::Table;
use super::type_item::{TypeItem, TypeShape};
use super::used::used_types;
use crate::analyze::Analysis;
use crate::catalog::{Catalog, QualifiedName};

/// The parts of the schema that generated code and derived statements rely on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contracts {
    /// The modules of the tables, and the names of the queries that read or write each.
    pub tables: Vec<(String, Vec<String>)>,
    /// The enums and their labels, and the names of the queries that take or return each.
    pub enums: Vec<EnumUse>,
    /// The domains with constraints, and the names of the queries that take or return each.
    pub domains: Vec<DomainUse>,
}

/// A domain, and the queries that take or return it.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainUse {
    /// Its SQL name.
    pub name: QualifiedName,
    /// The paths of its constraints' consts, below its module.
    pub constraints: Vec<String>,
    /// The names of the queries.
    pub queries: Vec<String>,
}

/// An enum, and the queries that take or return it.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumUse {
    /// Its SQL name.
    pub name: QualifiedName,
    /// Its labels in order.
    pub labels: Vec<String>,
    /// The names of the queries.
    pub queries: Vec<String>,
}

impl Contracts {
    /// Whether there is nothing to rely on.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.enums.is_empty() && self.domains.is_empty()
    }
}

/// The `tables`, the enums of the `types` and the `domains`, each with the names of those of the `queries` that use it.
pub(crate) fn contracts(
    catalog: &Catalog,
    queries: &[(String, &Analysis)],
    tables: &[Table],
    types: &[TypeItem],
    domains: &[Domain],
) -> Contracts {
    let mut of_relations: BTreeMap<&QualifiedName, Vec<String>> = BTreeMap::new();
    let mut of_types: BTreeMap<QualifiedName, Vec<String>> = BTreeMap::new();
    for (name, analysis) in queries {
        for relation in analysis.reads.iter().chain(&analysis.writes) {
            let users = of_relations.entry(relation).or_default();
            if users.last() != Some(name) {
                users.push(name.clone());
            }
        }
        for ty in used_types(catalog, once(*analysis), &[]) {
            of_types.entry(ty).or_default().push(name.clone());
        }
    }
    let table = |table: &Table| {
        let queries = of_relations.remove(&table.name).unwrap_or_default();
        (table.module.clone(), queries)
    };
    let enumeration = |item: &TypeItem| match &item.shape {
        TypeShape::Enum {
            variants,
            other: None,
        } => Some(EnumUse {
            name: item.sql.clone(),
            labels: variants.iter().map(|v| v.label.clone()).collect(),
            queries: of_types.remove(&item.sql).unwrap_or_default(),
        }),
        // An enum with a variant for other labels accepts any label.
        TypeShape::Enum { .. } | TypeShape::Composite(_) | TypeShape::Domain { .. } => None,
    };
    let enums = types.iter().filter_map(enumeration).collect();
    let domain = |domain: &Domain| DomainUse {
        name: domain.name.clone(),
        constraints: domain
            .constraints
            .iter()
            .map(|constraint| format!("{}::{}", domain.module, constraint.constant))
            .collect(),
        queries: of_types.remove(&domain.name).unwrap_or_default(),
    };
    Contracts {
        tables: tables.iter().map(table).collect(),
        enums,
        domains: domains.iter().map(domain).collect(),
    }
}
