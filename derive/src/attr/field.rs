//! The attributes that stand on a field. It only reads them; see [`crate::check`] for which go together.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, LitStr, Token, Type, token};

use super::{Setting, check_length, flag, for_each_word, string, syntax};
use crate::errors::Errors;
use crate::suggest;

/// Every word that may stand on a field.
const WORDS: [&str; 10] = [
    "rename",
    "flatten",
    "default",
    "skip",
    "json",
    "record",
    "try_from",
    "key",
    "version",
    "generated",
];

/// The settings of a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) rename: Setting<LitStr>,
    pub(crate) flatten: Setting<Flatten>,
    pub(crate) default: Setting<()>,
    pub(crate) skip: Setting<()>,
    pub(crate) json: Setting<()>,
    pub(crate) record: Setting<()>,
    pub(crate) try_from: Setting<Type>,
    /// A column of the table's key.
    pub(crate) key: Setting<()>,
    /// The column that counts the changes of its row.
    pub(crate) version: Setting<()>,
    /// The database makes the value: nothing writes it.
    pub(crate) generated: Setting<()>,
}

/// `flatten`, with the prefix of the nested struct's columns.
pub(crate) struct Flatten {
    pub(crate) prefix: Option<LitStr>,
}

impl FieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> FieldAttrs {
        let mut attrs = FieldAttrs::default();
        for_each_word(attributes, &WORDS, "a field", errors, |word, input| {
            match word.to_string().as_str() {
                "rename" => {
                    let name = column_name(string(word, input)?)?;
                    attrs.rename.set(word, name, errors);
                }
                "flatten" => attrs.flatten.set(word, flatten(input)?, errors),
                "try_from" => {
                    let ty = syntax(word, input, "a type", "i32")?;
                    attrs.try_from.set(word, ty, errors);
                }
                text => {
                    let Some(setting) = attrs.flag(text) else {
                        return Ok(false);
                    };
                    flag(word, input)?;
                    setting.set(word, (), errors);
                }
            }
            Ok(true)
        });
        attrs
    }

    /// The setting of a word that stands alone.
    fn flag(&mut self, word: &str) -> Option<&mut Setting<()>> {
        Some(match word {
            "default" => &mut self.default,
            "skip" => &mut self.skip,
            "json" => &mut self.json,
            "record" => &mut self.record,
            "key" => &mut self.key,
            "version" => &mut self.version,
            "generated" => &mut self.generated,
            _ => return None,
        })
    }
}

/// Reads the `(prefix = "…")` that may follow `flatten`.
fn flatten(input: ParseStream) -> syn::Result<Flatten> {
    if !input.peek(token::Paren) {
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Flatten { prefix: None });
        }
        return Err(input.error("`flatten` stands alone or as `flatten(prefix = \"…\")`"));
    }
    let inner;
    syn::parenthesized!(inner in input);
    let flatten = prefix(&inner);
    if flatten.is_err() {
        // The rest of the parentheses would be reported as a second mistake.
        inner.parse::<TokenStream>()?;
    }
    flatten
}

fn prefix(inner: ParseStream) -> syn::Result<Flatten> {
    let word = inner.call(Ident::parse_any)?;
    if word != "prefix" {
        let hint = suggest::hint(&word.to_string(), &["prefix"]);
        let message = format!("unknown attribute `{word}` in `flatten(…)`: {hint}");
        return Err(syn::Error::new_spanned(word, message));
    }
    let prefix = column_name(string(&word, inner)?)?;
    if !inner.is_empty() {
        return Err(inner.error("`flatten` takes nothing but `prefix = \"…\"`"));
    }
    Ok(Flatten {
        prefix: Some(prefix),
    })
}

/// A name that a column can have.
fn column_name(name: LitStr) -> syn::Result<LitStr> {
    if name.value().is_empty() {
        return Err(syn::Error::new(name.span(), "a column name is not empty"));
    }
    check_length(&name)?;
    Ok(name)
}
