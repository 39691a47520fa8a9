//! Finds the Rust types of SQL types, with the catalog and the user's settings.
//!
//! Types of `pg_catalog` are never looked up in the catalog: a lock file does not contain them, and must give the same
//! code.

use std::collections::{BTreeMap, BTreeSet};

use super::carrier;
use super::known::{self, Known};
use super::names::Scope;
use super::row::TableRows;
use super::rust_type::RustType;
use super::settings::{Domains, OpenEnumRule, OpenEnums, Settings};
use super::type_item;
use super::used::generated_types;
use super::whole_row;
use crate::analyze::{Analysis, ColumnRef, FieldVerdict};
use crate::catalog::{Catalog, QualifiedName, Relation, Spatial, TypeKind};

/// The data for finding the Rust type of an SQL type.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) settings: &'a Settings,
    /// The types that are used, except row types of tables whose values are all read into the tables' structs.
    pub(crate) used: BTreeSet<QualifiedName>,
    /// The Rust names of enums, composites and domains.
    pub(crate) generated: BTreeMap<QualifiedName, String>,
    /// The names of the structs for whole rows of tables.
    table_rows: BTreeMap<QualifiedName, String>,
}

/// An SQL type in a place: with its modifier, and with facts about its elements and fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) ty: &'a QualifiedName,
    pub(crate) modifier: i32,
    pub(crate) element_nullable: bool,
    pub(crate) column: Option<&'a ColumnRef>,
    /// Facts about the fields of a composite value, or of the elements of an array of them.
    pub(crate) fields: &'a [FieldVerdict],
}

/// The most fields of a record that becomes a tuple: howdah implements tuples up to this length.
const MAX_RECORD_FIELDS: usize = 16;

impl<'a> Place<'a> {
    /// A bare type.
    pub(crate) fn of(ty: &'a QualifiedName) -> Self {
        Self {
            ty,
            modifier: -1,
            element_nullable: false,
            column: None,
            fields: &[],
        }
    }
}

/// The element type of an array type.
pub(crate) fn array_element(catalog: &Catalog, ty: &QualifiedName) -> Option<QualifiedName> {
    if ty.is_builtin() {
        return match ty.name.as_str() {
            "int2vector" => Some(QualifiedName::builtin("int2")),
            "oidvector" => Some(QualifiedName::builtin("oid")),
            name => name.strip_prefix('_').map(QualifiedName::builtin),
        };
    }
    match &catalog.type_(ty)?.kind {
        TypeKind::Array { element } => Some(element.clone()),
        _ => None,
    }
}

/// The name of a type as PostgreSQL prints it: `format_type(oid, null)`.
pub fn display(catalog: &Catalog, ty: &QualifiedName) -> String {
    if ty.is_builtin() {
        return known::builtin_display(&ty.name);
    }
    catalog
        .type_(ty)
        .map_or_else(|| ty.to_string(), |ty| ty.display.clone())
}

impl<'a> Resolver<'a> {
    /// A resolver with names for the types that `analyses` and `relations` use, and the tables' structs that values are
    /// read into.
    pub(crate) fn new(
        catalog: &'a Catalog,
        settings: &'a Settings,
        analyses: impl Iterator<Item = &'a Analysis> + Clone,
        relations: &[&Relation],
    ) -> (Self, TableRows) {
        let mut resolver = Self {
            catalog,
            settings,
            used: generated_types(catalog, analyses.clone(), relations),
            generated: BTreeMap::new(),
            table_rows: BTreeMap::new(),
        };
        let mut scope = Scope::with(type_item::RESERVED);
        let wanted = resolver.used.iter().filter(|ty| resolver.generates(ty));
        let named = wanted.map(|ty| (ty.clone(), type_item::name(catalog, ty, &mut scope)));
        resolver.generated = named.collect();
        let mut rows = TableRows::new(scope);
        for (relation, fields) in whole_row::structs(catalog, analyses) {
            if resolver.generates(&relation.name) {
                let name = rows.claim_value(&resolver, relation, &fields);
                resolver.table_rows.insert(relation.name.clone(), name);
            }
        }
        (resolver, rows)
    }

    /// The Rust type of a value at `place` that is not null.
    pub(crate) fn rust_type(&self, place: Place<'_>) -> RustType {
        if let Some(text) = place
            .column
            .and_then(|column| self.column_setting(column, place.ty))
        {
            return RustType::from_setting(text);
        }
        if let Some(text) = self.type_setting(place.ty) {
            return RustType::from_setting(text);
        }
        if let Some(element) = array_element(self.catalog, place.ty) {
            let inner = Place {
                modifier: place.modifier,
                column: place.column,
                fields: place.fields,
                ..Place::of(&element)
            };
            let element = self.rust_type(inner).nullable(place.element_nullable);
            return RustType::Vec(Box::new(element));
        }
        if *place.ty == QualifiedName::builtin("record") {
            return self.record(place.fields);
        }
        if place.ty.is_builtin() {
            return self.builtin(&place.ty.name);
        }
        self.user_type(place)
    }

    /// A tuple with the types of the known fields.
    fn record(&self, fields: &[FieldVerdict]) -> RustType {
        if fields.is_empty() || fields.len() > MAX_RECORD_FIELDS {
            return RustType::Opaque;
        }
        RustType::Record(fields.iter().map(|field| self.field_type(field)).collect())
    }

    /// The Rust type of a field of a composite value.
    pub(super) fn field_type(&self, field: &FieldVerdict) -> RustType {
        let place = Place {
            ty: &field.ty,
            modifier: field.modifier,
            element_nullable: field.element_nullable,
            column: field.column.as_ref(),
            fields: &field.fields,
        };
        self.rust_type(place).nullable(field.nullable)
    }

