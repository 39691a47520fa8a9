//! The argument of a method that sets a field: the same type that query functions take for such a column. Text and
//! lists are borrowed, other values are passed as they are. A macro sees only how a type is spelled.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericArgument, Lifetime, Path, PathArguments, Type};

use super::types::around;
use super::{Decoding, across, at_type, in_option, inferred, with_lifetimes};

/// Types that own memory, which are borrowed.
const BORROWED: [&str; 29] = [
    "Array",
    "BigDecimal",
    "BitString",
    "Bytes",
    "Cube",
    "Ewkb",
    "Geometry",
    "GeometryCollection",
    "HalfVector",
    "Hstore",
    "JsonPath",
    "LQuery",
    "LTree",
    "LTxtQuery",
    "LineString",
    "MultiLineString",
    "MultiPoint",
    "MultiPolygon",
    "Multirange",
    "Numeric",
    "Opaque",
    "Path",
    "PgSnapshot",
    "Polygon",
    "SparseVector",
    "TsQuery",
    "TsVector",
    "Value",
    "Vector",
];

/// The argument of a method that sets a field.
pub(crate) struct Argument {
    /// Its type, with the statement's lifetime in place of all others.
    pub(crate) ty: TokenStream,
    /// The expression that makes the value to be sent from `value`.
    pub(crate) sent: TokenStream,
    /// The parameter with this value.
    pub(crate) param: TokenStream,
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
        let some = match option {
            Some(_) => quote!(value),
            None => quote!(::core::option::Option::Some(value)),
        };
        let argument = match decoding {
            Decoding::Plain | Decoding::Record if option.is_none() && is_texts(inner) => Argument {
                ty: quote!(impl #howdah::Texts + #lifetime),
                sent: quote!(value),
                param: quote!(#howdah::Param::new(value)),
            },
            Decoding::Plain | Decoding::Record => Argument {
                ty: optional(borrowed(inner, lifetime).unwrap_or_else(|| quote!(#inner))),
                sent: quote_spanned!(at_type=> value),
                param: {
                    let here = sent_as(ty);
                    quote!(<#here as #howdah::Encode>::into_param(value))
                },
            },
            Decoding::Json => Argument {
                ty: optional(quote!(&#lifetime #inner)),
                sent: match option {
                    Some(_) => quote_spanned!(at_type=> value.map(#howdah::Json)),
                    None => quote_spanned!(at_type=> #howdah::Json(value)),
                },
                param: quote!(<#inner as #howdah::__private::JsonField>::param(#some)),
            },
            Decoding::TryFrom(sent) => match option {
                Some(inner) if in_option(sent).is_none() => Argument {
                    ty: quote!(#ty),
                    sent: quote!(value.map(#howdah::__private::SentAs::<#inner, #sent>::new)),
                    param: quote!(<#sent as #howdah::__private::SentFor<#inner>>::param(value)),
                },
                _ => Argument {
                    ty: quote!(#ty),
                    sent: quote!(#howdah::__private::SentAs::<#ty, #sent>::new(value)),
                    param: quote! {
                        <#sent as #howdah::__private::SentFor<#ty>>::param(::core::option::Option::Some(value))
                    },
                },
            },
        };
        Argument {
            ty: with_lifetimes(argument.ty, lifetimes, lifetime),
            sent: with_lifetimes(argument.sent, lifetimes, lifetime),
            param: inferred(argument.param, lifetimes),
        }
    }
}

/// The type that a plain field is sent as, in its borrowed form where there is one.
pub(crate) fn sent_as(ty: &Type) -> TokenStream {
    let inner = in_option(ty).unwrap_or(ty);
    match borrowed(inner, &Lifetime::new("'_", Span::call_site())) {
        Some(borrowed) if in_option(ty).is_some() => {
            around(quote!(::core::option::Option), borrowed, ty)
        }
        Some(borrowed) => across(borrowed, ty),
        None => quote!(#ty),
    }
}

/// The borrowed form of a type that has one.
fn borrowed(ty: &Type, lifetime: &Lifetime) -> Option<TokenStream> {
    match named(ty)? {
        (name, None) if name == "String" => Some(quote!(&#lifetime ::core::primitive::str)),
        (name, Some(element)) if name == "Vec" => {
            let element = match named(element) {
                Some((name, None)) if name == "String" => quote!(&#lifetime ::core::primitive::str),
                _ => quote!(#element),
            };
            Some(quote!(&#lifetime [#element]))
        }
        (name, _) if BORROWED.iter().any(|borrowed| name == borrowed) => {
            Some(quote!(&#lifetime #ty))
        }
        _ => None,
    }
}

/// A reference to what a plain field is [sent as](sent_as), made from the field.
pub(crate) fn lent(ty: &Type, field: TokenStream) -> TokenStream {
    let inner = in_option(ty).unwrap_or(ty);
    if borrowed(inner, &Lifetime::new("'_", Span::call_site())).is_none() {
        return quote!(&#field);
    }
    let is_container = matches!(named(inner), Some((name, _)) if name == "String" || name == "Vec");
    match (in_option(ty), is_container) {
        (Some(_), true) => quote!(&::core::option::Option::as_deref(&#field)),
        (Some(_), false) => quote!(&::core::option::Option::as_ref(&#field)),
        (None, true) => quote!(&&*#field),
        (None, false) => quote!(&&#field),
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
    let path = match ty {
        Type::Path(path) => path,
        Type::Group(group) => return named(&group.elem),
        Type::Paren(paren) => return named(&paren.elem),
        _ => return None,
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
