//! From the names of SQL to names of Rust: any text becomes an identifier, and no two become the same one.
//!
//! Rules: characters are those of Unicode's form NFKC (`µ` is the Greek letter, `Ａ` is `A`), without which rustc warns; words
//! are split at characters that no identifier can contain and at camel case; a leading digit gets `_` before it, and a name of
//! digits alone a word (`column_2024`); if nothing is left (`?column?` aside, an emoji, punctuation), the name is the
//! positional one of the caller; a keyword is written `r#type`, or `self_` if it has no raw form; the second of two equal names
//! gets `_2` (types: `2`).

use std::borrow::Cow;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::source::with_words;

/// Whether `character` may stand inside of an identifier, `_` aside.
fn is_word_character(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    character.is_alphanumeric() && syn::parse_str::<syn::Ident>(&format!("a{character}")).is_ok()
}

/// `name` in the form NFKC, which that of ASCII is.
fn normalized(name: &str) -> Cow<'_, str> {
    match name.is_ascii() {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.nfkc().collect()),
    }
}

/// The words of `name`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (character, begins_word) in with_words(&normalized(name)) {
        if !is_word_character(character) || begins_word {
            words.push(String::new());
        }
        if is_word_character(character)
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `text` if it can start an identifier, else with `_` before it.
fn with_start(text: String) -> String {
    let starts_well = text.chars().next().is_some_and(|c| {
        c.is_ascii_alphabetic() || syn::parse_str::<syn::Ident>(&c.to_string()).is_ok()
    });
    if starts_well {
        text
    } else {
        format!("_{text}")
    }
}

/// `name` in snake case, or `positional` if nothing is left of it. It can be a keyword: see [`identifier`].
pub(crate) fn snake(name: &str, positional: &str) -> String {
    let name = words(name).join("_");
    if name.is_empty() {
        return positional.to_owned();
    }
    // `_2024` is a name that clippy does not want for a variable.
    if name.chars().all(|c| c == '_' || c.is_ascii_digit()) {
        let kind = positional.trim_end_matches(|c: char| c.is_ascii_digit());
        return format!("{kind}_{name}");
    }
    with_start(name)
}

/// `name` for a module and its file, which need the same name: a keyword without a raw form gets `_` at the end.
pub(crate) fn module(name: &str, positional: &str) -> String {
    let name = snake(name, positional);
    match identifier(&name) {
        plain if plain.starts_with("r#") => name,
        plain => plain,
    }
}

/// `name` in capitals, for a const.
pub(crate) fn shouting(name: &str, positional: &str) -> String {
    snake(name, positional).to_uppercase()
}

/// `name` in Pascal case, for a type or variant.
pub(crate) fn pascal(name: &str, positional: &str) -> String {
    let words = words(name);
    if words.is_empty() {
        return positional.to_owned();
    }
    let mut out = String::new();
    for word in words {
        // `v1_2` keeps its `_`: `V1_2` and `V12` are two names.
        let joins_digits = out.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit());
        if joins_digits {
            out.push('_');
        }
        let mut characters = word.chars();
        out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(characters.as_str());
    }
    with_start(out)
}

/// `name` as Rust source: keywords are raw, or get `_` at the end if they have no raw form.
pub(crate) fn identifier(name: &str) -> String {
    match name {
        "self" | "super" | "crate" | "Self" | "_" => format!("{name}_"),
        // A keyword since the 2024 edition, which `syn` does not know.
        "gen" => format!("r#{name}"),
        _ if syn::parse_str::<syn::Ident>(name).is_err() => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

/// The names of one scope.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which `names` are already taken.
    pub(crate) fn with(names: &[&str]) -> Self {
        Self {
            taken: names.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// `name`, or the first of `name2`, `name3`, … (with `separator` between) that is free.
    pub(crate) fn claim(&mut self, name: &str, separator: &str) -> String {
        let mut free = name.to_owned();
        let mut count = 2;
        while !self.taken.insert(free.clone()) {
            free = format!("{name}{separator}{count}");
            count += 1;
        }
        free
    }

    /// Whether `name` is taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_name() {
        for (name, snake_case, pascal_case) in [
            ("id", "id", "Id"),
            ("created_at", "created_at", "CreatedAt"),
            ("createdAt", "created_at", "CreatedAt"),
            ("HTTPServer2", "http_server2", "HttpServer2"),
            ("two words", "two_words", "TwoWords"),
            ("1st", "_1st", "_1st"),
            ("v1.2", "v1_2", "V1_2"),
            ("größe", "größe", "Größe"),
            ("🐘", "column1", "column1"),
            ("", "column1", "column1"),
            ("--", "column1", "column1"),
            ("m²", "m2", "M2"),
            ("µg", "μg", "Μg"),
            ("ｗｉｄｔｈ", "width", "Width"),
            ("か\u{3099}く", "がく", "がく"),
            ("2024", "column_2024", "_2024"),
            ("2024/25", "column_2024_25", "_2024_25"),
        ] {
            assert_eq!(snake(name, "column1"), snake_case, "{name}");
            assert_eq!(pascal(name, "column1"), pascal_case, "{name}");
        }
    }

    #[test]
    fn every_name_is_an_identifier() {
        for name in [
            "type", "self", "crate", "gen", "try", "union", "_", "1", "Self", "async",
        ] {
            let written = identifier(&snake(name, "x"));
            assert!(syn::parse_str::<syn::Ident>(&written).is_ok(), "{written}");
            let written = identifier(&pascal(name, "X"));
            assert!(syn::parse_str::<syn::Ident>(&written).is_ok(), "{written}");
        }
    }

    #[test]
    fn key_words_of_every_edition_are_raw() {
        for name in ["type", "async", "try", "gen"] {
            assert_eq!(identifier(name), format!("r#{name}"));
        }
    }

    #[test]
    fn names_are_given_once() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim("id", "_"), "id");
        assert_eq!(scope.claim("id", "_"), "id_2");
        assert_eq!(scope.claim("id_2", "_"), "id_2_2");
    }
}
