//! Enums, composites and domains of the database as types of the generated `types` module.

use super::comment::documented;
use super::names::{Scope, identifier, pascal, snake};
use super::parts::Sending;
use super::resolve::{Place, Resolver};
use super::rust_type::RustType;
use crate::catalog::{Catalog, CompositeField, QualifiedName, Spatial, TypeKind};

/// Names that generated modules use themselves, or that would hide Rust's own.
pub(crate) const RESERVED: &[&str] = &[
    "Accepts",
    "Box",
    "Clone",
    "Composite",
    "Copy",
    "Debug",
    "Decode",
    "DecodeError",
    "Default",
    "Display",
    "Encode",
    "EncodeError",
    "Eq",
    "Err",
    "Error",
    "Exec",
    "Field",
    "Formatter",
    "From",
    "FromColumns",
    "FromStr",
    "Hash",
    "IsNull",
    "Many",
    "None",
    "Ok",
    "One",
    "Opaque",
    "Opt",
    "Option",
    "Ord",
    "Param",
    "PartialEq",
    "PartialOrd",
    "PgRow",
    "Query",
    "Result",
    "Row",
    "Self",
    "Some",
    "String",
    "Type",
    "Value",
    "Vec",
    "Violated",
    "Violation",
];

/// A type of the `types` module.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeItem {
    /// Its Rust name.
    pub name: String,
    /// Its SQL name.
    pub sql: QualifiedName,
    /// `comment on type`.
    pub comment: Option<String>,
    /// The kind of type.
    pub shape: TypeShape,
    /// How each field of a composite, or the value of a domain, is sent, if it is sent in parts.
    pub sending: Option<Vec<Sending>>,
}

/// The kind of a generated type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeShape {
    /// An enum.
    Enum {
        /// A variant for each label.
        variants: Vec<Variant>,
        /// The variant for unknown labels, if there is one.
        other: Option<String>,
    },
    /// A composite: the names of its fields in SQL and in Rust, and their types.
    Composite(Vec<super::Field>),
    /// A domain over a Rust type.
    Domain {
        /// The type inside.
        inner: RustType,
        /// Whether it is `Copy`.
        copy: bool,
        /// The definitions of its checks.
        checks: Vec<String>,
        /// Of shapes, the SRID that it declares, or 0.
        srid: Option<i32>,
    },
}

/// A variant of a generated enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its Rust name.
    pub name: String,
    /// Its label.
    pub label: String,
}

/// The base of the Rust name for `name`: with the schema, unless that is the first of the search path.
pub(crate) fn with_schema(catalog: &Catalog, name: &QualifiedName) -> String {
    match catalog.search_path.first() {
        Some(first) if *first != name.schema => format!("{}_{}", name.schema, name.name),
        _ => name.name.clone(),
    }
}

/// Gives `sql` a name in `scope`.
pub(crate) fn name(catalog: &Catalog, sql: &QualifiedName, scope: &mut Scope) -> String {
    let name = pascal(&with_schema(catalog, sql), "Type1");
    let name = if scope.has(&name) && RESERVED.contains(&name.as_str()) {
        format!("{name}Type")
    } else {
        name
    };
    scope.claim(&name, "")
}

/// The types that have names, sorted by name.
pub(crate) fn items(resolver: &Resolver<'_>) -> Vec<TypeItem> {
    let mut items: Vec<TypeItem> = resolver
        .generated
        .iter()
        .filter_map(|(sql, name)| {
            let ty = resolver.catalog.type_(sql)?;
            Some(TypeItem {
                name: name.clone(),
                sql: sql.clone(),
                comment: ty.comment.as_deref().map(documented),
                shape: shape(resolver, sql, &ty.kind)?,
                sending: None,
            })
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    items
}

fn shape(resolver: &Resolver<'_>, sql: &QualifiedName, kind: &TypeKind) -> Option<TypeShape> {
    match kind {
        TypeKind::Enum { labels } => {
            let mut scope = Scope::default();
            Some(TypeShape::Enum {
                variants: variants(labels, &mut scope),
                other: resolver.is_open(sql).then(|| scope.claim("Other", "")),
            })
        }
        TypeKind::Composite { fields } => {
            let mut scope = Scope::default();
            let fields = fields.iter().enumerate().map(|(index, field)| {
                let name = snake(&field.name, &format!("field{}", index + 1));
                super::Field {
                    name: identifier(&scope.claim(&name, "_")),
                    column: field.name.clone(),
                    ty: field_type(resolver, field),
                    note: format!("`{}`.", super::display(resolver.catalog, &field.ty)),
                }
            });
            Some(TypeShape::Composite(fields.collect()))
        }
        TypeKind::Domain {
            base,
            modifier,
            checks,
            ..
        } => {
            let inner = domain_inner(resolver, base, *modifier);
            Some(TypeShape::Domain {
                copy: inner.passed_by_value(),
                inner,
                checks: checks.iter().map(|c| c.definition.clone()).collect(),
                srid: srid(resolver.catalog, base, *modifier),
            })
        }
        _ => None,
    }
}

/// The Rust type of a composite's field. It is an `Option`, also in arrays, because a constructed composite can have
/// nulls anywhere.
pub(super) fn field_type(resolver: &Resolver<'_>, field: &CompositeField) -> RustType {
    let place = Place {
        modifier: field.modifier,
        element_nullable: true,
        ..Place::of(&field.ty)
    };
    resolver.rust_type(place).nullable(true)
}

/// The Rust type inside a domain over `base`. Like a column, a domain over an array says nothing about its elements.
pub(super) fn domain_inner(
    resolver: &Resolver<'_>,
    base: &QualifiedName,
    modifier: i32,
) -> RustType {
    resolver.rust_type(Place {
        modifier,
        element_nullable: true,
        ..Place::of(base)
    })
}

/// The SRID that a type of shapes declares, 0 if it declares none.
fn srid(catalog: &Catalog, ty: &QualifiedName, modifier: i32) -> Option<i32> {
    let (_, modifier) = catalog.shapes(catalog.type_(ty)?, modifier)?;
    Some(Spatial::from_modifier(modifier).map_or(0, |declared| declared.srid))
}

/// The variants for `labels`; an empty label is `Empty`, one without a letter `Label3`.
fn variants(labels: &[String], scope: &mut Scope) -> Vec<Variant> {
    labels
        .iter()
        .enumerate()
        .map(|(index, label)| {
            let positional = match label.as_str() {
                "" => "Empty".to_owned(),
                _ => format!("Label{}", index + 1),
            };
            Variant {
                name: identifier(&scope.claim(&pascal(label, &positional), "")),
                label: label.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Scope, variants};

    #[test]
    fn any_label_becomes_a_variant() {
        let labels = ["happy", "very sad", "very_sad", "", "!?", "Self", "2d"];
        let variants = variants(&labels.map(String::from), &mut Scope::default());
        let names: Vec<&str> = variants.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Happy", "VerySad", "VerySad2", "Empty", "Label5", "Self_", "_2d"
            ]
        );
    }
}
