//! The builders of updates and deletions: by key, with the version where the struct has one, or by a condition.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Lifetime;

use super::contracts::call;
use super::generics::parameters;
use super::insert::{row_of, setter_name, statement_lifetime};
use super::write::{Written, bounded, encode_method};
use crate::model::{Argument, Decoding, Input, Role, is_texts};

/// The methods of the builder itself, which no field's method can be called like.
const RESERVED: [&str; 9] = [
    "defaults",
    "execute",
    "finish",
    "only_where",
    "or_nothing",
    "returning",
    "returning_as",
    "returning_columns",
    "sql",
];

/// The most columns that the key of a bulk deletion has.
const MOST_KEYS: usize = 6;

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
    quote! {
        #row
        #(#contracts)*
        #builders
    }
}

fn with_role<'w, 'i>(written: &'w [Written<'i>], role: Role) -> Vec<&'w Written<'i>> {
    written.iter().filter(|w| w.field.role == role).collect()
}

/// The impl of `UpdateRow`, `update_row`, and the contract that the key is one.
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
            /// An update of all fields that can be, of the row with this struct's key.
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

/// The name of the version's column, as an expression.
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
            ty: format_ident!("{}Update", input.name),
            lifetime: statement_lifetime(),
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
                #vis struct #ty<#lifetime, K> {
                    update: #howdah::Update<#lifetime, #row, K>,
                }

                #[automatically_derived]
                impl #impl_generics #name #arguments #where_clause {
                    #beginnings
                }

                #[automatically_derived]
                impl<#lifetime, K: #howdah::RowsBy> #ty<#lifetime, K> {
                    #(#setters)*
                    #finishers
                }
            };
        }
    }

    /// The functions that begin an update or a deletion.
    fn beginnings(&self) -> TokenStream {
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
            /// An update of all rows that meet a condition.
            #vis fn update_where<#lifetime>(
                filter: #howdah::Filter<#lifetime, #row>,
            ) -> #ty<#lifetime, #howdah::ByCondition> {
                #ty {
                    update: #howdah::Update::new(#update, &#table::TABLE, #version, filter),
                }
            }

            /// A deletion of all rows that meet a condition.
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
            let (member, sent) = (key.member(), self.argument(key).sent);
            quote!(.and({
                let value = #member;
                #howdah::Filter::column_is(&#table::TABLE, #column, #sent)
            }))
        });
        let filter = quote!(#howdah::Filter::all([]) #(#tests)*);
        let versions = with_role(self.written, Role::Version);
        let version_argument = versions.first().map(|version| self.parameter(version));
        let at_version = versions.first().map(|version| {
            let column = version.name;
            let (member, sent) = (version.member(), self.argument(version).sent);
            quote!(.at_version(#column, { let value = #member; #sent }))
        });
        let (update_docs, delete_docs) = match at_version {
            None => (
                "An update of the row with this key.",
                "A deletion of the row with this key.",
            ),
            Some(_) => (
                "An update of the row with this key, which has to have this version still.",
                "A deletion of the row with this key, which has to have this version still.",
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

    /// `delete_many`, for keys that are sent as they are and have a type to be named.
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
        let columns = keys.iter().map(|key| key.name);
        let types: Vec<TokenStream> = keys.iter().map(|key| self.argument(key).ty).collect();
        let key = match &types[..] {
            [ty] => quote!(#ty),
            _ => quote!((#(#types),*)),
        };
        Some(quote! {
            /// A deletion of the rows with these keys, by one statement whatever their number.
            #vis fn delete_many<#lifetime>(
                keys: &#lifetime [#key],
            ) -> #howdah::DeleteMany<#lifetime, #key> {
                #howdah::DeleteMany::by(&#table::TABLE, &[#(#columns),*], keys)
            }
        })
    }

    fn argument(&self, written: &Written) -> Argument {
        let lifetimes: Vec<&Lifetime> = self
            .input
            .generics
            .lifetimes()
            .map(|l| &l.lifetime)
            .collect();
        let field = written.field;
        Argument::of(
            &field.ty,
            written.decoding,
            &self.input.howdah,
            &lifetimes,
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
        let Argument { ty, sent } = self.argument(written);
        let docs = format!("Sets `{column}`.");
        quote! {
            #[doc = #docs]
            #[inline]
            #vis fn #method(mut self, value: #ty) -> Self {
                self.update = self.update.set(#column, #sent);
                self
            }
        }
    }

    fn finishers(&self) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let lifetime = &self.lifetime;
        let row = row_of(self.input, lifetime);
        quote! {
            /// The columns get their defaults.
            #vis fn defaults(mut self, columns: impl #howdah::Columns<#row>) -> Self {
                self.update = self.update.defaults(columns);
                self
            }

            /// Updates only rows of which this is true as well.
            #vis fn only_where(mut self, filter: #howdah::Filter<#lifetime, #row>) -> Self {
                self.update = self.update.only_where(filter);
                self
            }

            /// An update that sets no column does nothing, where it would be an error otherwise.
            #vis fn or_nothing(mut self) -> Self {
                self.update = self.update.or_nothing();
                self
            }

            /// The update, without the methods of the columns.
            #vis fn finish(self) -> #howdah::Update<#lifetime, #row, K> {
                self.update
            }

            /// Returns the rows as they then are.
            #vis fn returning(
                self,
            ) -> #howdah::Built<
                #lifetime,
                K::Of<<#row as #howdah::__private::state::Returned<K>>::Row>,
            >
            where
                #row: #howdah::__private::state::Returned<K>,
            {
                self.update.returning_as()
            }

            /// Returns the rows as another struct, whose fields are columns of the table.
            #vis fn returning_as<R: #howdah::RowType>(self) -> #howdah::Built<#lifetime, K::Of<R>> {
                self.update.returning_as::<R>()
            }

            /// Returns these columns of the rows: the value of one, or a tuple.
            #vis fn returning_columns<C: #howdah::Columns<#row>>(
                self,
                columns: C,
            ) -> #howdah::Built<#lifetime, K::Of<C::Row>> {
                self.update.returning_columns(columns)
            }

            /// The SQL text; empty where no column is set.
            #vis fn sql(self) -> ::std::string::String {
                self.update.sql()
            }

            /// Updates the rows, and returns how many there were.
            #vis fn execute<E: #howdah::Executor + ?::core::marker::Sized>(
                self,
                executor: &E,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<::core::primitive::u64, #howdah::Error>,
            > + ::core::marker::Send {
                self.update.execute(executor)
            }
        }
    }
}
