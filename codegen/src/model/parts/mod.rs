//! Parameters for composites with fields without a binary form. The server cannot read records, so each field is sent
//! as a separate parameter, and the SQL builds the composite. For an array of composites, each field is an array.
//!
//! The parameters and their order must match `howdah`'s `parts`, which splits the values.

mod sql;

use std::collections::BTreeMap;

use super::carrier::{Carrier, holds_text_only};
use super::resolve::{Resolver, array_element};
use super::rust_type::RustType;
use super::type_item::{TypeItem, domain_inner, field_type};
use crate::catalog::{QualifiedName, TypeKind};

/// How values of a type are built from their parameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Parts {
    /// A value that can be sent.
    Value(Value),
    /// An array.
    Array {
        ty: QualifiedName,
        element: Box<Parts>,
    },
    /// A composite with these fields.
    Composite {
        ty: QualifiedName,
        fields: Vec<Parts>,
    },
    /// A domain over arrays or composites.
    Domain {
        ty: QualifiedName,
        of: Box<Parts>,
        /// Whether Rust has a struct for it.
        is_struct: bool,
    },
}

/// A value that can be sent, possibly as another type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    ty: QualifiedName,
    /// The type that it is sent as. A domain that could forbid null is sent as its base type, because nulls are sent
    /// for the fields of a null composite.
    sent: QualifiedName,
    carrier: Option<Carrier>,
    /// The modifier of a field or element whose type has a length. A cast would truncate longer values, while the
    /// server rejects them in a composite that it reads.
    length: Option<i32>,
}

/// How a field is added to `howdah`'s `Parts`. The name is that of a type that can be sent by itself, but not in a
/// composite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// As a value that can be sent.
    Value(Option<QualifiedName>),
    /// As an array of values that can be sent.
    Array(Option<QualifiedName>),
    /// As a type that is sent in parts itself.
    Parts,
}

impl Value {
    /// A value that is sent without conversion.
    fn whole(ty: &QualifiedName, modifier: i32) -> Self {
        let has_length = ["bit", "bpchar", "varbit", "varchar"].contains(&ty.name.as_str());
        Self {
            ty: ty.clone(),
            sent: ty.clone(),
            carrier: None,
            length: (ty.is_builtin() && has_length && modifier >= 0).then_some(modifier),
        }
    }

    /// A value of the domain `ty` around this one.
    fn in_domain(self, ty: &QualifiedName, allows_null: bool) -> Self {
        if allows_null && self.sent == self.ty {
            return Self::whole(ty, -1);
        }
        let ty = ty.clone();
        Self { ty, ..self }
    }
}

impl Parts {
    /// The parts of a parameter with the types `ty` and `rust`, if it must and can be sent in parts.
    pub(crate) fn of_param(
        resolver: &Resolver<'_>,
        ty: &QualifiedName,
        rust: &RustType,
    ) -> Option<Self> {
        let must = holds_text_only(resolver.catalog, ty)
            && Carrier::of_param(resolver.catalog, ty).is_none();
        must.then(|| Self::of(resolver, ty, -1, rust)).flatten()
    }

