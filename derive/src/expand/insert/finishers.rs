//! The methods that finish an insert. They exist only once all required columns are set.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Builder, row_of};
use crate::model::Input;

impl Builder<'_> {
    /// The methods that finish the builder.
    pub(super) fn finishers(&self) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let lifetime = &self.lifetime;
        let row = row_of(self.input, &self.lifetime);
        let group = &self.groups[0];
        let complete = quote!(Self: #howdah::__private::state::Complete);
        quote! {
            /// Converts the builder into an `Insert`, which has more methods, such as `defaults` and
            /// `returning_outcome`.
            #vis fn finish(self) -> #howdah::Insert<#lifetime, #row>
            where
                #complete,
            {
                self.insert
            }

            /// Chooses what happens if a row with the same key exists: see the methods of the result.
            #vis fn on_conflict(self, key: #howdah::Key<#row>) -> #howdah::InsertConflict<#lifetime, #row>
            where
                #complete,
            {
                self.insert.on_conflict(key)
            }

            /// Returns the row, with the values that it has afterwards.
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
            /// A field that is no column of the table is an error at run time, not at compile time.
            #vis fn returning_as<__R: #howdah::RowType>(self) -> #howdah::Built<#lifetime, #howdah::One<__R>>
            where
                #complete,
            {
                self.insert.returning_as::<__R>()
            }

            /// Returns these columns of the row: one value or a tuple.
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

            /// Inserts the row, and returns the number of inserted rows.
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
