//! Names: which can be Rust identifiers, suggestions for those that cannot, and which name was probably meant.
//!
//! Only the spelling is checked here. Rust's keywords are allowed: the model stage writes them as `r#type` or with a
//! suffix.

use std::borrow::Cow;

/// Whether `name` is an identifier to Rust, key words included.
pub fn is_identifier(name: &str) -> bool {
    use syn::{ext::IdentExt, parse::Parser};
    name != "_"
        && !name.contains('#')
        && syn::Ident::parse_any
            .parse_str(name)
            .is_ok_and(|ident| ident == name)
}

/// An identifier similar to `name`: characters that cannot be in one become `_`.
pub fn suggest_identifier(name: &str) -> String {
    let mut suggestion = String::new();
    for character in name.chars() {
        let fits = is_identifier(&format!("a{character}"));
        match fits {
            true => suggestion.push(character),
            false if suggestion.ends_with('_') => {}
            false => suggestion.push('_'),
        }
    }
    let trimmed = suggestion.trim_matches('_');
    if is_identifier(trimmed) {
        trimmed.to_owned()
    } else {
        format!("query_{trimmed}").trim_end_matches('_').to_owned()
    }
}

/// `name` in snake case: `findPlace` and `HTTPServer2` become `find_place` and `http_server2`.
pub fn snake_case(name: &str) -> Cow<'_, str> {
    if !name.chars().any(char::is_uppercase) {
        return Cow::Borrowed(name);
    }
    let mut snake = String::new();
    for (character, begins_word) in with_words(name) {
        if begins_word {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    Cow::Owned(snake)
}

/// The characters of a name in camel case, each with whether a word other than the first begins with it.
pub(crate) fn with_words(name: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    let mut characters = name.chars().peekable();
    std::iter::from_fn(move || {
        let character = characters.next()?;
        let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let begins_word = character.is_uppercase()
            && before.is_some_and(|before: char| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && next_is_lower)
            });
        before = Some(character);
        Some((character, begins_word))
    })
}

/// The candidate that `word` was probably meant to be: the most similar one, with at most one wrong letter for short
/// words and two for words of six letters and more. Upper and lower case count as the same.
///
/// ```
/// use howdah_codegen::source::did_you_mean;
///
/// assert_eq!(did_you_mean("nmae", ["name", "param"]), Some("name"));
/// assert_eq!(did_you_mean("note", ["name", "param"]), None);
/// ```
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<char>>()
    };
    let word = lower(word);
    candidates
        .into_iter()
        .map(|candidate| {
            let letters = lower(candidate);
            let allowed = if letters.len() < 6 { 1 } else { 2 };
            (slips(&word, &letters), allowed, candidate)
        })
        .filter(|(slips, allowed, _)| slips <= allowed)
        .min_by_key(|(slips, ..)| *slips)
        .map(|(.., candidate)| candidate)
}

/// How many letters must be inserted, deleted, replaced or swapped with their neighbour to get from `from` to `to`.
fn slips(from: &[char], to: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut fewest = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                fewest = fewest.min(rows[i - 1][j - 1] + 1);
            }
            row.push(fewest);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_suggestions() {
        for (name, suggestion) in [
            ("find-place", "find_place"),
            ("2nd", "query_2nd"),
            ("a.b::c", "a_b_c"),
            ("r#type", "r_type"),
            ("_", "query"),
            ("x🐘", "x"),
            ("", "query"),
        ] {
            assert!(!is_identifier(name), "{name}");
            assert_eq!(suggest_identifier(name), suggestion, "{name}");
            assert!(is_identifier(suggestion));
        }
        for name in ["find_place", "findPlace", "type", "self", "_x", "größe"] {
            assert!(is_identifier(name), "{name}");
        }
    }

    #[test]
    fn snake_case_parts_words() {
        for (name, expected) in [
            ("find_place", "find_place"),
            ("findPlace", "find_place"),
            ("FindPlaceByID", "find_place_by_id"),
            ("HTTPServer2Go", "http_server2_go"),
            ("Größe", "größe"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
    }

    #[test]
    fn slips_of_the_keyboard() {
        let words = ["name", "param", "column"];
        for (word, expected) in [
            ("nmae", Some("name")),
            ("params", Some("param")),
            ("Name", Some("name")),
            ("colum", Some("column")),
            ("colmuns", Some("column")),
            ("note", None),
            ("see", None),
        ] {
            assert_eq!(did_you_mean(word, words), expected, "{word}");
        }
    }
}
