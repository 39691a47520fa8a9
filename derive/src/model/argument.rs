//! What a method that sets a field takes: what query functions take for such a column. Text and lists are
//! borrowed, other values are passed as they are. Like all of the macro's answers about types, this one is about
//! how they are spelled.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{GenericArgument, Lifetime, Path, PathArguments, Type};

use super::{Decoding, at_type, in_option, with_lifetimes};

/// Types that own memory, which are borrowed.
const BORROWED: [&str; 17] = [
    "Array",
    "BitString",
    "Bytes",
    "Ewkb",
    "Geometry",
    "GeometryCollection",
    "Hstore",
    "LineString",
    "MultiLineString",
    "MultiPoint",
    "MultiPolygon",
    "Numeric",
    "Opaque",
    "Polygon",
    "TsQuery",
    "TsVector",
    "Value",
];

/// The argument of a method that sets a field.
pub(crate) struct Argument {
    /// Its type, every lifetime in it being that of the statement.
    pub(crate) ty: TokenStream,
    /// What is sent, made from `value`.
    pub(crate) sent: TokenStream,
}

impl Argument {
    /// The argument for a field of this type. `lifetimes` are those of the struct.
    pub(crate) fn of(
        ty: &Type,
        decoding: &Decoding,
        howdah: &Path,
        lifetimes: &[&Lifetime],
        lifetime: &Lifetime,
    ) -> Argument {
        let at_type = at_type(ty);
        let option = in_option(ty);
        let inner = option.unwrap_or(ty);
        let optional = |ty: TokenStream| match option {
            Some(_) => quote!(::core::option::Option<#ty>),
            None => ty,
        };
        let argument = match decoding {
            Decoding::Plain | Decoding::Record => Argument {
                ty: match option {
                    None if is_texts(inner) => quote!(impl #howdah::Texts + #lifetime),
                    _ => optional(borrowed(inner, lifetime)),
                },
                sent: quote_spanned!(at_type=> value),
            },
            Decoding::Json => Argument {
                ty: optional(quote!(&#lifetime #inner)),
                sent: match option {
                    Some(_) => quote_spanned!(at_type=> value.map(#howdah::Json)),
                    None => quote_spanned!(at_type=> #howdah::Json(value)),
                },
            },
            Decoding::TryFrom(sent) => Argument {
                ty: quote!(#ty),
                sent: match option {
                    Some(inner) if in_option(sent).is_none() => {
                        quote!(value.map(#howdah::__private::SentAs::<#inner, #sent>::new))
                    }
                    _ => quote!(#howdah::__private::SentAs::<#ty, #sent>::new(value)),
                },
            },
        };
        Argument {
            ty: with_lifetimes(argument.ty, lifetimes, lifetime),
            sent: with_lifetimes(argument.sent, lifetimes, lifetime),
        }
    }
}

/// The borrowed form of a type, or the type itself.
fn borrowed(ty: &Type, lifetime: &Lifetime) -> TokenStream {
    match named(ty) {
        Some((name, None)) if name == "String" => quote!(&#lifetime str),
        Some((name, Some(element))) if name == "Vec" => {
            let element = match named(element) {
                Some((name, None)) if name == "String" => quote!(&#lifetime str),
                _ => quote!(#element),
            };
            quote!(&#lifetime [#element])
        }
        Some((name, _)) if BORROWED.iter().any(|borrowed| name == borrowed) => {
            quote!(&#lifetime #ty)
        }
        _ => quote!(#ty),
    }
}

/// Whether it is spelled `Vec<String>`.
pub(crate) fn is_texts(ty: &Type) -> bool {
    let Some((name, Some(element))) = named(ty) else {
        return false;
    };
    name == "Vec" && matches!(named(element), Some((name, None)) if name == "String")
}

/// The last name of a path, and its first type argument.
fn named(ty: &Type) -> Option<(&syn::Ident, Option<&Type>)> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    };
    Some((&last.ident, argument))
}
