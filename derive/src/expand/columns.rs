//! What a row type reads: the elements of `PgRow::FIELDS`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Absent, Field, Input, Matching, Source, in_option, tidy};

/// The element for one field; `None` for a field that reads no column.
pub(super) fn field(input: &Input, field: &Field) -> Option<TokenStream> {
    let howdah = &input.howdah;
    match &field.source {
        Source::Skip => None,
        Source::Nested { prefix } => {
            let inner = in_option(&field.ty);
            let (nested, optional) = (inner.unwrap_or(&field.ty), inner.is_some());
            Some(quote! {
                #howdah::Field::of_row(#prefix, <#nested as #howdah::PgRow<'_>>::FIELDS, #optional)
            })
        }
        Source::Column {
            name,
            decoding,
            absent,
        } => {
            let decoded = field.decoded_type(howdah);
            let label = &field.label;
            let written = tidy(&field.ty);
            let name = match input.matching {
                Matching::Name => name,
                Matching::Position => "",
            };
            let or_default = (*absent != Absent::Error).then(|| quote!(.or_default()));
            let through = decoding.attribute();
            let through = through.map(|attribute| quote!(.through(#attribute)));
            Some(quote! {
                <#decoded as #howdah::Decode<'_>>::FIELD
                    .of_column(#name, #label, #written) #through #or_default
            })
        }
    }
}
