//! SASLprep ([RFC 4013](https://www.rfc-editor.org/rfc/rfc4013)), by which passwords that look the same are the same. As in
//! PostgreSQL, a password that it forbids is used as it is, and what is forbidden is asked of the password before it is
//! normalized. A space of no width is a space there, before it is nothing.

use stringprep::tables;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The largest factor by which NFKC can lengthen a text ([Unicode](https://www.unicode.org/faq/normalization.html)).
/// With this capacity the buffer never moves, which would leave a copy of the password in memory.
const GROWTH: usize = 11;

/// The password in the form that is hashed.
pub(super) fn prepared(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let as_it_is = || Zeroizing::new(password.to_vec());
    let Ok(text) = str::from_utf8(password) else {
        return as_it_is();
    };
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return as_it_is();
    }
    let mapped = text
        .chars()
        .map(|c| match tables::non_ascii_space_character(c) {
            true => ' ',
            false => c,
        })
        .filter(|c| !tables::commonly_mapped_to_nothing(*c));
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(mapped);
    if plain.is_empty() || plain.contains(is_forbidden) || !is_of_one_direction(&plain) {
        return as_it_is();
    }
    let mut prepared = Zeroizing::new(String::with_capacity(GROWTH * plain.len()));
    prepared.extend(plain.nfkc());
    Zeroizing::new(prepared.as_bytes().to_vec())
}

/// Whether no password may hold the character ([RFC 4013](https://www.rfc-editor.org/rfc/rfc4013#section-2.3)).
fn is_forbidden(c: char) -> bool {
    tables::non_ascii_space_character(c)
        || tables::ascii_control_character(c)
        || tables::non_ascii_control_character(c)
        || tables::private_use(c)
        || tables::non_character_code_point(c)
        || tables::surrogate_code(c)
        || tables::inappropriate_for_plain_text(c)
        || tables::inappropriate_for_canonical_representation(c)
        || tables::change_display_properties_or_deprecated(c)
        || tables::tagging_character(c)
        || tables::unassigned_code_point(c)
}

/// Whether a text with right-to-left characters has no left-to-right ones, and begins and ends with a right-to-left one
/// ([RFC 3454](https://www.rfc-editor.org/rfc/rfc3454#section-6)).
fn is_of_one_direction(text: &str) -> bool {
    if !text.contains(tables::bidi_r_or_al) {
        return true;
    }
    let ends = [text.chars().next(), text.chars().next_back()];
    !text.contains(tables::bidi_l) && ends.iter().flatten().all(|c| tables::bidi_r_or_al(*c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use stringprep::saslprep;

    use super::*;

    #[test]
    fn it_is_what_postgresql_makes_of_it() {
        for (password, expected) in [("a\u{200b}b", "a b"), ("a\u{341}", "a\u{341}")] {
            let prepared = prepared(password.as_bytes());
            assert_eq!(str::from_utf8(&prepared), Ok(expected));
        }
    }

    proptest! {
        /// But for the order of its steps, which makes no difference to a text that is normalized.
        #[test]
        fn it_is_what_the_library_makes_of_it(text in "\\PC{0,12}|[\u{0}-\u{ffff}]{0,6}|[a א\u{5b0}ﷺ１\u{a0}\u{ad}]{0,8}") {
            let text: String = text.nfkc().filter(|c| *c != '\u{200b}').collect();
            let expected = match saslprep(&text) {
                Ok(prepared) if !prepared.is_empty() => prepared.into_owned().into_bytes(),
                _ => text.clone().into_bytes(),
            };
            prop_assert_eq!(prepared(text.as_bytes()).to_vec(), expected);
        }
    }

    #[test]
    fn it_never_outgrows_its_room() {
        let longest = '\u{fdfa}'.to_string();
        assert_eq!(
            longest.nfkc().map(char::len_utf8).sum::<usize>(),
            GROWTH * longest.len()
        );
    }
}
