//! `#[derive(PgComposite)]`: a struct whose fields are those of a composite type.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Type};

use super::attr::{PartAttrs, TypeAttrs};
use super::{Impls, finish, lifetime};
use crate::errors::Errors;

const WORDS: [&str; 4] = ["name", "schema", "rename_all", "crate"];
const FIELD_WORDS: [&str; 1] = ["rename"];

struct Field {
    ident: Ident,
    ty: Type,
    name: String,
}

/// Expands the derive for one item.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let attrs = TypeAttrs::read(&item.attrs, &WORDS, "a struct", &errors);
    let lifetime = lifetime(item, "PgComposite", &errors);
    let impls = fields(item, &attrs, &errors).map(|fields| {
        let howdah = attrs.howdah();
        let (schema, name) = attrs.sql_name(item, &errors);
        let accepted = fields
            .iter()
            .map(|Field { ty, name, .. }| quote!((#name, <#ty as #howdah::Decode<'_>>::ACCEPTS)));
        let reads = fields.iter().map(|Field { ident, ty, name }| {
            quote!(#ident: <#ty as #howdah::Decode<'_>>::get_field(&mut fields, #name)?)
        });
        let writes = fields.iter().map(|Field { ident, ty, .. }| {
            quote!(<#ty as #howdah::Encode>::put_field(&self.#ident, &mut fields)?;)
        });
        let count = fields.len();
        let impls = Impls {
            item,
            howdah: &howdah,
            lifetime: lifetime.clone(),
            ty: quote!(ty),
            accepts: quote! {
                &#howdah::Accepts::Composite {
                    schema: #schema,
                    name: #name,
                    fields: &[#(#accepted),*],
                }
            },
            more: TokenStream::new(),
            decode: quote! {
                let mut fields = #howdah::__private::CompositeReader::new(ty, raw, #count)?;
                ::core::result::Result::Ok(Self { #(#reads),* })
            },
            encode: quote! {
                let mut fields = #howdah::__private::CompositeWriter::new(ty, out)?;
                #(#writes)*
                fields.finish()
            },
            more_encode: TokenStream::new(),
        };
        impls.tokens()
    });
    finish(item, &attrs, lifetime, errors, impls)
}

fn fields(item: &DeriveInput, attrs: &TypeAttrs, errors: &Errors) -> Option<Vec<Field>> {
    let fields = match &item.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            let message = "`PgComposite` is for structs, whose fields are those of a composite type; for an enum derive `PgEnum`";
            errors.at(data.enum_token, message);
            return None;
        }
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "`PgComposite` is for structs, whose fields are those of a composite type",
            );
            return None;
        }
    };
    let Fields::Named(fields) = fields else {
        let message = "`PgComposite` needs a struct with named fields, which are compared with those of the composite type; \
                       for a domain derive `PgDomain`";
        errors.at(&item.ident, message);
        return None;
    };
    let mut taken = BTreeMap::new();
    let mut built = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let settings = PartAttrs::read(&field.attrs, &FIELD_WORDS, "a field", errors);
        let case = attrs.rename_all.get().copied();
        let plain = ident.unraw().to_string();
        let (name, span) = settings.sql_name(ident, &plain, case, errors);
        if let Some(first) = taken.insert(name.clone(), ident) {
            let message = format!("`{first}` is the field `{name}` too");
            match settings.rename.get() {
                Some(_) => errors.push(syn::Error::new(span, message)),
                None => errors.at(ident, message),
            }
        }
        built.push(Field {
            ident: ident.clone(),
            ty: field.ty.clone(),
            name,
        });
    }
    Some(built)
}
