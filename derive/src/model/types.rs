//! Looks at types as tokens: is it an `Option`, does it name a generic parameter, how is it written.
//! A macro cannot resolve names, so each answer depends on how the type is spelled.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, Lifetime, Path, PathArguments, Type};

/// The `T` of a type spelled `Option<T>`, `option::Option<T>` or so; an alias of it is not seen.
pub(crate) fn in_option(ty: &Type) -> Option<&Type> {
    inside("Option", ty)
}

/// The `T` of a type spelled `Vec<T>`.
pub(crate) fn in_vec(ty: &Type) -> Option<&Type> {
    inside("Vec", ty)
}

/// The type by which records are decoded: `Record<T>` for `T`, inside of the `Option`s and `Vec`s around it.
pub(crate) fn record_type(ty: &Type, howdah: &Path) -> TokenStream {
    record_at(ty, howdah, ty)
}

fn record_at(ty: &Type, howdah: &Path, field: &Type) -> TokenStream {
    if let Some(inner) = in_option(ty) {
        let inner = record_at(inner, howdah, field);
        around(quote!(::core::option::Option), inner, field)
    } else if let Some(inner) = in_vec(ty) {
        let inner = record_at(inner, howdah, field);
        around(quote!(::std::vec::Vec), inner, field)
    } else {
        around(quote!(#howdah::Record), quote!(#ty), field)
    }
}

/// The type by which a JSON document is decoded or sent; for an `Option`, it is `Option<Json<inner>>`.
pub(crate) fn json_type(ty: &Type, inner: &Type, howdah: &Path) -> TokenStream {
    let json = around(quote!(#howdah::Json), quote!(#inner), ty);
    match in_option(ty) {
        Some(_) => around(quote!(::core::option::Option), json, ty),
        None => json,
    }
}

/// The span for code about a field of this type, so that the type is underlined if the code does not compile.
pub(crate) fn at_type(ty: &Type) -> Span {
    Span::call_site().located_at(ty.span())
}

/// `outer<inner>`, spanned so that errors about it underline the field's type: the span of a path reaches from its
/// first token to its last.
pub(crate) fn around(outer: TokenStream, inner: TokenStream, field: &Type) -> TokenStream {
    let (first, last) = ends(field);
    let [first, last] = [first, last].map(|span| Span::call_site().located_at(span));
    let outer = spanned(&outer, first);
    let open = quote_spanned!(first=> #outer<);
    let close = quote_spanned!(last=> >);
    quote!(#open #inner #close)
}

/// Tokens whose span reaches from the start of a field's type to its end, so that errors about them underline it.
pub(crate) fn across(tokens: TokenStream, field: &Type) -> TokenStream {
    let (first, last) = ends(field);
    let [first, last] = [first, last].map(|span| Span::call_site().located_at(span));
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let Some(token) = tokens.first_mut() {
        token.set_span(first);
    }
    if let Some(token) = tokens.last_mut() {
        token.set_span(last);
    }
    tokens.into_iter().collect()
}

/// The tokens for a function body, where the compiler infers the struct's lifetimes.
pub(crate) fn inferred(tokens: TokenStream, lifetimes: &[&Lifetime]) -> TokenStream {
    with_lifetimes(tokens, lifetimes, &Lifetime::new("'_", Span::call_site()))
}

/// The tokens of a path, all with this span.
pub(crate) fn spanned(path: &impl ToTokens, span: Span) -> TokenStream {
    let tokens = path.to_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    tokens.collect()
}

/// The spans that tokens begin and end with.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let tokens: Vec<TokenTree> = tokens.to_token_stream().into_iter().collect();
    let first = tokens
        .first()
        .map_or_else(Span::call_site, |token| match token {
            TokenTree::Group(group) => group.span_open(),
            other => other.span(),
        });
    let last = tokens.last().map_or(first, |token| match token {
        TokenTree::Group(group) => group.span_close(),
        other => other.span(),
    });
    (first, last)
}

fn inside<'t>(outer: &str, ty: &'t Type) -> Option<&'t Type> {
    let path = match ty {
        Type::Path(path) if path.qself.is_none() => &path.path,
        Type::Group(group) => return inside(outer, &group.elem),
        Type::Paren(paren) => return inside(outer, &paren.elem),
        _ => return None,
    };
    let last = path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == outer && arguments.args.len() == 1 => {
            Some(inner)
        }
        _ => None,
    }
}

/// Whether one of `names` occurs in the tokens. It can wrongly say yes for a module with the name of a type parameter,
/// but never no if the parameter is used.
pub(crate) fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The tokens with each of `lifetimes` replaced by one; spans stay those of the user's tokens.
pub(crate) fn with_lifetimes(
    tokens: TokenStream,
    lifetimes: &[&Lifetime],
    by: &Lifetime,
) -> TokenStream {
    let mut after_tick = false;
    tokens
        .into_iter()
        .map(|token| {
            let named = std::mem::replace(&mut after_tick, is_tick(&token));
            match token {
                TokenTree::Ident(ident)
                    if named && lifetimes.iter().any(|lifetime| lifetime.ident == ident) =>
                {
                    let mut name = by.ident.clone();
                    name.set_span(ident.span());
                    TokenTree::Ident(name)
                }
                TokenTree::Group(group) => {
                    let inner = with_lifetimes(group.stream(), lifetimes, by);
                    let mut replaced = Group::new(group.delimiter(), inner);
                    replaced.set_span(group.span());
                    TokenTree::Group(replaced)
                }
                other => other,
            }
        })
        .collect()
}

fn is_tick(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'')
}

/// The type as a person writes it: `Option<Vec<&'r str>>`.
pub(crate) fn tidy(ty: &impl ToTokens) -> String {
    let mut text = String::new();
    write_tidy(ty.to_token_stream(), &mut text);
    text
}

fn write_tidy(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                if matches!(sign, '+' | '=') && !text.ends_with(' ') {
                    text.push(' ');
                }
                if sign == '\'' && text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    text.push(' ');
                }
                text.push(sign);
                if matches!(sign, ',' | ';' | '+' | '=') {
                    text.push(' ');
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                if open == "[" && text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    text.push(' ');
                }
                text.push_str(open);
                write_tidy(group.stream(), text);
                text.push_str(close);
            }
            word => {
                if text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn options_are_seen_by_their_spelling() {
        assert!(in_option(&parse_quote!(Option<i64>)).is_some());
        assert!(in_option(&parse_quote!(::std::option::Option<Vec<T>>)).is_some());
        assert!(in_option(&parse_quote!(Vec<Option<i64>>)).is_none());
        assert!(in_option(&parse_quote!(Maybe<i64>)).is_none());
    }

    #[test]
    fn types_are_written_as_people_write_them() {
        let written = |ty: Type| tidy(&ty);
        assert_eq!(
            written(parse_quote!(Option<Vec<String>>)),
            "Option<Vec<String>>"
        );
        assert_eq!(written(parse_quote!(&'r str)), "&'r str");
        assert_eq!(written(parse_quote!(&'r mut [u8])), "&'r mut [u8]");
        assert_eq!(written(parse_quote!(Cow<'r, str>)), "Cow<'r, str>");
        assert_eq!(written(parse_quote!([f64; 3])), "[f64; 3]");
        assert_eq!(written(parse_quote!(a::B<(u8, C)>)), "a::B<(u8, C)>");
    }

    #[test]
    fn lifetimes_are_replaced_wherever_they_stand() {
        let ty: Type = parse_quote!(Option<(&'a str, Cow<'b, [a]>)>);
        let (a, b): (Lifetime, Lifetime) = (parse_quote!('a), parse_quote!('b));
        let replaced = with_lifetimes(ty.to_token_stream(), &[&a, &b], &parse_quote!('static));
        assert_eq!(tidy(&replaced), "Option<(&'static str, Cow<'static, [a]>)>");
    }

    #[test]
    fn a_generic_parameter_is_found_at_any_depth() {
        let ty: Type = parse_quote!(Option<[(u8, T); 3]>);
        let (t, u): (Ident, Ident) = (parse_quote!(T), parse_quote!(U));
        assert!(mentions(ty.to_token_stream(), &[&t]));
        assert!(!mentions(ty.to_token_stream(), &[&u]));
    }
}
