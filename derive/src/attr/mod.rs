//! Reads `#[pg(…)]` attributes into settings, word by word, each with the span it came from. It knows
//! the grammar of the words only: whether settings agree with each other is for [`crate::check`].

mod container;
mod field;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Path, Token};

use crate::errors::Errors;
use crate::suggest;

pub(crate) use container::ContainerAttrs;
pub(crate) use field::FieldAttrs;

/// PostgreSQL keeps this many bytes of a name (`NAMEDATALEN - 1`).
const MAX_NAME: usize = 63;

/// Refuses a name that PostgreSQL cannot have.
pub(crate) fn check_length(name: &LitStr) -> syn::Result<()> {
    check_length_of(&name.value(), name.span())
}

/// Refuses a part of what stands at `span` if PostgreSQL cannot have it as a name.
pub(crate) fn check_length_of(name: &str, span: Span) -> syn::Result<()> {
    let length = name.len();
    if length <= MAX_NAME {
        return Ok(());
    }
    let message = format!(
        "this name has {length} bytes, and PostgreSQL has no names of more than {MAX_NAME}"
    );
    Err(syn::Error::new(span, message))
}

/// Refuses an identifier that is called `name` in the database if PostgreSQL cannot have such a name. `word` gives it
/// another.
pub(crate) fn check_length_for(ident: &Ident, name: &str, word: &str, errors: &Errors) {
    let length = name.len();
    if length > MAX_NAME {
        let message = format!(
            "`{name}` has {length} bytes, and PostgreSQL has no names of more than {MAX_NAME}: write the name that it has \
             there as `#[pg({word} = \"…\")]`"
        );
        errors.at(ident, message);
    }
}

/// A setting that may be given at most once, with the word that gave it.
pub(crate) struct Setting<T>(Option<(Ident, T)>);

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Setting(None)
    }
}

impl<T> Setting<T> {
    pub(crate) fn set(&mut self, word: &Ident, value: T, errors: &Errors) {
        if self.0.is_some() {
            errors.at(word, format!("`{word}` is given twice; keep one of them"));
        } else {
            self.0 = Some((word.clone(), value));
        }
    }

    /// The value, if the setting was given.
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    /// The word that gave it, for errors to underline.
    pub(crate) fn word(&self) -> Option<&Ident> {
        self.0.as_ref().map(|(word, _)| word)
    }
}

/// Calls `read` for each word of each `#[pg(…)]`, with the input positioned after the word. A word that cannot be read
/// is an error, and the words after it are still read.
///
/// `read` returns `false` for a word that it does not know; `valid` are those that it knows.
pub(crate) fn for_each_word(
    attributes: &[Attribute],
    valid: &[&str],
    owner: &str,
    errors: &Errors,
    mut read: impl FnMut(&Ident, ParseStream) -> syn::Result<bool>,
) {
    for attribute in attributes.iter().filter(|a| a.path().is_ident("pg")) {
        let words = |input: ParseStream| each_word(input, valid, owner, errors, &mut read);
        let result = match &attribute.meta {
            syn::Meta::List(list) => words.parse2(list.tokens.clone()),
            other => Err(syn::Error::new_spanned(
                other,
                "`pg` takes its settings in parentheses: `#[pg(…)]`",
            )),
        };
        if let Err(error) = result {
            errors.push(error);
        }
    }
}

fn each_word(
    input: ParseStream,
    valid: &[&str],
    owner: &str,
    errors: &Errors,
    read: &mut impl FnMut(&Ident, ParseStream) -> syn::Result<bool>,
) -> syn::Result<()> {
    while !input.is_empty() {
        let word = input.call(Ident::parse_any)?;
        match read(&word, input) {
            Ok(true) if input.is_empty() || input.peek(Token![,]) => {}
            Ok(true) => {
                errors.push(input.error(format!("unexpected token after `{word}`; expected `,`")));
            }
            Ok(false) => {
                let hint = suggest::hint(&word.unraw().to_string(), valid);
                errors.at(
                    &word,
                    format!("unknown attribute `{word}` on {owner}: {hint}"),
                );
            }
            Err(error) => errors.push(error),
        }
        skip_to_next(input)?;
    }
    Ok(())
}

/// Moves past the next comma, or to the end.
fn skip_to_next(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() {
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            break;
        }
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// Reads `= "…"` after `word`.
pub(crate) fn string(word: &Ident, input: ParseStream) -> syn::Result<LitStr> {
    if !input.peek(Token![=]) || !input.peek2(LitStr) {
        return Err(syn::Error::new_spanned(
            word,
            format!("`{word}` takes a string: `{word} = \"…\"`"),
        ));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// Reads `= path` or `= Type` after `word`. For a string, the error says what to write instead.
pub(crate) fn syntax<T: syn::parse::Parse>(
    word: &Ident,
    input: ParseStream,
    what: &str,
    example: &str,
) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(
            word,
            format!("`{word}` takes {what}: `{word} = {example}`"),
        ));
    }
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let value = text.value();
        return Err(syn::Error::new_spanned(
            text,
            format!("`{word}` takes {what}, not a string: `{word} = {value}`"),
        ));
    }
    input.parse().map_err(|error| {
        let message = format!("`{word}` takes {what}, such as `{word} = {example}`");
        syn::Error::new(error.span(), message)
    })
}

/// A word that stands alone.
pub(crate) fn flag(word: &Ident, input: ParseStream) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else {
        Err(input.error(format!("`{word}` stands alone: it takes no value")))
    }
}

/// The path that leads to the `howdah` crate: `::howdah` unless `crate` says otherwise.
pub(crate) fn howdah_path(stated: Option<&Path>) -> Path {
    match stated {
        Some(path) => path.clone(),
        None => Path {
            leading_colon: Some(Token![::](Span::call_site())),
            segments: [syn::PathSegment::from(Ident::new(
                "howdah",
                Span::call_site(),
            ))]
            .into_iter()
            .collect(),
        },
    }
}