    fn builtin(&self, name: &str) -> RustType {
        let bound = |bound| Box::new(self.rust_type(Place::of(&QualifiedName::builtin(bound))));
        if let Some(range) = known::range_bound(name) {
            return RustType::Range(bound(range));
        }
        match known::multirange_bound(name) {
            Some(multirange) => RustType::Multirange(bound(multirange)),
            None => known_or_opaque(known::chosen(self.settings, name)),
        }
    }

    fn user_type(&self, place: Place<'_>) -> RustType {
        let Some(ty) = self.catalog.type_(place.ty) else {
            return RustType::Opaque;
        };
        let names = match whole_row::relation_of(self.catalog, place.ty, place.fields) {
            Some(_) => &self.table_rows,
            None => &self.generated,
        };
        let generated = names.get(place.ty).cloned();
        match (&ty.kind, generated) {
            (TypeKind::Enum { .. }, Some(name)) => RustType::Generated {
                name,
                copy: !self.is_open(place.ty),
            },
            (TypeKind::Composite { .. }, Some(name)) => RustType::Generated { name, copy: false },
            (TypeKind::Domain { base, modifier, .. }, name) => {
                let inner = self.rust_type(Place {
                    modifier: *modifier,
                    ..Place { ty: base, ..place }
                });
                match name {
                    Some(name) => RustType::Generated {
                        name,
                        copy: inner.passed_by_value(),
                    },
                    None => inner,
                }
            }
            (TypeKind::Range { .. } | TypeKind::Multirange { .. }, _)
                if carrier::is_text_only(self.catalog, place.ty) =>
            {
                known_or_opaque(Some(&known::TEXT_ONLY))
            }
            (TypeKind::Range { subtype }, _) => {
                RustType::Range(Box::new(self.rust_type(Place::of(subtype))))
            }
            (TypeKind::Multirange { range }, _) => {
                match self.catalog.type_(range).map(|ty| &ty.kind) {
                    Some(TypeKind::Range { subtype }) => {
                        RustType::Multirange(Box::new(self.rust_type(Place::of(subtype))))
                    }
                    _ => RustType::Opaque,
                }
            }
            (TypeKind::Base, _) if ["geometry", "geography"].contains(&place.ty.name.as_str()) => {
                spatial(place.modifier)
            }
            (TypeKind::Base, _) => {
                let extension = ty.extension.as_ref();
                let known = extension.and_then(|_| known::extension(&place.ty.name));
                known_or_opaque(known.or(ty.text_only.then_some(&known::TEXT_ONLY)))
            }
            _ => RustType::Opaque,
        }
    }

    /// Whether a Rust type is generated for `ty`.
    pub(crate) fn generates(&self, ty: &QualifiedName) -> bool {
        let kind = self.catalog.type_(ty).map(|ty| &ty.kind);
        !ty.is_builtin()
            && self.type_setting(ty).is_none()
            && match kind {
                Some(TypeKind::Enum { .. } | TypeKind::Composite { .. }) => true,
                // A type of its own would tell nobody more about the names in `information_schema`.
                Some(TypeKind::Domain { .. }) => {
                    self.settings.domains == Domains::Newtype && !ty.is_system()
                }
                _ => false,
            }
    }

    /// Whether an enum has a variant for unknown labels.
    pub(crate) fn is_open(&self, ty: &QualifiedName) -> bool {
        match &self.settings.open_enums {
            OpenEnums::Rule(rule) => *rule == OpenEnumRule::All,
            OpenEnums::Named(names) => {
                let qualified = ty.to_string();
                let shown = display(self.catalog, ty);
                let is_it = |name: &String| [&qualified, &shown, &ty.name].contains(&name);
                names.iter().any(is_it)
            }
        }
    }

    fn type_setting(&self, ty: &QualifiedName) -> Option<&str> {
        let qualified = ty.to_string();
        let shown = display(self.catalog, ty);
        [qualified.as_str(), shown.as_str(), ty.name.as_str()]
            .into_iter()
            .find_map(|name| self.settings.types.get(name))
            .map(String::as_str)
    }

    /// The setting for `column`, if values of type `ty` are its values, or arrays of them, as in `= any(:ids)`. A value
    /// that is compared with a `varchar` is `text`.
    fn column_setting(&self, column: &ColumnRef, ty: &QualifiedName) -> Option<&str> {
        let relation = &column.relation;
        let columns = &self.catalog.relation(relation)?.columns;
        let there = &columns.iter().find(|c| c.name == column.column)?.ty;
        let builtin = QualifiedName::builtin;
        if there != ty && (*there != builtin("varchar") || *ty != builtin("text")) {
            return None;
        }
        let qualified = format!("{}.{}.{}", relation.schema, relation.name, column.column);
        let short = format!("{}.{}", relation.name, column.column);
        [qualified, short]
            .iter()
            .find_map(|name| self.settings.columns.get(name))
            .map(String::as_str)
    }
}

fn known_or_opaque(known: Option<&'static Known>) -> RustType {
    known.map_or(RustType::Opaque, RustType::Known)
}

/// The Rust type of a `geometry` or `geography`. `geo_types` has no third coordinate and no curves.
fn spatial(modifier: i32) -> RustType {
    RustType::Known(match Spatial::from_modifier(modifier) {
        None => known::spatial(""),
        Some(declared) if declared.z || declared.m => known::measured(),
        Some(declared) => known::spatial(declared.subtype.unwrap_or("")),
    })
}
