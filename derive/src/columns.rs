//! The derives for structs whose fields are columns, from end to end: each reads its input, and returns the impls, or
//! all errors with as much of the impls as the uses of the struct need.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::attr::ContainerAttrs;
use crate::errors::Errors;
use crate::expand::{self, skeleton};
use crate::model::{Derive, Input};

/// Expands a derive for one item.
pub(crate) fn derive(derive: Derive, item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let attrs = ContainerAttrs::read(&item.attrs, &errors);
    let input = Input::build(derive, item, &attrs, &errors);
    let expand = match derive {
        Derive::Row => expand::pg_row,
        Derive::Insert => expand::pg_insert,
        Derive::Update => expand::pg_update,
        Derive::Select => expand::pg_select,
    };
    match errors.finish() {
        None => expand(&input),
        Some(mut found) => {
            found.extend(skeleton(derive, input, expand));
            found
        }
    }
}
