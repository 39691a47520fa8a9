//! The impl that stands beside `compile_error!`, so that the uses of a struct whose derive failed are
//! not reported as well.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path};

use super::Header;

/// An impl of `PgRow` that is never run, since the program does not compile.
pub(crate) fn dummy_row(item: &DeriveInput, howdah: &Path) -> TokenStream {
    let Header {
        lifetime,
        generics,
        target,
        predicates,
        ..
    } = Header::plain(&item.ident, &item.generics);
    let where_clause = (!predicates.is_empty()).then(|| quote!(where #(#predicates),*));
    quote! {
        #[automatically_derived]
        impl #generics #howdah::PgRow<#lifetime> for #target #where_clause {
            const FIELDS: &'static [#howdah::Field] = &[];

            fn from_row(
                _: &mut #howdah::Row<#lifetime>,
            ) -> ::core::result::Result<Self, #howdah::Error> {
                ::core::unreachable!()
            }
        }
    }
}

/// An impl of `WriteRow` that is never run, since the program does not compile.
pub(crate) fn dummy_write(item: &DeriveInput, howdah: &Path) -> TokenStream {
    let name = &item.ident;
    let (generics, arguments, where_clause) = item.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #howdah::WriteRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = &#howdah::Table {
                schema: "",
                name: "",
                columns: &[],
                constraints: &[],
                primary_key: ::core::option::Option::None,
            };
            const FIELDS: &'static [#howdah::WriteField] = &[];

            fn encode(
                &self,
                _: ::core::primitive::usize,
                _: &#howdah::Type,
                _: &mut #howdah::BytesMut,
            ) -> ::core::result::Result<#howdah::IsNull, #howdah::EncodeError> {
                ::core::unreachable!()
            }
        }
    }
}
