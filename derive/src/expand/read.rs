//! How a row is read: the fields of the struct expression in `PgRow::from_row`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::model::{Absent, Decoding, Field, Input, Source, at_type, in_option, in_vec};

/// `member: value`, which reads the columns of one field in the order of `FIELDS`.
pub(super) fn field(input: &Input, field: &Field) -> TokenStream {
    let member = &field.member;
    let ty = &field.ty;
    let value = match &field.source {
        Source::Skip => quote!(<#ty as ::core::default::Default>::default()),
        Source::Nested { .. } => match in_option(&field.ty) {
            Some(nested) => quote!(row.nested_optional::<#nested>()?),
            None => {
                let nested = &field.ty;
                quote!(row.nested::<#nested>()?)
            }
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
    match (decoding, in_option(ty)) {
        (Decoding::Plain, _) => quote!(row.get::<#decoded>()?),
        (Decoding::Record, _) => out_of_records(ty, quote!(row.get::<#decoded>()?)),
        (Decoding::Json, None) => quote!(row.get::<#decoded>()?.0),
        // NULL and the JSON `null` are both `None`.
        (Decoding::Json, Some(_)) => quote!(row.get::<#decoded>()?.and_then(|json| json.0)),
        (Decoding::TryFrom(from), Some(inner)) if in_option(from).is_none() => {
            quote_spanned!(at_type=> row.get_try_from_optional::<#from, #inner>()?)
        }
        (Decoding::TryFrom(from), _) => quote_spanned!(at_type=> row.get_try_from::<#from, #ty>()?),
    }
}

/// `value`, of the type that records are decoded by, as the field's type.
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
