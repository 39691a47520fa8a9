//! `#[derive(PgDomain)]`: a struct around the value of a domain, or of any column.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Member, Type};

use super::attr::TypeAttrs;
use super::{Impls, finish, lifetime};
use crate::errors::Errors;

const WORDS: [&str; 4] = ["name", "schema", "transparent", "crate"];

/// Expands the derive for one item.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let attrs = TypeAttrs::read(&item.attrs, &WORDS, "a struct", &errors);
    let lifetime = lifetime(item, "PgDomain", &errors);
    let impls = inner(item, &errors).map(|(member, ty)| {
        let howdah = attrs.howdah();
        let (schema, name) = attrs.sql_name(item);
        let decode = quote!(<#ty as #howdah::Decode<'_>>);
        let base = quote!(#decode::ACCEPTS);
        let accepts = match attrs.transparent.get() {
            Some(()) => base,
            None => quote!(&#howdah::Accepts::Domain { schema: #schema, name: #name, base: #base }),
        };
        let made = match &member {
            Member::Named(field) => quote!(|#field| Self { #field }),
            Member::Unnamed(_) => quote!(Self),
        };
        let impls = Impls {
            item,
            howdah: &howdah,
            lifetime: lifetime.clone(),
            ty: quote!(ty),
            accepts,
            more: quote! {
                const NULLABLE: ::core::primitive::bool = #decode::NULLABLE;

                fn decode_null() -> ::core::result::Result<Self, #howdah::DecodeError> {
                    #decode::decode_null().map(#made)
                }
            },
            decode: quote!(#decode::decode(ty, raw).map(#made)),
            encode: quote!(<#ty as #howdah::Encode>::encode(&self.#member, ty, out)),
        };
        impls.tokens()
    });
    finish(item, &attrs, lifetime, errors, impls)
}

/// The only field.
fn inner(item: &DeriveInput, errors: &Errors) -> Option<(Member, Type)> {
    let message = "`PgDomain` needs a struct with one field, which is the value of the domain";
    let fields = match &item.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            errors.at(
                data.enum_token,
                format!("{message}; for an enum derive `PgEnum`"),
            );
            return None;
        }
        Data::Union(data) => {
            errors.at(data.union_token, message);
            return None;
        }
    };
    for field in fields {
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("pg")) {
            errors.at(
                attribute,
                "the field of a domain takes no settings: they stand on the struct",
            );
        }
    }
    match fields.members().zip(fields).collect::<Vec<_>>().as_slice() {
        [(member, field)] => Some((member.clone(), field.ty.clone())),
        [] => {
            errors.at(&item.ident, message);
            None
        }
        _ => {
            let message = format!("{message}; for a composite type derive `PgComposite`");
            errors.at(&item.ident, message);
            None
        }
    }
}