    fn of(
        resolver: &Resolver<'_>,
        ty: &QualifiedName,
        modifier: i32,
        rust: &RustType,
    ) -> Option<Self> {
        let catalog = resolver.catalog;
        if let RustType::Option(rust) = rust {
            return Self::of(resolver, ty, modifier, rust);
        }
        if let Some(element) = array_element(catalog, ty) {
            let RustType::Vec(inner) = rust else {
                return None;
            };
            // A slice of an array cannot be an `int2vector`, and a `Vec` in a `Vec` is a two-dimensional array.
            let is_vector = ty.is_builtin() && !ty.name.starts_with('_');
            let element = Self::of(resolver, &element, modifier, inner)?;
            return (!is_vector && !element.is_vec()).then(|| Self::Array {
                ty: ty.clone(),
                element: Box::new(element),
            });
        }
        let is_struct = matches!(rust, RustType::Generated { .. });
        match catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Composite { fields }) if holds_text_only(catalog, ty) => {
                let fields = fields.iter().map(|field| {
                    let rust = field_type(resolver, field);
                    Self::of(resolver, &field.ty, field.modifier, &rust)
                });
                let fields = fields.collect::<Option<_>>()?;
                let ty = ty.clone();
                is_struct.then_some(Self::Composite { ty, fields })
            }
            Some(TypeKind::Domain {
                base,
                modifier,
                not_null,
                checks,
            }) => {
                let inner = match is_struct {
                    true => &domain_inner(resolver, base, *modifier),
                    false => rust,
                };
                Some(match Self::of(resolver, base, *modifier, inner)? {
                    Self::Value(value) => {
                        Self::Value(value.in_domain(ty, !not_null && checks.is_empty()))
                    }
                    of => Self::Domain {
                        ty: ty.clone(),
                        of: Box::new(of),
                        is_struct,
                    },
                })
            }
            _ if !holds_text_only(catalog, ty) => Some(Self::Value(Value::whole(ty, modifier))),
            _ => match Carrier::of_param(catalog, ty)? {
                Carrier::Cast(sent) => Some(Self::Value(Value {
                    ty: ty.clone(),
                    sent: sent.clone(),
                    carrier: Some(Carrier::Cast(sent)),
                    length: None,
                })),
                _ => None,
            },
        }
    }

    fn ty(&self) -> &QualifiedName {
        match self {
            Self::Value(Value { ty, .. })
            | Self::Array { ty, .. }
            | Self::Composite { ty, .. }
            | Self::Domain { ty, .. } => ty,
        }
    }

    /// Whether its Rust type is a `Vec`.
    fn is_vec(&self) -> bool {
        match self {
            Self::Array { .. } => true,
            Self::Domain { of, is_struct, .. } => !is_struct && of.is_vec(),
            Self::Value(_) | Self::Composite { .. } => false,
        }
    }

    /// Whether an array must be built, which needs a subquery.
    pub(crate) fn has_arrays(&self) -> bool {
        match self {
            Self::Value(_) => false,
            Self::Array { .. } => true,
            Self::Composite { fields, .. } => fields.iter().any(Self::has_arrays),
            Self::Domain { of, .. } => of.has_arrays(),
        }
    }

    /// Whether a composite must be built that is not inside another.
    fn has_composites(&self) -> bool {
        match self {
            Self::Value(_) => false,
            Self::Array { element: of, .. } | Self::Domain { of, .. } => of.has_composites(),
            Self::Composite { .. } => true,
        }
    }

    /// How it is sent if its type is `ty`.
    fn sending(&self, ty: &QualifiedName) -> Sending {
        let named = |value: &Value| value.carrier.is_some().then(|| ty.clone());
        match self {
            Self::Value(value) => Sending::Value(named(value)),
            Self::Array { element, .. } => match &**element {
                Self::Value(value) => Sending::Array(named(value)),
                _ => Sending::Parts,
            },
            Self::Domain {
                of,
                is_struct: false,
                ..
            } => of.sending(ty),
            Self::Domain { .. } | Self::Composite { .. } => Sending::Parts,
        }
    }

    /// Adds how the struct of each composite and domain in it is sent.
    fn structs<'a>(&'a self, structs: &mut BTreeMap<&'a QualifiedName, Vec<Sending>>) {
        match self {
            Self::Value(_) => {}
            Self::Array { element, .. } => element.structs(structs),
            Self::Composite { ty, fields } => {
                let sending = fields.iter().map(|field| field.sending(field.ty()));
                structs.insert(ty, sending.collect());
                fields.iter().for_each(|field| field.structs(structs));
            }
            Self::Domain { ty, of, is_struct } => {
                if *is_struct {
                    structs.insert(ty, vec![of.sending(of.ty())]);
                }
                of.structs(structs);
            }
        }
    }
}

/// Stores in the types of `params` how they are sent.
pub(crate) fn note<'a>(params: impl Iterator<Item = &'a Parts>, types: &mut [TypeItem]) {
    let mut structs = BTreeMap::new();
    params.for_each(|parts| parts.structs(&mut structs));
    for item in types {
        item.sending = structs.remove(&item.sql);
    }
}
