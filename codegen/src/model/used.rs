//! The relations and types that a set of queries uses: the part of the catalog that generated code and the lock file
//! need.

use std::collections::BTreeSet;

use super::whole_row::{relation_of, values};
use crate::analyze::{Analysis, FieldVerdict};
use crate::catalog::{Catalog, QualifiedName, Relation, TypeKind};

/// The relations that `analyses` read, write or take columns from, except system relations.
pub(crate) fn used_relations<'c, 'a>(
    catalog: &'c Catalog,
    analyses: impl Iterator<Item = &'a Analysis> + Clone,
) -> Vec<&'c Relation> {
    let mut names = BTreeSet::new();
    for (_, fields) in values(analyses.clone()) {
        let columns = fields.iter().filter_map(|field| field.column.as_ref());
        names.extend(columns.map(|column| &column.relation));
    }
    for analysis in analyses {
        let columns = analysis.columns.iter().filter_map(|c| c.column.as_ref());
        let params = analysis.params.iter().filter_map(|p| p.column.as_ref());
        names.extend(analysis.reads.iter().chain(&analysis.writes));
        names.extend(columns.chain(params).map(|column| &column.relation));
    }
    names
        .into_iter()
        .filter(|name| !name.is_system())
        .filter_map(|name| catalog.relation(name))
        .collect()
}

/// The types that `analyses` and `relations` use, with their parts. Built-in types are left out, except row types.
pub(crate) fn used_types<'a>(
    catalog: &Catalog,
    analyses: impl Iterator<Item = &'a Analysis> + Clone,
    relations: &[&Relation],
) -> BTreeSet<QualifiedName> {
    collect(catalog, analyses, relations, |_, _| true)
}

/// Those of them that need a generated type: not the row type of a table whose values are all read into the table's
/// struct.
pub(crate) fn generated_types<'a>(
    catalog: &Catalog,
    analyses: impl Iterator<Item = &'a Analysis> + Clone,
    relations: &[&Relation],
) -> BTreeSet<QualifiedName> {
    collect(catalog, analyses, relations, |ty, fields| {
        relation_of(catalog, ty, fields).is_none()
    })
}

fn collect<'a>(
    catalog: &Catalog,
    analyses: impl Iterator<Item = &'a Analysis> + Clone,
    relations: &[&Relation],
    is_used: impl Fn(&QualifiedName, &[FieldVerdict]) -> bool,
) -> BTreeSet<QualifiedName> {
    let mut used = BTreeSet::new();
    for (ty, fields) in values(analyses.clone()) {
        if is_used(ty, fields) {
            add(catalog, ty, &mut used);
        }
    }
    for analysis in analyses {
        let domains = analysis.columns.iter().filter_map(|c| c.domain.as_ref());
        for ty in domains.chain(analysis.params.iter().map(|param| &param.ty)) {
            add(catalog, ty, &mut used);
        }
    }
    for relation in relations {
        for column in &relation.columns {
            add(catalog, &column.ty, &mut used);
        }
    }
    used
}

/// Whether it is a built-in type, but not the row type of a system relation.
fn is_plain(catalog: &Catalog, ty: &QualifiedName) -> bool {
    ty.is_builtin()
        && match catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Composite { .. }) => false,
            Some(TypeKind::Array { element }) => is_plain(catalog, element),
            _ => true,
        }
}

fn add(catalog: &Catalog, ty: &QualifiedName, used: &mut BTreeSet<QualifiedName>) {
    if is_plain(catalog, ty) || !used.insert(ty.clone()) {
        return;
    }
    for part in catalog.parts(ty) {
        add(catalog, part, used);
    }
}
