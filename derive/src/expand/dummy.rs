//! The impl that stands beside `compile_error!`, so that the uses of a struct whose derive failed are
//! not reported as well.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path, parse_quote};

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

/// The impl of `WriteRow` and what inserts of whole structs begin with; never run, since the program does not compile.
pub(crate) fn dummy_insert(item: &DeriveInput, howdah: &Path) -> TokenStream {
    let (begin, encode, table) = (begin(item), encode(howdah), table(howdah));
    let (name, generics) = (&item.ident, &item.generics);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::WriteRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = #table;
            const FIELDS: &'static [#howdah::WriteField] = &[];
            #encode
        }

        #begin {
            pub fn insert_row(&self) -> #howdah::Insert<'_, Self> {
                ::core::unreachable!()
            }

            pub fn insert_many(_: &[Self]) -> #howdah::InsertMany<'_, Self> {
                ::core::unreachable!()
            }
        }
    }
}

/// The same of `UpdateRow` and updates.
pub(crate) fn dummy_update(item: &DeriveInput, howdah: &Path) -> TokenStream {
    let (begin, encode, table) = (begin(item), encode(howdah), table(howdah));
    let (name, generics) = (&item.ident, &item.generics);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::UpdateRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = #table;
            const FIELDS: &'static [#howdah::WriteField] = &[];
            const KEY: &'static [&'static ::core::primitive::str] = &[];
            #encode
        }

        #begin {
            pub fn update_row(&self) -> #howdah::Update<'_, Self> {
                ::core::unreachable!()
            }

            pub fn update_many(_: &[Self]) -> #howdah::UpdateMany<'_, Self> {
                ::core::unreachable!()
            }

            pub fn delete_where(
                _: #howdah::Filter<'_, Self>,
            ) -> #howdah::Delete<'_, Self, #howdah::ByCondition> {
                ::core::unreachable!()
            }
        }
    }
}

/// The same of `SelectRow` and lists.
pub(crate) fn dummy_select(item: &DeriveInput, howdah: &Path) -> TokenStream {
    let (begin, table) = (begin(item), table(howdah));
    let (name, generics) = (&item.ident, &item.generics);
    let mut generics = generics.clone();
    // Whether it is a row is for another derive to say. A bound with a lifetime of its own is believed.
    let clause = generics.make_where_clause();
    clause
        .predicates
        .push(parse_quote!(for<'any> Self: #howdah::PgRow<'any>));
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::SelectRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = #table;
            const KEY: &'static [&'static ::core::primitive::str] = &[];
            const NAME: &'static ::core::primitive::str = "";
        }

        #begin {
            pub fn select<'statement>() -> #howdah::Select<'statement, Self> {
                ::core::unreachable!()
            }
        }
    }
}

/// `impl Place`, for what the struct has itself.
fn begin(item: &DeriveInput) -> TokenStream {
    let name = &item.ident;
    let (generics, arguments, where_clause) = item.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #name #arguments #where_clause
    }
}

fn table(howdah: &Path) -> TokenStream {
    quote! {
        &#howdah::Table {
            schema: "",
            name: "",
            columns: &[],
            constraints: &[],
            primary_key: ::core::option::Option::None,
            hidden: &[],
        }
    }
}

fn encode(howdah: &Path) -> TokenStream {
    quote! {
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
