//! `#[derive(PgEnum)]`: an enum of labels.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput, Fields, Variant};

use super::attr::{PartAttrs, TypeAttrs};
use super::{Impls, finish, lifetime, snake};
use crate::errors::Errors;

const WORDS: [&str; 4] = ["name", "schema", "rename_all", "crate"];
const VARIANT_WORDS: [&str; 2] = ["rename", "other"];

/// Expands the derive for one item.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let attrs = TypeAttrs::read(&item.attrs, &WORDS, "an enum", &errors);
    let lifetime = lifetime(item, "PgEnum", &errors);
    let labels = labels(item, &attrs, &errors);
    let impls = labels.map(|labels| {
        let howdah = attrs.howdah();
        let (schema, name) = attrs.sql_name(item, &errors);
        let impls = Impls {
            item,
            howdah: &howdah,
            lifetime: lifetime.clone(),
            ty: quote!(_),
            accepts: quote!(&#howdah::Accepts::User { schema: #schema, name: #name }),
            more: TokenStream::new(),
            decode: labels.decode(&howdah),
            encode: labels.encode(&howdah),
            more_encode: TokenStream::new(),
        };
        impls.tokens()
    });
    finish(item, &attrs, lifetime, errors, impls)
}

/// The variants with their labels, and the one for all other labels.
struct Labels {
    known: Vec<(Ident, String)>,
    other: Option<Ident>,
}

fn labels(item: &DeriveInput, attrs: &TypeAttrs, errors: &Errors) -> Option<Labels> {
    let variants = match &item.data {
        Data::Enum(data) => &data.variants,
        Data::Struct(data) => {
            let message = "`PgEnum` is for enums, whose variants are labels; for a composite type derive `PgComposite`, \
                           for a domain `PgDomain`";
            errors.at(data.struct_token, message);
            return None;
        }
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "`PgEnum` is for enums, whose variants are labels",
            );
            return None;
        }
    };
    if variants.is_empty() {
        errors.at(
            &item.ident,
            "`PgEnum` needs an enum with variants: each is a label",
        );
    }
    let mut labels = Labels {
        known: Vec::new(),
        other: None,
    };
    let mut taken = BTreeMap::new();
    for variant in variants {
        let settings = PartAttrs::read(&variant.attrs, &VARIANT_WORDS, "a variant", errors);
        if settings.other.get().is_some() {
            other(variant, &settings, &mut labels, errors);
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a label has no fields; for labels that Rust does not know, write \
                           `#[pg(other)]` on a variant with a `String`";
            errors.at(&variant.fields, message);
        }
        let case = attrs.rename_all.get().copied();
        let (label, span) = settings.sql_name(&variant.ident, &snake(&variant.ident), case, errors);
        if let Some(first) = taken.insert(label.clone(), &variant.ident) {
            let message =
                format!("the label `{label}` is that of `{first}` too: a value has one variant");
            match settings.rename.get() {
                Some(_) => errors.push(syn::Error::new(span, message)),
                None => errors.at(&variant.ident, message),
            }
        }
        labels.known.push((variant.ident.clone(), label));
    }
    Some(labels)
}

fn other(variant: &Variant, settings: &PartAttrs, labels: &mut Labels, errors: &Errors) {
    let holds_one = matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
    if !holds_one {
        let message = format!(
            "the variant for other labels holds the label: `{}(String)`",
            variant.ident
        );
        errors.at(variant, message);
    }
    if let Some(word) = settings.rename.word() {
        errors.at(
            word,
            "`rename` and `other` exclude each other: the variant has whatever label comes",
        );
    }
    if let Some(first) = &labels.other {
        let message = format!("`{first}` is for other labels already; keep one of them");
        errors.at(&variant.ident, message);
        return;
    }
    labels.other = Some(variant.ident.clone());
}

impl Labels {
    fn decode(&self, howdah: &syn::Path) -> TokenStream {
        let arms = self.known.iter().map(
            |(variant, label)| quote!(#label => ::core::option::Option::Some(Self::#variant),),
        );
        let rest = match &self.other {
            Some(other) => quote! {
                other => ::core::option::Option::Some(Self::#other(::core::convert::From::from(other))),
            },
            None => quote!(_ => ::core::option::Option::None,),
        };
        quote! {
            #howdah::__private::decode_enum(raw, |label| match label {
                #(#arms)*
                #rest
            })
        }
    }

    fn encode(&self, howdah: &syn::Path) -> TokenStream {
        let arms = self
            .known
            .iter()
            .map(|(variant, label)| quote!(Self::#variant => #label,));
        let other = self.other.iter().map(
            |other| quote!(Self::#other(label) => ::core::convert::AsRef::<::core::primitive::str>::as_ref(label),),
        );
        quote! {
            let label = match self {
                #(#arms)*
                #(#other)*
            };
            ::core::result::Result::Ok(#howdah::__private::encode_enum(label, out))
        }
    }
}
