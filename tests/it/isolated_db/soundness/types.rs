//! The types that generated schemas and queries use, and values of each that meet one another often.

use super::random::Random;

/// A type of a column, expression or parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Type {
    Int,
    Text,
    Bool,
    Numeric,
    Time,
    Ints,
    Texts,
    Json,
    /// An enum.
    Mood,
    /// A domain over `int`.
    Pos,
    /// A domain over `text` that is declared not null.
    Label,
    /// A composite type, `(a int, b text)`.
    Pair,
}

impl Type {
    pub(super) const ALL: [Self; 12] = [
        Self::Int,
        Self::Text,
        Self::Bool,
        Self::Numeric,
        Self::Time,
        Self::Ints,
        Self::Texts,
        Self::Json,
        Self::Mood,
        Self::Pos,
        Self::Label,
        Self::Pair,
    ];

    /// The statements that create the types that are not PostgreSQL's own.
    pub(super) const DEFINITIONS: [&str; 7] = [
        "create extension if not exists citext",
        "create type mood as enum ('sad', 'ok', 'glad')",
        "create domain pos as int check (value > -1000)",
        "create domain label as text not null",
        "create type pair as (gone int, a int, b text)",
        "alter type pair drop attribute gone",
        "create type single as (a int)",
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Numeric => "numeric",
            Self::Time => "timestamptz",
            Self::Ints => "int[]",
            Self::Texts => "text[]",
            Self::Json => "jsonb",
            Self::Mood => "mood",
            Self::Pos => "pos",
            Self::Label => "label",
            Self::Pair => "pair",
        }
    }

    /// The name in templates.
    pub(super) fn by_word(word: &str) -> Option<Self> {
        Some(match word {
            "ints" => Self::Ints,
            "texts" => Self::Texts,
            "json" => Self::Json,
            "time" => Self::Time,
            _ => return Self::ALL.into_iter().find(|ty| ty.name() == word),
        })
    }

    /// The type of an array's elements.
    pub(super) fn element(self) -> Option<Self> {
        match self {
            Self::Ints => Some(Self::Int),
            Self::Texts => Some(Self::Text),
            _ => None,
        }
    }

    /// Literals that are not null; the first is the plainest. Arrays' last ones have null elements.
    pub(super) fn literals(self) -> &'static [&'static str] {
        match self {
            Self::Int | Self::Pos => &["1", "0", "2"],
            Self::Text | Self::Label => &["'a'", "''", "'b'"],
            Self::Bool => &["true", "false"],
            Self::Numeric => &["1", "1.0", "0"],
            Self::Time => &["'2024-01-01'", "'infinity'"],
            Self::Ints => &["'{1}'", "'{}'", "'{1,2}'", "'{null}'", "'{1,null}'"],
            Self::Texts => &["'{a}'", "'{}'", "'{null,a}'"],
            Self::Json => &["'{\"a\":1}'", "'{}'", "'{\"a\":null}'"],
            Self::Mood => &["'sad'", "'ok'"],
            Self::Pair => &["'(1,a)'", "'(,)'", "'(1,)'"],
        }
    }

    /// A literal, with its cast, that is not null.
    pub(super) fn literal(self, random: &mut Random) -> String {
        format!("{}::{}", random.pick(self.literals()), self.name())
    }

    /// The text of a value for a parameter, without null elements if they are not wanted.
    pub(super) fn value(self, random: &mut Random, null_elements: bool) -> String {
        let choices = self.literals();
        let allowed = match self.element() {
            Some(_) if !null_elements => choices.iter().filter(|c| !c.contains("null")).count(),
            _ => choices.len(),
        };
        choices[random.below(allowed)].trim_matches('\'').to_owned()
    }
}
