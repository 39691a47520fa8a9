//! `#[derive(PgInsert)]` from end to end: reads the input, and answers with the impls, or with all of its
//! errors and dummy impls.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::attr::ContainerAttrs;
use crate::errors::Errors;
use crate::expand;
use crate::model::{Derive, Input};

/// Expands the derive for one item.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let attrs = ContainerAttrs::read(&item.attrs, &errors);
    let input = Input::build(Derive::Insert, item, &attrs, &errors);
    match (errors.finish(), input) {
        (None, Some(input)) => expand::pg_insert(&input),
        (found, _) => {
            let mut tokens = found.unwrap_or_default();
            tokens.extend(expand::dummy_insert(item, &attrs.howdah()));
            tokens
        }
    }
}
