//! Types, out of `types.sql`.

use serde::Deserialize;

use super::{TypeNames, oid, optional_oid, type_name};
use crate::catalog::{self, CompositeField, QualifiedName, TypeKind};

#[derive(Deserialize)]
pub(in crate::catalog) struct Type {
    #[serde(deserialize_with = "oid")]
    pub(in crate::catalog) oid: u32,
    pub(in crate::catalog) schema: String,
    pub(in crate::catalog) name: String,
    display: String,
    kind: String,
    #[serde(deserialize_with = "optional_oid")]
    base: Option<u32>,
    modifier: i32,
    not_null: bool,
    #[serde(deserialize_with = "optional_oid")]
    element: Option<u32>,
    #[serde(deserialize_with = "optional_oid")]
    subtype: Option<u32>,
    labels: Option<Vec<String>>,
    fields: Option<Vec<Field>>,
    checks: Option<Vec<String>>,
    extension: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type", deserialize_with = "oid")]
    ty: u32,
    modifier: i32,
    not_null: bool,
}

impl Type {
    pub(in crate::catalog) fn into_type(self, names: &TypeNames) -> catalog::Type {
        let named = |oid: Option<u32>| type_name(names, oid.unwrap_or(0));
        let kind = match self.kind.as_str() {
            "e" => TypeKind::Enum {
                labels: self.labels.unwrap_or_default(),
            },
            "d" => TypeKind::Domain {
                base: named(self.base),
                modifier: self.modifier,
                not_null: self.not_null,
                checks: self.checks.unwrap_or_default(),
            },
            "c" => TypeKind::Composite {
                fields: self
                    .fields
                    .unwrap_or_default()
                    .into_iter()
                    .map(|field| CompositeField {
                        name: field.name,
                        ty: type_name(names, field.ty),
                        modifier: field.modifier,
                        not_null: field.not_null,
                    })
                    .collect(),
            },
            "r" => TypeKind::Range {
                subtype: named(self.subtype),
            },
            "m" => TypeKind::Multirange {
                range: named(self.subtype),
            },
            "p" => TypeKind::Pseudo,
            _ => match self.element {
                Some(element) => TypeKind::Array {
                    element: type_name(names, element),
                },
                None => TypeKind::Base,
            },
        };
        catalog::Type {
            oid: self.oid,
            name: QualifiedName::new(self.schema, self.name),
            display: self.display,
            kind,
            extension: self.extension,
            comment: self.comment,
        }
    }
}
