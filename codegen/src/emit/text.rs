//! Rust source for literals and types.

use crate::model::{Known, RustType};

/// Whether rustc rejects the character in literals and comments, because it changes the direction of text.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// A string literal on one line.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_invisible(c) => out.push_str(&c.escape_unicode().to_string()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// SQL as code in a line of documentation.
pub(crate) fn one_line_code(sql: &str) -> String {
    format!("`{}`", sql.replace('`', "'").replace('\n', " "))
}

/// A link to the function `name` in documentation. The parentheses distinguish it from a macro with the same name, such
/// as `write!`. Rustdoc takes the `#` of a raw identifier for the start of a fragment.
pub(crate) fn doc_link(name: &str) -> String {
    format!("[`{}()`]", name.trim_start_matches("r#"))
}

/// A readable literal that keeps the lines of `sql`, without indentation.
pub(crate) fn sql_literal(sql: &str) -> String {
    let is_plain = !sql
        .chars()
        .any(|c| is_invisible(c) || matches!(c, '"' | '\\'));
    if !sql.contains('\n') || sql.contains(|c: char| c == '\r' || is_invisible(c)) {
        return if is_plain {
            literal(sql)
        } else {
            raw_or_escaped(sql)
        };
    }
    if is_plain && !sql.starts_with(char::is_whitespace) {
        format!("\"\\\n{sql}\"")
    } else {
        raw_or_escaped(sql)
    }
}

/// A raw literal, unless a character in it must be escaped.
fn raw_or_escaped(sql: &str) -> String {
    if sql.chars().any(is_invisible) {
        return literal(sql);
    }
    let mut hashes = "#".to_owned();
    while sql.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{sql}\"{hashes}")
}

/// The type of a value that was read. `types` is the path to the generated `types` module, `""` inside it.
pub(crate) fn owned(ty: &RustType, types: &str) -> String {
    match ty {
        RustType::Known(known) => known.owned.to_owned(),
        RustType::Generated { name, .. } => format!("{types}{name}"),
        RustType::Custom { text, .. } => text.clone(),
        RustType::Opaque => "howdah::Opaque".to_owned(),
        RustType::Vec(inner) => format!("Vec<{}>", owned(inner, types)),
        RustType::Option(inner) => format!("Option<{}>", owned(inner, types)),
        RustType::Range(inner) => format!("howdah::Range<{}>", owned(inner, types)),
        RustType::Multirange(inner) => format!("howdah::Multirange<{}>", owned(inner, types)),
        RustType::Alias(name) => name.clone(),
        RustType::Record(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| owned(field, types)).collect();
            format!("howdah::Record<{}>", tuple(&fields))
        }
    }
}

/// A tuple of these types.
pub(crate) fn tuple(types: &[String]) -> String {
    match types {
        [only] => format!("({only},)"),
        _ => format!("({})", types.join(", ")),
    }
}

/// The type of a function's argument: as in a struct, but strings and bytes in a slice may be owned as well.
pub(crate) fn argument(ty: &RustType, types: &str) -> String {
    match ty {
        RustType::Vec(inner) => match operand(inner) {
            Some(element) => format!("&'a [{element}]"),
            None => borrowed(ty, types),
        },
        _ => borrowed(ty, types),
    }
}

/// What can be borrowed and what it is borrowed of, as an element of a slice.
fn operand(ty: &RustType) -> Option<String> {
    match ty {
        RustType::Known(known) => known
            .borrowed
            .map(|_| format!("impl howdah::Operand<{}>", known.owned)),
        RustType::Option(inner) => Some(format!("Option<{}>", operand(inner)?)),
        _ => None,
    }
}

/// The type of a parameter in a struct: what can be borrowed is.
pub(crate) fn borrowed(ty: &RustType, types: &str) -> String {
    match ty {
        RustType::Option(inner) => format!("Option<{}>", borrowed(inner, types)),
        RustType::Vec(inner) => format!("&'a [{}]", element(inner, types)),
        RustType::Custom { text, exact: true } => with_lifetime(text),
        RustType::Known(Known {
            borrowed: Some(borrowed),
            ..
        }) => format!("&'a {borrowed}"),
        _ if ty.passed_by_value() => owned(ty, types),
        _ => format!("&'a {}", owned(ty, types)),
    }
}

/// The element type of a slice parameter: strings and bytes are borrowed in it, too.
fn element(ty: &RustType, types: &str) -> String {
    match ty {
        RustType::Known(known) => match known.borrowed {
            Some(borrowed) => format!("&'a {borrowed}"),
            None => known.owned.to_owned(),
        },
        RustType::Option(inner) => format!("Option<{}>", element(inner, types)),
        _ => owned(ty, types),
    }
}

/// A type that the user wrote, with `'a` on its bare references.
fn with_lifetime(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        out.push(character);
        if character == '&' && characters.peek() != Some(&'\'') {
            out.push_str("'a ");
        }
    }
    out
}
