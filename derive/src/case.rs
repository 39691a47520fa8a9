//! The `rename_all` rules: from a Rust name to a column name or label, as serde has them; nothing here looks at the schema.

use crate::suggest;

/// One of the `rename_all` rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// Every rule with the word that selects it.
const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The rule with this name, or a message that lists all names.
    pub(crate) fn from_word(word: &str) -> Result<Case, String> {
        match CASES.iter().find(|(name, _)| *name == word) {
            Some((_, case)) => Ok(*case),
            None => {
                let valid = CASES.map(|(name, _)| name);
                let hint = suggest::hint(word, &valid);
                Err(format!("unknown case `{word}`: {hint}"))
            }
        }
    }

    /// The name of the field or variant `written` by this rule; `snake` is the name in snake case.
    pub(crate) fn apply(self, written: &str, snake: &str) -> String {
        match self {
            Case::Snake => snake.to_owned(),
            Case::ScreamingSnake => snake.to_uppercase(),
            Case::Lower => written.to_lowercase(),
            Case::Upper => written.to_uppercase(),
            Case::Kebab => snake.replace('_', "-"),
            Case::ScreamingKebab => snake.replace('_', "-").to_uppercase(),
            Case::Pascal => snake.split('_').map(capitalized).collect(),
            Case::Camel => {
                let mut words = snake.split('_').filter(|word| !word.is_empty());
                let first = words.next().unwrap_or_default().to_owned();
                first + &words.map(capitalized).collect::<String>()
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_spells_a_field_its_way() {
        let spelled = CASES.map(|(_, case)| case.apply("created_at_utc", "created_at_utc"));
        assert_eq!(
            spelled,
            [
                "created_at_utc",
                "CREATED_AT_UTC",
                "CreatedAtUtc",
                "createdAtUtc",
                "created_at_utc",
                "CREATED_AT_UTC",
                "created-at-utc",
                "CREATED-AT-UTC",
            ]
        );
    }

    #[test]
    fn each_rule_spells_a_variant_its_way() {
        let spelled = CASES.map(|(_, case)| case.apply("VeryHappy", "very_happy"));
        assert_eq!(
            spelled,
            [
                "veryhappy",
                "VERYHAPPY",
                "VeryHappy",
                "veryHappy",
                "very_happy",
                "VERY_HAPPY",
                "very-happy",
                "VERY-HAPPY",
            ]
        );
    }

    #[test]
    fn an_unknown_rule_names_the_valid_ones() {
        let message = Case::from_word("CamelCase").err().unwrap_or_default();
        assert!(message.starts_with("unknown case `CamelCase`: did you mean `camelCase`?"));
        assert!(message.contains("`SCREAMING-KEBAB-CASE`"));
    }
}
