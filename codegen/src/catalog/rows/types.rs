//! Types.

use std::collections::HashMap;

use super::{Column, Fact, TypeNames, type_name};
use crate::catalog::{self, QualifiedName, TypeKind};
use crate::describe::{Cells, Unreadable};

pub(in crate::catalog) struct Type {
    oid: u32,
    schema: String,
    name: String,
    display: String,
    kind: String,
    base: u32,
    modifier: i32,
    not_null: bool,
    element: Option<u32>,
    subtype: Option<u32>,
    relation: u32,
    text_only: bool,
    extension: Option<String>,
    comment: Option<String>,
}

impl Fact for Type {
    const SQL: &'static str = include_str!("types.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            oid: cells.number()?,
            schema: cells.text()?.to_owned(),
            name: cells.text()?.to_owned(),
            display: cells.text()?.to_owned(),
            kind: cells.text()?.to_owned(),
            base: cells.number()?,
            modifier: cells.number()?,
            not_null: cells.flag()?,
            element: cells.optional_number()?,
            subtype: cells.optional_number()?,
            relation: cells.number()?,
            text_only: cells.flag()?,
            extension: cells.optional_string()?,
            comment: cells.optional_string()?,
        })
    }
}

/// A label, with the enum that it belongs to.
pub(in crate::catalog) struct Label(u32, String);

/// A check, with the domain that it belongs to. None if it has just been dropped.
pub(in crate::catalog) struct DomainCheck(u32, Option<catalog::DomainCheck>);

impl Fact for Label {
    const SQL: &'static str = include_str!("labels.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self(cells.number()?, cells.text()?.to_owned()))
    }
}

impl Fact for DomainCheck {
    const SQL: &'static str = include_str!("domain_checks.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        let owner = cells.number()?;
        let name = cells.text()?.to_owned();
        let check = cells
            .optional_string()?
            .map(|definition| catalog::DomainCheck { name, definition });
        Ok(Self(owner, check))
    }
}

fn by_owner<T>(parts: impl Iterator<Item = (u32, T)>) -> HashMap<u32, Vec<T>> {
    let mut owners: HashMap<u32, Vec<T>> = HashMap::new();
    for (owner, part) in parts {
        owners.entry(owner).or_default().push(part);
    }
    owners
}

/// The names of the types, by OID.
pub(in crate::catalog) fn type_names(types: &[Type]) -> TypeNames {
    let named = |t: &Type| (t.oid, QualifiedName::new(&t.schema, &t.name));
    types.iter().map(named).collect()
}

/// Builds the types with their labels, checks and fields.
pub(in crate::catalog) fn types(
    types: Vec<Type>,
    labels: Vec<Label>,
    checks: Vec<DomainCheck>,
    columns: &HashMap<u32, Vec<Column>>,
    names: &TypeNames,
) -> Vec<catalog::Type> {
    let mut labels = by_owner(labels.into_iter().map(|Label(owner, label)| (owner, label)));
    let mut checks = by_owner(
        checks
            .into_iter()
            .filter_map(|DomainCheck(owner, check)| Some((owner, check?))),
    );
    let convert = |ty: Type| {
        let kind = match ty.kind.as_str() {
            "e" => TypeKind::Enum {
                labels: labels.remove(&ty.oid).unwrap_or_default(),
            },
            "d" => TypeKind::Domain {
                base: type_name(names, ty.base),
                modifier: ty.modifier,
                not_null: ty.not_null,
                checks: checks.remove(&ty.oid).unwrap_or_default(),
            },
            "c" => {
                let columns = columns.get(&ty.relation).map_or(&[][..], Vec::as_slice);
                let fields = columns.iter().map(|column| column.field(names));
                TypeKind::Composite {
                    fields: fields.collect(),
                }
            }
            "r" => TypeKind::Range {
                subtype: type_name(names, ty.subtype.unwrap_or(0)),
            },
            "m" => TypeKind::Multirange {
                range: type_name(names, ty.subtype.unwrap_or(0)),
            },
            "p" => TypeKind::Pseudo,
            _ => match ty.element {
                Some(element) => TypeKind::Array {
                    element: type_name(names, element),
                },
                None => TypeKind::Base,
            },
        };
        catalog::Type {
            oid: ty.oid,
            name: QualifiedName::new(ty.schema, ty.name),
            display: ty.display,
            kind,
            text_only: ty.text_only && ty.kind == "b",
            extension: ty.extension,
            comment: ty.comment,
        }
    };
    types.into_iter().map(convert).collect()
}
