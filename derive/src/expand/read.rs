//! How a row is read: the fields of the struct expression in `PgRow::from_row`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::model::{Absent, Decoding, Field, Input, Source, at_type, in_option, in_vec};

/// `member: value`, which reads the columns of one field in the order of `FIELDS`.
pub(super) fn field(input: &Input, field: &Field) -> TokenStream {
    let member = &field.member;
    let ty = &field.ty;
    let howdah = &input.howdah;
    let value = match &field.source {
        Source::Skip => quote!(<#ty as ::core::default::Default>::default()),
        Source::Nested { .. } => match in_option(&field.ty) {
            Some(nested) => quote! {
                if row.skip_null(<#nested as #howdah::PgRow<'_>>::COLUMNS) {
                    ::core::option::Option::None
                } else {
                    ::core::option::Option::Some(<#nested as #howdah::PgRow<'_>>::from_row(row)?)
                }
            },
            None => quote!(<#ty as #howdah::PgRow<'_>>::from_row(row)?),
        },
        Source::Column {
            decoding, absent, ..
        } => {
            let present = column(input, field, decoding);
            match absent {
                Absent::Error => present,
                Absent::FieldDefault => quote! {
                    if row.skip_absent() { <#ty as ::core::default::Default>::default() } else { #present }
                },
                Absent::StructDefault => quote! {
                    if row.skip_absent() {
                        <Self as ::core::default::Default>::default().#member
                    } else {
                        #present
                    }
                },
            }
        }
    };
    quote!(#member: #value)
}

/// The value of a column that the result has.
fn column(input: &Input, field: &Field, decoding: &Decoding) -> TokenStream {
    let decoded = field.decoded_type(&input.howdah);
    let ty = &field.ty;
    let at_type = at_type(ty);
    let howdah = &input.howdah;
    let value = quote!(<#decoded as #howdah::Decode<'_>>::get(row)?);
    match (decoding, in_option(ty)) {
        (Decoding::Plain, _) => value,
        (Decoding::Record, _) => out_of_records(ty, value),
        (Decoding::Json, None) => quote!(#value.0),
        // NULL and the JSON `null` are both `None`.
        (Decoding::Json, Some(_)) => quote!(#value.and_then(|json| json.0)),
        (Decoding::TryFrom(from), Some(inner)) if in_option(from).is_none() => {
            let converted = quote_spanned!(at_type=> row.converted::<#from, #inner>(value)?);
            quote! {
                match #value {
                    ::core::option::Option::Some(value) => ::core::option::Option::Some(#converted),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }
        }
        (Decoding::TryFrom(from), _) => {
            let converted = quote_spanned!(at_type=> row.converted::<#from, #ty>(value)?);
            quote!({
                let value = #value;
                #converted
            })
        }
    }
}

/// Converts `value` from the type that records are decoded by to the field's type.
fn out_of_records(ty: &Type, value: TokenStream) -> TokenStream {
    if let Some(inner) = in_option(ty) {
        let inner = out_of_records(inner, quote!(record));
        quote!(#value.map(|record| #inner))
    } else if let Some(inner) = in_vec(ty) {
        let inner = out_of_records(inner, quote!(record));
        quote!(#value.into_iter().map(|record| #inner).collect())
    } else {
        quote!(#value.0)
    }
}
