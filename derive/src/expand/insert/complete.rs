//! When an insert is complete: the compiler compares the states of the columns that may be required with the schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::{Builder, GROUP};
use crate::expand::write::Written;
use crate::model::{Input, in_option};

impl Builder<'_> {
    /// Which states are complete: those in which each column is set or need not be.
    pub(super) fn complete(&self) -> TokenStream {
        let Input { howdah, table, .. } = self.input;
        let Builder {
            ty,
            lifetime,
            groups,
            ..
        } = self;
        let candidates: Vec<&Written> =
            self.written.iter().filter(|w| may_be_required(w)).collect();
        let states: Vec<Ident> = (0..groups.len() * GROUP)
            .map(|i| format_ident!("__S{i}"))
            .collect();
        let tuples = states.chunks(GROUP).map(|chunk| quote!((#(#chunk),*)));
        let names = candidates.iter().map(|w| call_site_name(w));
        let names: Vec<Ident> = names.collect();
        let bounds = candidates
            .iter()
            .zip(&names)
            .zip(&states)
            .map(|((written, name), state)| {
                let column = written.name;
                quote! {
                    #state: #howdah::__private::state::Suffices<
                        __columns::#name,
                        { #howdah::__private::state::is_required(&#table::TABLE, #column) },
                    >
                }
            });
        quote! {
            // In a module of their own, because a field can have the name of a module or type that other fields' types
            // refer to.
            mod __columns {
                #(pub enum #names {})*
            }

            #[automatically_derived]
            impl<#lifetime, #(#states),*> #howdah::__private::state::Complete
                for #ty<#lifetime, #(#tuples),*>
            where
                #(#bounds,)*
            {}
        }
    }
}

/// Whether the schema may say that a column needs a value: not if it can be null.
pub(super) fn may_be_required(written: &Written) -> bool {
    in_option(&written.field.ty).is_none()
}

/// The type that stands for a column in messages, named like its field.
fn call_site_name(written: &Written) -> Ident {
    let name = written.member().map_or_else(
        || written.name.to_owned(),
        |member| member.unraw().to_string(),
    );
    Ident::new_raw(&name, Span::call_site())
}
