//! What can be said of an update besides its columns, and done with it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Updates, row_of};
use crate::model::Input;

impl Updates<'_> {
    /// The methods that are not those of columns.
    pub(super) fn finishers(&self) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let lifetime = &self.lifetime;
        let row = row_of(self.input, lifetime);
        quote! {
            /// The columns get their defaults.
            #vis fn defaults(mut self, columns: impl #howdah::Columns<#row>) -> Self {
                self.update = self.update.defaults(columns);
                self
            }

            /// Updates only rows of which this is true as well. That there is none is no error then, whatever version the
            /// row has.
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
            #vis fn finish(self) -> #howdah::Update<#lifetime, #row, __K> {
                self.update
            }

            /// Returns the rows as they then are.
            #vis fn returning(
                self,
            ) -> #howdah::Built<
                #lifetime,
                __K::Of<<#row as #howdah::__private::state::Returned<__K>>::Row>,
            >
            where
                #row: #howdah::__private::state::Returned<__K>,
            {
                self.update.returning_as()
            }

            /// Returns the rows as another struct, whose fields are columns of the table.
            /// What that struct has and the table has not is an error when the statement runs, not when it is compiled.
            #vis fn returning_as<__R: #howdah::RowType>(self) -> #howdah::Built<#lifetime, __K::Of<__R>> {
                self.update.returning_as::<__R>()
            }

            /// Returns these columns of the rows: the value of one, or a tuple.
            #vis fn returning_columns<__C: #howdah::Columns<#row>>(
                self,
                columns: __C,
            ) -> #howdah::Built<#lifetime, __K::Of<__C::Row>> {
                self.update.returning_columns(columns)
            }

            /// The SQL text; empty where no column is set.
            #vis fn sql(&self) -> ::std::string::String {
                self.update.sql()
            }

            /// Updates the rows, and returns how many there were.
            #vis fn execute<__E: #howdah::Executor + ?::core::marker::Sized>(
                self,
                executor: &__E,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<::core::primitive::u64, #howdah::Error>,
            > + ::core::marker::Send {
                self.update.execute(executor)
            }
        }
    }
}
