//! `#[derive(PgEnum)]`, `#[derive(PgComposite)]` and `#[derive(PgDomain)]`: Rust types for the types that a user made in
//! the database. Each reads its input, and returns the impls that the code generator would write, or all errors with
//! dummy impls.

mod attr;
mod composite;
mod domain;
mod enumeration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{DeriveInput, Lifetime, Path};

use crate::errors::Errors;
use attr::TypeAttrs;

pub(crate) use composite::derive as pg_composite;
pub(crate) use domain::derive as pg_domain;
pub(crate) use enumeration::derive as pg_enum;

/// A name without its `r#`, as `snake_case`: an underscore before each capital letter but the first.
fn snake(ident: &Ident) -> String {
    let mut snake = String::new();
    for (index, letter) in ident.unraw().to_string().char_indices() {
        if index > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The lifetime of the row that is read: the type's own lifetime if it borrows.
fn lifetime(item: &DeriveInput, derive: &str, errors: &Errors) -> Lifetime {
    let generics = &item.generics;
    let mut parameters = generics.type_params().map(|param| &param.ident);
    if let Some(param) = parameters.next() {
        errors.at(
            param,
            format!("`{derive}` is for types without type parameters: each stands for one type of the database"),
        );
    }
    if let Some(param) = generics.const_params().next() {
        errors.at(
            &param.ident,
            format!("`{derive}` is for types without const parameters"),
        );
    }
    let mut lifetimes = generics.lifetimes().map(|param| &param.lifetime);
    let lifetime = lifetimes.next().cloned();
    if let Some(second) = lifetimes.next() {
        errors.at(
            second,
            format!("`{derive}` takes one lifetime, which is that of the row that is read"),
        );
    }
    lifetime.unwrap_or_else(|| Lifetime::new("'r", Span::call_site()))
}

/// The parts of an impl of `Decode` and one of `Encode`.
struct Impls<'a> {
    item: &'a DeriveInput,
    howdah: &'a Path,
    lifetime: Lifetime,
    /// The name of the argument with the SQL type: `ty`, or `_` if it is not used.
    ty: TokenStream,
    /// The SQL types that the Rust type can hold, and the other items of the impl of `Decode`.
    accepts: TokenStream,
    more: TokenStream,
    decode: TokenStream,
    encode: TokenStream,
    /// What else stands in the impl of `Encode`.
    more_encode: TokenStream,
}

impl Impls<'_> {
    fn tokens(&self) -> TokenStream {
        let Impls {
            item,
            howdah,
            lifetime,
            ty,
            accepts,
            more,
            decode,
            encode,
            more_encode,
        } = self;
        let name = &item.ident;
        let (own, arguments, where_clause) = item.generics.split_for_impl();
        let (reading, any) = match item.generics.lifetimes().next() {
            Some(_) => (quote!(#own), quote!(#lifetime)),
            None => (quote!(<#lifetime>), quote!('static)),
        };
        quote! {
            #[automatically_derived]
            impl #reading #howdah::Decode<#lifetime> for #name #arguments #where_clause {
                const ACCEPTS: &'static #howdah::Accepts = #accepts;
                #more

                fn decode(
                    #ty: &#howdah::Type,
                    raw: &#lifetime [::core::primitive::u8],
                ) -> ::core::result::Result<Self, #howdah::DecodeError> {
                    #decode
                }
            }

            #[automatically_derived]
            impl #own #howdah::Encode for #name #arguments #where_clause {
                const ACCEPTS: &'static #howdah::Accepts =
                    <Self as #howdah::Decode<#any>>::ACCEPTS;

                fn encode(
                    &self,
                    #ty: &#howdah::Type,
                    out: &mut #howdah::BytesMut,
                ) -> ::core::result::Result<#howdah::IsNull, #howdah::EncodeError> {
                    #encode
                }

                #more_encode
            }
        }
    }
}

/// Impls that are never run, since the program does not compile.
fn dummy(item: &DeriveInput, howdah: &Path, lifetime: Lifetime) -> TokenStream {
    let mut plain = item.clone();
    // Impls that do not fit the type's generics would only add errors.
    plain.generics.params = plain
        .generics
        .params
        .into_iter()
        .filter(|param| matches!(param, syn::GenericParam::Lifetime(_)))
        .collect();
    if plain.generics.params.len() != item.generics.params.len() {
        return TokenStream::new();
    }
    let impls = Impls {
        item,
        howdah,
        lifetime,
        ty: quote!(_),
        accepts: quote!(&#howdah::Accepts::Any),
        more: TokenStream::new(),
        decode: quote!(::core::unreachable!()),
        encode: quote!(::core::unreachable!()),
        more_encode: TokenStream::new(),
    };
    impls.tokens()
}

/// The impls, or the errors with dummies.
fn finish(
    item: &DeriveInput,
    attrs: &TypeAttrs,
    lifetime: Lifetime,
    errors: Errors,
    impls: Option<TokenStream>,
) -> TokenStream {
    match (errors.finish(), impls) {
        (None, Some(impls)) => impls,
        (found, _) => {
            let mut tokens = found.unwrap_or_default();
            tokens.extend(dummy(item, &attrs.howdah(), lifetime));
            tokens
        }
    }
}
