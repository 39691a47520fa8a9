//! Reads from a table: constants for its columns, lists of rows, and rows by their keys.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Lifetime;

use super::contracts::call;
use super::insert::statement_lifetime;
use super::write::Written;
use crate::model::{
    Argument, Decoding, Input, Role, constant_name, in_option, in_vec, is_texts, sent_as,
};

/// The impl of `SelectRow`, the columns, and the functions that begin reads.
pub(crate) fn pg_select(input: &Input) -> TokenStream {
    let Input {
        name,
        howdah,
        table,
        vis,
        generics,
        ..
    } = input;
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let columns: Vec<Written> = input.fields.iter().filter_map(Written::read).collect();
    let keys: Vec<&Written> = columns
        .iter()
        .filter(|c| c.field.role == Role::Key)
        .collect();
    let key: Vec<&str> = keys.iter().map(|key| key.name).collect();
    let text = name.to_string();
    let list = format!("{name}::select");
    let contract = (!keys.is_empty()).then(|| {
        let arguments = quote!(&#table::TABLE, #text, &[#(#key),*]);
        call(name, quote!(#howdah::check::key_columns), arguments)
    });
    let row = call(
        name,
        quote!(#howdah::check::table_row::<#name #arguments>),
        quote!(),
    );
    // Beside the error that two have the same name, there is one of it.
    let mut named = HashSet::new();
    let consts = columns
        .iter()
        .filter(|column| named.insert(column.member().map(constant_name)))
        .map(|column| column_const(input, column));
    let by_key = (!keys.is_empty()).then(|| by_key(input, &keys));
    let lifetime = statement_lifetime(input);
    // The struct of a table `select` has a method `select` that does not return `Self`.
    let lint = (text == "Select").then(|| quote!(#[allow(clippy::self_named_constructors)]));
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::SelectRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = &#table::TABLE;
            const KEY: &'static [&'static ::core::primitive::str] = &[#(#key),*];
            const NAME: &'static ::core::primitive::str = #list;
        }

        #[automatically_derived]
        #lint
        impl #impl_generics #name #arguments #where_clause {
            #(#consts)*

            /// A list of the table's rows: all of them, unless `filter` adds a condition.
            #vis fn select<#lifetime>() -> #howdah::Select<#lifetime, Self> {
                #howdah::Select::new()
            }

            #by_key
        }
        #contract
        #row
    }
}

/// `pub const NAME: TypedColumn<Place, String>`
fn column_const(input: &Input, column: &Written) -> TokenStream {
    let Input {
        howdah, table, vis, ..
    } = input;
    let Some(member) = column.member() else {
        return TokenStream::new();
    };
    let span = member.span().resolved_at(Span::call_site());
    let constant = format_ident!("{}", constant_name(member), span = span);
    let name = column.name;
    let sent = column.sent_type(input);
    let value = match syn::parse2::<syn::Type>(sent.clone()) {
        Ok(ty) => match in_option(&ty) {
            Some(inner) => quote!(, #inner),
            None => TokenStream::new(),
        },
        Err(_) => TokenStream::new(),
    };
    let docs = format!("The column `{name}`.");
    quote! {
        #[doc = #docs]
        #vis const #constant: #howdah::TypedColumn<Self, #sent #value> =
            #howdah::TypedColumn::new(&#table::TABLE, #name);
    }
}

/// `find`, `find_many` and `exists`.
fn by_key(input: &Input, keys: &[&Written]) -> TokenStream {
    let Input {
        name, howdah, vis, ..
    } = input;
    let lifetime = statement_lifetime(input);
    let arguments: Vec<Argument> = keys
        .iter()
        .map(|key| Argument::of(&key.field.ty, key.decoding, howdah, &[], &lifetime))
        .collect();
    let members: Vec<Option<&Ident>> = keys.iter().map(|key| key.member()).collect();
    let types: Vec<&TokenStream> = arguments.iter().map(|argument| &argument.ty).collect();
    let params = arguments.iter().map(|argument| &argument.param);
    let params = quote! {
        ::std::vec![#({ let value = #members; #params }),*]
    };
    let (find, find_many, exists) = (
        format!("{name}::find"),
        format!("{name}::find_many"),
        format!("{name}::exists"),
    );
    let (keys_type, keys_params) = many_keys(input, keys, &arguments, &lifetime);
    quote! {
        /// The row with this key, if there is one.
        #vis fn find<#lifetime>(
            #(#members: #types),*
        ) -> #howdah::Built<#lifetime, #howdah::Opt<Self>> {
            static SHAPE: #howdah::__private::select::Shape = #howdah::__private::select::Shape::new();
            #howdah::__private::select::find::<Self>(#find, &SHAPE, #params)
        }

        /// The rows with these keys, in the order of the keys. Keys without a row are left out.
        #vis fn find_many<#lifetime>(
            keys: &#lifetime [#keys_type],
        ) -> #howdah::Built<#lifetime, #howdah::Many<Self>> {
            static SHAPE: #howdah::__private::select::Shape = #howdah::__private::select::Shape::new();
            #howdah::__private::select::find_many::<Self>(#find_many, &SHAPE, ::std::vec![#keys_params])
        }

        /// Whether there is a row with this key.
        #vis fn exists<#lifetime>(
            #(#members: #types),*
        ) -> #howdah::Built<#lifetime, #howdah::One<#howdah::Value<::core::primitive::bool>>> {
            static SHAPE: #howdah::__private::select::Shape = #howdah::__private::select::Shape::new();
            #howdah::__private::select::exists::<Self>(#exists, &SHAPE, #params)
        }
    }
}

