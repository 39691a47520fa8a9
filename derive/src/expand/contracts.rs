//! The contracts with the table: one const for each field, which fails to evaluate where the field does
//! not fit its column. Its span is the field's type, since that is what the user has to change.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{columns, generics};
use crate::model::{Absent, Field, Input, Source, ends, inferred, mentions, spanned};

/// All contracts of a struct; nothing if it names no table.
pub(super) fn table(input: &Input) -> TokenStream {
    input
        .fields
        .iter()
        .filter_map(|field| contract(input, field))
        .collect()
}

fn contract(input: &Input, field: &Field) -> Option<TokenStream> {
    let table = input.table.as_ref()?;
    let Source::Column { name, absent, .. } = &field.source else {
        return None;
    };
    let howdah = &input.howdah;
    let decoded = field.decoded_type(howdah);
    if mentions(decoded, &generics::parameters(&input.generics)) {
        let optional = *absent != Absent::Error;
        let label = &field.label;
        return (!optional).then(|| {
            let arguments = quote!(&#table::TABLE, #name, #label);
            call(&field.ty, quote!(#howdah::check::table_column), arguments)
        });
    }
    let column = columns::field(input, field)?;
    let column = inferred(column, &input.lifetimes());
    let arguments = quote!(&#table::TABLE, &#column);
    Some(call(
        &field.ty,
        quote!(#howdah::check::table_field),
        arguments,
    ))
}

/// A call in a const item, which spans exactly the tokens of `at`: the span of an expression reaches from its first
/// token to its last, so these two get the spans of `at`.
pub(super) fn call(
    at: &impl ToTokens,
    function: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let (first, last) = ends(at);
    let function = spanned(&function, first);
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(last);
    quote_spanned!(first=> const _: () = #function #arguments;)
}
