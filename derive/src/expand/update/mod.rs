//! The builders of updates and deletions: by key, with the version where the struct has one, or by a condition.

mod beginnings;
mod finishers;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::contracts::call;
use super::generics::parameters;
use super::insert::{builder_name, row_of, setter_name, statement_lifetime};
use super::write::{Written, bounded, encode_method, with_role};
use crate::model::{Argument, Input, Role};

/// The builder's own methods. A field's method cannot have one of these names.
const RESERVED: [&str; 10] = [
    "defaults",
    "execute",
    "finish",
    "only_where",
    "or_nothing",
    "returning",
    "returning_as",
    "returning_columns",
    "set_to_sql",
    "sql",
];

/// The impl of `UpdateRow`, the builders, and the contracts with the table.
pub(crate) fn pg_update(input: &Input) -> TokenStream {
    let written: Vec<Written> = input.fields.iter().filter_map(Written::updated).collect();
    let keys: Vec<&Written> = with_role(&written, Role::Key);
    let contracts = written.iter().map(|written| match written.field.role {
        Role::Key => written.key_contract(input),
        Role::Plain | Role::Version => written.write_contract(input),
    });
    let row = (!keys.is_empty()).then(|| update_row(input, &written, &keys));
    let builders = parameters(&input.generics)
        .is_empty()
        .then(|| Updates::new(input, &written).expand());
    let Input {
        name,
        howdah,
        table,
        ..
    } = input;
    let text = name.to_string();
    let writable = call(
        name,
        quote!(#howdah::check::writable),
        quote!(&#table::TABLE, #text),
    );
    quote! {
        #row
        #(#contracts)*
        #writable
        #builders
    }
}

/// The impl of `UpdateRow`, `update_row`, and the contract that the key fields are a unique key of the table.
fn update_row(input: &Input, written: &[Written], keys: &[&Written]) -> TokenStream {
    let Input {
        name,
        howdah,
        table,
        vis,
        ..
    } = input;
    let generics = bounded(input, written);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let columns = written.iter().map(|written| written.column(input));
    let key: Vec<&str> = keys.iter().map(|key| key.name).collect();
    let version = version_of(written);
    let encode = encode_method(input, quote!(UpdateRow), written);
    let statement = format!("{name}::update");
    let text = name.to_string();
    let contract = call(
        name,
        quote!(#howdah::check::key_columns),
        quote!(&#table::TABLE, #text, &[#(#key),*]),
    );
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::UpdateRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = &#table::TABLE;
            const FIELDS: &'static [#howdah::WriteField] = &[#(#columns),*];
            const KEY: &'static [&'static ::core::primitive::str] = &[#(#key),*];
            const VERSION: ::core::option::Option<&'static ::core::primitive::str> = #version;

            #encode
        }

        #[automatically_derived]
        impl #impl_generics #name #arguments #where_clause {
            /// An update of the row with this struct's key. It sets the columns of all other fields except those that
            /// are `generated`.
            #vis fn update_row(&self) -> #howdah::Update<'_, Self>
            where
                Self: ::core::marker::Sync,
            {
                #howdah::Update::of_row(#statement, self)
            }

            /// An update of many rows at once, each found by its key.
            #vis fn update_many(rows: &[Self]) -> #howdah::UpdateMany<'_, Self>
            where
                Self: ::core::marker::Sync,
            {
                #howdah::UpdateMany::new(rows)
            }
        }
        #contract
    }
}

/// The name of the version's column in an `Option`, as an expression.
fn version_of(written: &[Written]) -> TokenStream {
    match with_role(written, Role::Version).first() {
        Some(version) => {
            let name = version.name;
            quote!(::core::option::Option::Some(#name))
        }
        None => quote!(::core::option::Option::None),
    }
}

struct Updates<'i> {
    input: &'i Input,
    written: &'i [Written<'i>],
    /// The name of the builder's type.
    ty: Ident,
    lifetime: Lifetime,
}

impl<'i> Updates<'i> {
    fn new(input: &'i Input, written: &'i [Written<'i>]) -> Self {
        Updates {
            input,
            written,
            ty: builder_name(input, "Update"),
            lifetime: statement_lifetime(input),
        }
    }

    fn expand(&self) -> TokenStream {
        let Updates { ty, lifetime, .. } = self;
        let Input {
            name,
            howdah,
            vis,
            generics,
            ..
        } = self.input;
        let row = row_of(self.input, lifetime);
        let (impl_generics, arguments, where_clause) = generics.split_for_impl();
        let beginnings = self.beginnings();
        let setters = self
            .written
            .iter()
            .filter(|written| written.field.role == Role::Plain)
            .map(|written| self.setter(written));
        let finishers = self.finishers();
        quote! {
            const _: () = {
                #[must_use = "an update does nothing until it is fetched or executed"]
                #vis struct #ty<#lifetime, __K> {
                    update: #howdah::Update<#lifetime, #row, __K>,
                }

                #[automatically_derived]
                impl #impl_generics #name #arguments #where_clause {
                    #beginnings
                }

                #[automatically_derived]
                impl<#lifetime, __K: #howdah::RowsBy> #ty<#lifetime, __K> {
                    #(#setters)*
                    #finishers
                }
            };
        }
    }

    fn argument(&self, written: &Written) -> Argument {
        let field = written.field;
        Argument::of(
            &field.ty,
            written.decoding,
            &self.input.howdah,
            &self.input.lifetimes(),
            &self.lifetime,
        )
    }

    /// `id: i64`
    fn parameter(&self, written: &Written) -> TokenStream {
        let (member, ty) = (written.member(), self.argument(written).ty);
        quote!(#member: #ty)
    }

    /// The method that sets a column.
    fn setter(&self, written: &Written) -> TokenStream {
        let vis = &self.input.vis;
        let Some(member) = written.member() else {
            return TokenStream::new();
        };
        let method = setter_name(member, &RESERVED);
        let column = written.name;
        let Argument { ty, param, .. } = self.argument(written);
        let docs = format!("Sets `{column}`.");
        quote! {
            #[doc = #docs]
            #[inline]
            #vis fn #method(mut self, value: #ty) -> Self {
                self.update = self.update.set(#column, #param);
                self
            }
        }
    }
}
