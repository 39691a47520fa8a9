//! The head of the impl: one lifetime for the row, which all lifetimes of the struct become, and a
//! bound for each field whose type names a type parameter. Fields of concrete types get none, since
//! a bound that cannot hold is reported again at each use of the struct.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Lifetime};

use crate::model::{Field, Input, Source, in_option, mentions, with_lifetimes};

/// `impl<generics> PgRow<lifetime> for target where predicates`.
pub(super) struct Header {
    pub(super) lifetime: Lifetime,
    pub(super) generics: TokenStream,
    pub(super) target: TokenStream,
    pub(super) predicates: Vec<TokenStream>,
    replaced: Vec<Lifetime>,
}

impl Header {
    /// The head for a struct whose fields may need bounds.
    pub(super) fn of_input(input: &Input) -> Header {
        let mut header = Header::plain(&input.name, &input.generics);
        let parameters = parameters(&input.generics);
        let bounds = input
            .fields
            .iter()
            .filter_map(|field| bound(input, field, &header.lifetime));
        let bounds: Vec<_> = bounds
            .filter(|(ty, _)| mentions(ty.clone(), &parameters))
            .map(|(ty, bound)| header.in_impl(quote!(#ty: #bound)))
            .collect();
        header.predicates.extend(bounds);
        header
    }

    /// The head with the struct's own bounds.
    pub(super) fn plain(name: &Ident, generics: &Generics) -> Header {
        let replaced: Vec<Lifetime> = generics.lifetimes().map(|l| l.lifetime.clone()).collect();
        let lifetime = match replaced.first() {
            Some(first) => first.clone(),
            None => Lifetime::new("'r", Span::call_site()),
        };
        let mut header = Header {
            lifetime: lifetime.clone(),
            generics: TokenStream::new(),
            target: TokenStream::new(),
            predicates: Vec::new(),
            replaced,
        };

        let mut declared = generics.clone();
        declared.params = generics
            .params
            .iter()
            .filter(|param| !matches!(param, GenericParam::Lifetime(_)))
            .cloned()
            .collect();
        declared
            .params
            .insert(0, GenericParam::Lifetime(syn::LifetimeParam::new(lifetime)));
        let (impl_generics, _, _) = declared.split_for_impl();
        header.generics = header.in_impl(impl_generics.to_token_stream());

        let (_, ty_generics, where_clause) = generics.split_for_impl();
        header.target = header.in_impl(quote!(#name #ty_generics));
        if let Some(clause) = where_clause {
            let own = clause
                .predicates
                .iter()
                .map(|p| header.in_impl(p.to_token_stream()));
            header.predicates = own.collect();
        }
        header
    }

    /// Tokens of the struct as they stand in the impl, with its one lifetime.
    pub(super) fn in_impl(&self, tokens: TokenStream) -> TokenStream {
        let replaced: Vec<&Lifetime> = self.replaced.iter().collect();
        with_lifetimes(tokens, &replaced, &self.lifetime)
    }
}

/// The type and const parameters of a struct: types that name one are known only where it is used.
pub(super) fn parameters(generics: &Generics) -> Vec<&Ident> {
    let types = generics.type_params().map(|param| &param.ident);
    types
        .chain(generics.const_params().map(|param| &param.ident))
        .collect()
}

/// The bound that a field needs: a type, and the trait that it must implement.
fn bound(input: &Input, field: &Field, lifetime: &Lifetime) -> Option<(TokenStream, TokenStream)> {
    let howdah = &input.howdah;
    match &field.source {
        Source::Skip => Some((field.ty.to_token_stream(), quote!(::core::default::Default))),
        Source::Nested { .. } => {
            let nested = in_option(&field.ty).unwrap_or(&field.ty);
            Some((nested.to_token_stream(), quote!(#howdah::PgRow<#lifetime>)))
        }
        Source::Column { .. } => Some((
            field.decoded_type(howdah),
            quote!(#howdah::Decode<#lifetime>),
        )),
    }
}
