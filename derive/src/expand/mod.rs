//! From the model to tokens: the plain impl that a person would write, and nothing else, since every
//! user of the derive compiles it. No check is made here; the model is known to be right.

mod columns;
mod contracts;
mod generics;
mod insert;
mod read;
mod select;
mod skeleton;
mod update;
mod write;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Input, inferred};
use generics::Header;

pub(crate) use select::pg_select;
pub(crate) use skeleton::skeleton;
pub(crate) use update::pg_update;
pub(crate) use write::pg_insert;

/// The impl of `PgRow`, and the contracts with the table if one is named.
pub(crate) fn pg_row(input: &Input) -> TokenStream {
    let howdah = &input.howdah;
    let header = Header::of_input(input);
    let Header {
        lifetime,
        generics,
        target,
        predicates,
        ..
    } = &header;
    let where_clause = (!predicates.is_empty()).then(|| quote!(where #(#predicates),*));
    let columns = input
        .fields
        .iter()
        .filter_map(|field| columns::field(input, field));
    let lifetimes = input.lifetimes();
    let columns = columns.map(|column| inferred(column, &lifetimes));
    let reads = input.fields.iter().map(|field| read::field(input, field));
    let reads = reads.map(|read| inferred(read, &lifetimes));
    let contracts = contracts::table(input);
    quote! {
        #[automatically_derived]
        impl #generics #howdah::PgRow<#lifetime> for #target #where_clause {
            const FIELDS: &'static [#howdah::Field] = &[#(#columns),*];

            #[inline]
            fn from_row(
                row: &mut #howdah::Row<#lifetime>,
            ) -> ::core::result::Result<Self, #howdah::Error> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
        #contracts
    }
}