/// The type of one of many keys, and the parameters with all of them.
fn many_keys(
    input: &Input,
    keys: &[&Written],
    arguments: &[Argument],
    lifetime: &Lifetime,
) -> (TokenStream, TokenStream) {
    let howdah = &input.howdah;
    // What a list holds has to be one type, and one that can be copied.
    let listed: Vec<TokenStream> = keys
        .iter()
        .zip(arguments)
        .map(|(key, Argument { ty, .. })| match in_vec(&key.field.ty) {
            Some(text) if is_texts(&key.field.ty) => quote!(&#lifetime [#text]),
            _ => quote!(#ty),
        })
        .collect();
    let sent: Vec<&TokenStream> = arguments.iter().map(|argument| &argument.sent).collect();
    match (&listed[..], &sent[..], keys) {
        ([ty], _, [key]) if matches!(key.decoding, Decoding::Plain) => {
            let sent = match is_texts(&key.field.ty) {
                true => quote!(#ty),
                false => sent_as(&key.field.ty),
            };
            (
                quote!(#ty),
                keys_of(
                    input,
                    key,
                    quote!(<#sent as #howdah::Encode>::keys),
                    quote!(keys),
                ),
            )
        }
        ([ty], [sent], [key]) => (quote!(#ty), key_values(input, key, &quote!(key), sent)),
        _ => {
            let arrays = keys
                .iter()
                .zip(&sent)
                .enumerate()
                .map(|(place, (key, sent))| {
                    let place = syn::Index::from(place);
                    key_values(input, key, &quote!(&key.#place), sent)
                });
            (quote!((#(#listed),*)), quote!(#(#arrays),*))
        }
    }
}

/// The values of one column of many keys.
fn key_values(
    input: &Input,
    key: &Written,
    value: &TokenStream,
    sent: &TokenStream,
) -> TokenStream {
    let values = quote! {
        keys.iter()
            .map(|key| {
                let value = ::core::clone::Clone::clone(#value);
                #sent
            })
            .collect::<::std::vec::Vec<_>>()
    };
    let howdah = &input.howdah;
    keys_of(
        input,
        key,
        quote!(#howdah::__private::select::Keys::of),
        values,
    )
}

fn keys_of(input: &Input, key: &Written, of: TokenStream, values: TokenStream) -> TokenStream {
    let (table, name) = (&input.table, key.name);
    quote!(#of(#table::TABLE.column(#name), #values))
}
