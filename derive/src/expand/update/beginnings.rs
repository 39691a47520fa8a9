//! The functions that begin an update or a deletion: by key, with the version where there is one, or by a condition.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Updates, row_of, version_of};
use crate::expand::write::{Written, with_role};
use crate::model::{Decoding, Input, Role, is_texts};

/// The most columns that the key of a bulk deletion can have.
const MOST_KEYS: usize = 6;

impl Updates<'_> {
    /// The functions that begin an update or a deletion.
    pub(super) fn beginnings(&self) -> TokenStream {
        let Updates { ty, lifetime, .. } = self;
        let Input {
            name,
            howdah,
            vis,
            table,
            ..
        } = self.input;
        let row = row_of(self.input, lifetime);
        let version = version_of(self.written);
        let (update, delete) = (format!("{name}::update"), format!("{name}::delete"));
        let by_condition = quote! {
            /// An update of all rows for which a condition is true.
            #vis fn update_where<#lifetime>(
                filter: #howdah::Filter<#lifetime, #row>,
            ) -> #ty<#lifetime, #howdah::ByCondition> {
                #ty {
                    update: #howdah::Update::new(#update, &#table::TABLE, #version, filter),
                }
            }

            /// A deletion of all rows for which a condition is true.
            #vis fn delete_where<#lifetime>(
                filter: #howdah::Filter<#lifetime, #row>,
            ) -> #howdah::Delete<#lifetime, #row, #howdah::ByCondition> {
                #howdah::Delete::new(#delete, &#table::TABLE, filter)
            }
        };
        let keys = with_role(self.written, Role::Key);
        if keys.is_empty() {
            return by_condition;
        }
        let arguments: Vec<TokenStream> = keys.iter().map(|key| self.parameter(key)).collect();
        let tests = keys.iter().map(|key| {
            let column = key.name;
            let (member, param) = (key.member(), self.argument(key).param);
            quote!(.and({
                let value = #member;
                #howdah::Filter::column_is(&#table::TABLE, #column, #param)
            }))
        });
        let filter = quote!(#howdah::Filter::every() #(#tests)*);
        let versions = with_role(self.written, Role::Version);
        let version_argument = versions.first().map(|version| self.parameter(version));
        let at_version = versions.first().map(|version| {
            let column = version.name;
            let (member, param) = (version.member(), self.argument(version).param);
            quote!(.at_version(#column, { let value = #member; #param }))
        });
        let (update_docs, delete_docs) = match at_version {
            None => (
                "An update of the row with this key.",
                "A deletion of the row with this key.",
            ),
            Some(_) => (
                "An update of the row with this key, which must still have this version.",
                "A deletion of the row with this key, which must still have this version.",
            ),
        };
        let many = self.delete_many(&keys);
        quote! {
            #[doc = #update_docs]
            #vis fn update<#lifetime>(
                #(#arguments,)* #version_argument
            ) -> #ty<#lifetime, #howdah::ByKey> {
                #ty {
                    update: #howdah::Update::new(#update, &#table::TABLE, #version, #filter) #at_version,
                }
            }

            #[doc = #delete_docs]
            #vis fn delete<#lifetime>(
                #(#arguments,)* #version_argument
            ) -> #howdah::Delete<#lifetime, #row> {
                #howdah::Delete::new(#delete, &#table::TABLE, #filter) #at_version
            }

            #many
            #by_condition
        }
    }

    /// `delete_many`, for keys whose fields are sent without conversion and whose type can be named.
    fn delete_many(&self, keys: &[&Written]) -> Option<TokenStream> {
        let Input {
            howdah, vis, table, ..
        } = self.input;
        let lifetime = &self.lifetime;
        let plain = keys
            .iter()
            .all(|key| matches!(key.decoding, Decoding::Plain) && !is_texts(&key.field.ty));
        if !plain || keys.len() > MOST_KEYS {
            return None;
        }
        let row = row_of(self.input, lifetime);
        let columns = keys.iter().map(|key| key.name);
        let types: Vec<TokenStream> = keys.iter().map(|key| self.argument(key).ty).collect();
        let key = match &types[..] {
            [ty] => quote!(#ty),
            _ => quote!((#(#types),*)),
        };
        Some(quote! {
            /// A deletion of the rows with these keys, in one statement for any number of keys.
            #vis fn delete_many<#lifetime>(
                keys: &#lifetime [#key],
            ) -> #howdah::DeleteMany<#lifetime, #key, #row> {
                #howdah::DeleteMany::by(&#table::TABLE, &[#(#columns),*], keys)
            }
        })
    }
}
