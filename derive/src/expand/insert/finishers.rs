//! What can be done with an insert that is complete.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Builder, row_of};
use crate::model::Input;

impl Builder<'_> {
    /// The methods that end the building.
    pub(super) fn finishers(&self) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let lifetime = &self.lifetime;
        let row = row_of(self.input, &self.lifetime);
        let group = &self.groups[0];
        let complete = quote!(Self: #howdah::__private::state::Complete);
        quote! {
            /// The insert, with what else can be said of it.
            #vis fn finish(self) -> #howdah::Insert<#lifetime, #row>
            where
                #complete,
            {
                self.insert
            }

            /// What to do where a row with the same key is there already.
            #vis fn on_conflict(self, key: #howdah::Key<#row>) -> #howdah::InsertConflict<#lifetime, #row>
            where
                #complete,
            {
                self.insert.on_conflict(key)
            }

            /// Returns the row as it then is.
            #vis fn returning(
                self,
            ) -> #howdah::Built<
                #lifetime,
                #howdah::One<<#row as #howdah::__private::state::Returned<#group>>::Row>,
            >
            where
                #complete,
                #row: #howdah::__private::state::Returned<#group>,
            {
                self.insert.returning_as()
            }

            /// Returns the row as another struct, whose fields are columns of the table.
            /// What that struct has and the table has not is an error when the statement runs, not when it is compiled.
            #vis fn returning_as<__R: #howdah::RowType>(self) -> #howdah::Built<#lifetime, #howdah::One<__R>>
            where
                #complete,
            {
                self.insert.returning_as::<__R>()
            }

            /// Returns these columns of the row: the value of one, or a tuple.
            #vis fn returning_columns<__C: #howdah::Columns<#row>>(
                self,
                columns: __C,
            ) -> #howdah::Built<#lifetime, #howdah::One<__C::Row>>
            where
                #complete,
            {
                self.insert.returning_columns(columns)
            }

            /// The SQL text.
            #vis fn sql(&self) -> ::std::string::String
            where
                #complete,
            {
                self.insert.sql()
            }

            /// Inserts the row.
            #vis fn execute<'execution, __E: #howdah::Executor + ?::core::marker::Sized>(
                self,
                executor: &'execution __E,
            ) -> #howdah::Executed<'execution>
            where
                #complete,
                #lifetime: 'execution,
            {
                self.insert.executed(executor)
            }
        }
    }
}
