//! `#[derive(PgDomain)]`: a struct around the value of a domain, or of any column.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Lifetime, Member, Path, Type};

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
        let (schema, name) = attrs.sql_name(item, &errors);
        let decode = quote!(<#ty as #howdah::Decode<'_>>);
        let base = quote!(#decode::ACCEPTS);
        let is_transparent = attrs.transparent.get().is_some();
        let accepts = match is_transparent {
            true => base,
            false => {
                quote!(&#howdah::Accepts::Domain { schema: #schema, name: #name, base: #base })
            }
        };
        let made = match &member {
            Member::Named(field) => quote!(|#field| Self { #field }),
            Member::Unnamed(_) => quote!(Self),
        };
        let (decode_inner, encode_inner) = match is_transparent {
            true => dimensions(&howdah, &ty, &member, &made, &lifetime),
            false => Default::default(),
        };
        let encode = quote!(<#ty as #howdah::Encode>);
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

                #decode_inner
            },
            decode: quote!(#decode::decode(ty, raw).map(#made)),
            encode: quote!(#encode::encode(&self.#member, ty, out)),
            more_encode: quote! {
                const NULLABLE: ::core::primitive::bool = #encode::NULLABLE;

                fn encode_at(
                    &self,
                    srid: ::core::primitive::i32,
                    ty: &#howdah::Type,
                    out: &mut #howdah::BytesMut,
                ) -> ::core::result::Result<#howdah::IsNull, #howdah::EncodeError> {
                    #encode::encode_at(&self.#member, srid, ty, out)
                }

                #encode_inner
            },
        };
        impls.tokens()
    });
    finish(item, &attrs, lifetime, errors, impls)
}

/// What a value that is an array is within a larger one, for the impls of `Decode` and `Encode`.
fn dimensions(
    howdah: &Path,
    ty: &Type,
    member: &Member,
    made: &TokenStream,
    lifetime: &Lifetime,
) -> (TokenStream, TokenStream) {
    let decode = quote!(<#ty as #howdah::Decode<'_>>);
    let encode = quote!(<#ty as #howdah::Encode>);
    let reading = quote! {
        const DIMENSIONS: ::core::primitive::usize = #decode::DIMENSIONS;

        fn decode_in_array(
            element: &#howdah::Type,
            dimensions: &[#howdah::Dimension],
            raw: &mut &#lifetime [::core::primitive::u8],
        ) -> ::core::result::Result<Self, #howdah::DecodeError> {
            #decode::decode_in_array(element, dimensions, raw).map(#made)
        }
    };
    let writing = quote! {
        fn array_lengths(
            &self,
        ) -> ::core::result::Result<::std::vec::Vec<::core::primitive::usize>, #howdah::EncodeError> {
            #encode::array_lengths(&self.#member)
        }

        fn encode_in_array(
            &self,
            srid: ::core::primitive::i32,
            element: &#howdah::Type,
            out: &mut #howdah::BytesMut,
        ) -> ::core::result::Result<(), #howdah::EncodeError> {
            #encode::encode_in_array(&self.#member, srid, element, out)
        }
    };
    (reading, writing)
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
