//! The methods of an update's builder besides those that set columns.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Updates, row_of};
use crate::model::Input;

impl Updates<'_> {
    /// The methods that do not set a field's column.
    pub(super) fn finishers(&self) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let lifetime = &self.lifetime;
        let row = row_of(self.input, lifetime);
        quote! {
            /// Sets the columns to their defaults.
            #vis fn defaults(mut self, columns: impl #howdah::Columns<#row>) -> Self {
                self.update = self.update.defaults(columns);
                self
            }

            /// Sets a column to what this SQL computes, which can use the row's values from before.
            #vis fn set_to_sql<__T, __V>(
                mut self,
                column: #howdah::TypedColumn<#row, __T, __V>,
                sql: impl ::core::convert::Into<#howdah::SqlFragment<#lifetime>>,
            ) -> Self {
                self.update = self.update.set_to_sql(column, sql);
                self
            }

            /// Updates only rows for which this condition is true as well. That there is none is no error then,
            /// whatever version the row has.
            #vis fn only_where(mut self, filter: #howdah::Filter<#lifetime, #row>) -> Self {
                self.update = self.update.only_where(filter);
                self
            }

            /// Makes an update that sets no column do nothing. Without this, it is an error.
            #vis fn or_nothing(mut self) -> Self {
                self.update = self.update.or_nothing();
                self
            }

            /// Converts the builder into an `Update`: the same update, without the methods that set columns.
            #vis fn finish(self) -> #howdah::Update<#lifetime, #row, __K> {
                self.update
            }

            /// Returns the rows, with the values that they have afterwards.
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
            /// A field that is no column of the table is an error at run time, not at compile time.
            #vis fn returning_as<__R: #howdah::RowType>(self) -> #howdah::Built<#lifetime, __K::Of<__R>> {
                self.update.returning_as::<__R>()
            }

            /// Returns these columns of the rows: one value or a tuple for each row.
            #vis fn returning_columns<__C: #howdah::Columns<#row>>(
                self,
                columns: __C,
            ) -> #howdah::Built<#lifetime, __K::Of<__C::Row>> {
                self.update.returning_columns(columns)
            }

            /// The SQL text. It is empty if no column is set.
            #vis fn sql(&self) -> ::std::string::String {
                self.update.sql()
            }

            /// Updates the rows, and returns the number of updated rows.
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
