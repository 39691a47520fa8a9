//! The attributes of the derives for types of the database, on the type and on its parts.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, LitStr, Path};

use super::snake;
use crate::attr::{
    Setting, check_length, check_length_for, check_length_of, flag, for_each_word, howdah_path,
    string, syntax,
};
use crate::case::Case;
use crate::errors::Errors;

/// The settings of a type.
#[derive(Default)]
pub(super) struct TypeAttrs {
    /// The type's name in the database, with its schema unless that is `public` or given by `schema`.
    name: Setting<LitStr>,
    schema: Setting<LitStr>,
    pub(super) rename_all: Setting<Case>,
    pub(super) transparent: Setting<()>,
    krate: Setting<Path>,
}

impl TypeAttrs {
    /// Reads those of `words` that stand on a type.
    pub(super) fn read(
        attributes: &[Attribute],
        words: &[&str],
        owner: &str,
        errors: &Errors,
    ) -> Self {
        let mut attrs = Self::default();
        for_each_word(attributes, words, owner, errors, |word, input| {
            let text = word.to_string();
            if !words.contains(&text.as_str()) {
                return Ok(false);
            }
            match text.as_str() {
                "name" => attrs.name.set(word, name(word, input)?, errors),
                "schema" => attrs.schema.set(word, name(word, input)?, errors),
                "rename_all" => {
                    let text = string(word, input)?;
                    let case = Case::from_word(&text.value())
                        .map_err(|message| syn::Error::new(text.span(), message))?;
                    attrs.rename_all.set(word, case, errors);
                }
                "transparent" => {
                    flag(word, input)?;
                    attrs.transparent.set(word, (), errors);
                }
                _ => {
                    let path = syntax(word, input, "a path", "my_facade::howdah")?;
                    attrs.krate.set(word, path, errors);
                }
            }
            Ok(true)
        });
        let of_domain = [attrs.name.word(), attrs.schema.word()].into_iter();
        for word in of_domain
            .flatten()
            .filter(|_| attrs.transparent.get().is_some())
        {
            let message = format!(
                "`{word}` and `transparent` exclude each other: a transparent type has no domain of its own"
            );
            errors.at(word, message);
        }
        attrs
    }

    /// Schema and name of the type in the database.
    pub(super) fn sql_name(&self, item: &DeriveInput, errors: &Errors) -> (String, String) {
        let schema = self.schema.get().map(LitStr::value);
        let Some(name) = self.name.get().map(LitStr::value) else {
            let name = snake(&item.ident);
            if self.transparent.get().is_none() {
                check_length_for(&item.ident, &name, "name", errors);
            }
            return (schema.unwrap_or_else(|| "public".to_owned()), name);
        };
        match (schema, name.split_once('.')) {
            (Some(schema), _) => (schema, name),
            (None, Some((schema, name))) => (schema.to_owned(), name.to_owned()),
            (None, None) => ("public".to_owned(), name),
        }
    }

    /// The path that leads to the `howdah` crate.
    pub(super) fn howdah(&self) -> Path {
        howdah_path(self.krate.get())
    }
}

/// A name that PostgreSQL can have.
fn name(word: &syn::Ident, input: syn::parse::ParseStream) -> syn::Result<LitStr> {
    let text = string(word, input)?;
    let value = text.value();
    if value.split('.').any(str::is_empty) {
        let message = format!("`{word}` is empty: the database has no such name");
        return Err(syn::Error::new(text.span(), message));
    }
    for part in value.split('.') {
        check_length_of(part, text.span())?;
    }
    Ok(text)
}

/// The settings of a variant or of a field.
#[derive(Default)]
pub(super) struct PartAttrs {
    pub(super) rename: Setting<LitStr>,
    pub(super) other: Setting<()>,
}

impl PartAttrs {
    /// Reads those of `words` that stand on a part.
    pub(super) fn read(
        attributes: &[Attribute],
        words: &[&str],
        owner: &str,
        errors: &Errors,
    ) -> Self {
        let mut attrs = Self::default();
        for_each_word(attributes, words, owner, errors, |word, input| {
            match word.to_string().as_str() {
                "rename" => {
                    let text = string(word, input)?;
                    check_length(&text)?;
                    attrs.rename.set(word, text, errors);
                }
                "other" if words.contains(&"other") => {
                    flag(word, input)?;
                    attrs.other.set(word, (), errors);
                }
                _ => return Ok(false),
            }
            Ok(true)
        });
        attrs
    }

    /// The name in the database of a part that is called `snake` in Rust, and `ident` as it is written.
    pub(super) fn sql_name(
        &self,
        ident: &Ident,
        snake: &str,
        case: Option<Case>,
        errors: &Errors,
    ) -> (String, Span) {
        if let Some(name) = self.rename.get() {
            return (name.value(), name.span());
        }
        let plain = ident.unraw().to_string();
        let name = match case {
            Some(case) => case.apply(&plain, snake),
            None => plain,
        };
        check_length_for(ident, &name, "rename", errors);
        (name, ident.span())
    }
}
