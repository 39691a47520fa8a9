//! How to run a migration, according to its text: which part creates the schema, and whether in one transaction. It
//! keeps every byte offset.

use crate::source::{Lexer, TokenKind};

/// The marks of a tool: the lines above the section that creates the schema, and above the one that reverts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// `None` if the section has no mark, since it always comes first.
    pub(super) up: Option<&'static str>,
    pub(super) down: &'static str,
    /// Whether what stands above all marks is run.
    pub(super) begins_up: bool,
    pub(super) place: Place,
}

/// Where in a line a tool reads a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    LineStart,
    /// At the start, with any blanks and dashes before its words.
    AfterDashes,
    /// Behind anything, and only in this very form.
    Anywhere,
}

/// What stands between the two parts of a migration of tern.
pub(super) const CREATE_ABOVE: &str = "---- create above / drop below ----";

impl Marks {
    fn all(self) -> impl Iterator<Item = &'static str> {
        self.up.into_iter().chain([self.down])
    }

    /// Where `mark` begins in `line`, if the tool reads it there.
    fn position(self, line: &str, mark: &str) -> Option<usize> {
        match self.place {
            Place::LineStart => after_ignoring_case(line, mark).map(|_| 0),
            Place::AfterDashes => {
                let comment = without_byte_order_mark(line).trim_start();
                let text = comment.strip_prefix("--")?;
                let text = text.trim_start_matches(|c: char| c == '-' || c.is_whitespace());
                after_words(text, words_of(mark)).map(|_| 0)
            }
            Place::Anywhere => line.find(mark),
        }
    }
}

/// Why the section to run is not known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// There is none: no line is this mark.
    NoUp { mark: &'static str },
    /// A line that the tool does not read as a mark, but that was probably meant as this one.
    Mistaken { line: usize, mark: &'static str },
}

/// The section of `text` below the mark `up`, up to the section that reverts it. Everything else becomes blanks.
pub(super) fn keep_up(text: &str, marks: Marks) -> Result<String, Unclear> {
    let mut kept = String::with_capacity(text.len());
    let mut inside = marks.begins_up;
    let mut missing = marks.up.filter(|_| !marks.begins_up);
    for (index, mut line) in text.split_inclusive('\n').enumerate() {
        if let Some(mark) = marks.up
            && marks.position(line, mark).is_some()
        {
            (inside, missing) = (true, None);
        } else if let Some(position) = marks.position(line, marks.down) {
            let (above, below) = line.split_at(position);
            if inside {
                kept.push_str(above);
                line = below;
            }
            inside = false;
        } else if let Some(mark) = marks.all().find(|mark| resembles(line, mark)) {
            let line = index + 1;
            return Err(Unclear::Mistaken { line, mark });
        }
        if inside {
            kept.push_str(line);
        } else {
            kept.extend(
                line.bytes()
                    .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
            );
        }
    }
    match missing {
        None => Ok(kept),
        Some(mark) => Err(Unclear::NoUp { mark }),
    }
}

/// The line, from 1, of a comment that seems to begin what reverts the migration, in the way of a tool that is not known,
/// if there is SQL behind it.
pub(super) fn reverting_line(text: &str) -> Option<usize> {
    let mut tokens = Lexer::new(text);
    let mark = tokens.find(|token| {
        let is_comment = matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment);
        let comment = token.text(text);
        is_comment
            && (comment.contains(CREATE_ABOVE)
                || begins_line(&text[..token.span.start]) && reverts(comment))
    })?;
    tokens.find(|token| !token.is_trivia())?;
    Some(text[..mark.span.start].matches('\n').count() + 1)
}

fn begins_line(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', super::BYTE_ORDER_MARK]);
    before.is_empty() || before.ends_with('\n')
}

/// Whether a comment holds a word of reverting, and else only words and numbers that marks are made of.
fn reverts(comment: &str) -> bool {
    const REVERTING: &[&str] = &[
        "down",
        "downs",
        "undo",
        "rollback",
        "revert",
        "downgrade",
        "backward",
        "backwards",
        "reverse",
    ];
    const OTHERS: &[&str] = &[
        "migration",
        "migrations",
        "migrate",
        "goose",
        "micrate",
        "rambler",
        "name",
        "section",
        "sql",
        "script",
        "timestamp",
        "below",
        "start",
        "begin",
    ];
    let pieces: Vec<&str> = comment
        .split_inclusive(|c: char| !c.is_alphanumeric())
        .collect();
    let mut found = false;
    for (index, piece) in pieces.iter().enumerate() {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let word = word.to_lowercase();
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        // As in `tool:down`.
        let next = pieces.get(index + 1);
        let is_tool = piece.ends_with(':')
            && next.is_some_and(|next| next.starts_with(char::is_alphanumeric));
        let is_reverting = REVERTING.contains(&word.as_str());
        if !is_tool && !is_reverting && !OTHERS.contains(&word.as_str()) {
            return false;
        }
        found |= is_reverting;
    }
    found
}

/// Whether a line of `text` is one of the marks, or was probably meant as one.
pub(super) fn has_mark(text: &str, marks: Marks) -> bool {
    let is_one = |line, mark| marks.position(line, mark).is_some() || resembles(line, mark);
    text.lines()
        .any(|line| marks.all().any(|mark| is_one(line, mark)))
}

/// Whether `line` is a comment like `mark` but for blanks, colons or more dashes.
fn resembles(line: &str, mark: &str) -> bool {
    let bare = |comment: &str| -> Option<String> {
        let text = comment.trim_start().strip_prefix("--")?;
        let text = text.trim_start_matches('-').chars();
        let text = text.filter(|c| !c.is_whitespace() && *c != ':');
        Some(text.flat_map(char::to_lowercase).collect())
    };
    let (Some(line), Some(mark)) = (bare(line), bare(mark)) else {
        return false;
    };
    // Other words after it are prose.
    line.strip_prefix(&mark).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with("transaction") || rest == "notransaction"
    })
}

/// Whether a comment asks to run the file outside of a transaction, in the syntax of sqlx, dbmate, goose or
/// sql-migrate.
pub(super) fn asks_for_no_transaction(text: &str) -> bool {
    let sqlx = text
        .lines()
        .next()
        .is_some_and(|line| line.trim_end() == "-- no-transaction");
    let has = |line: &str, mark, word: &str| {
        after_ignoring_case(line, mark)
            .is_some_and(|rest| rest.split_whitespace().any(|other| other == word))
    };
    sqlx || text.lines().any(|line| {
        has(line, "-- migrate:up", "transaction:false")
            || has(line, "-- +migrate Up", "notransaction")
            || after_ignoring_case(line, "-- +goose NO TRANSACTION").is_some()
    })
}

/// Whether diesel's `metadata.toml` says `run_in_transaction = false`.
pub(super) fn diesel_runs_outside_transaction(metadata: &str) -> Result<bool, String> {
    let table: toml::Table = metadata
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    Ok(table
        .get("run_in_transaction")
        .and_then(toml::Value::as_bool)
        == Some(false))
}

/// The text after the comment `start`, whose words can have more space between them in the line. Like in the tools, there
/// need not be a space after `--`. A byte order mark before it does not count.
fn after_ignoring_case<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    let comment = without_byte_order_mark(line).strip_prefix("--")?;
    after_words(comment.trim_start(), words_of(start))
}

fn words_of(comment: &str) -> &str {
    comment.trim_start_matches(['-', ' '])
}

/// The text after `words`, which can have more space between them.
fn after_words<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text;
    for (number, word) in words.split(' ').enumerate() {
        let trimmed = rest.trim_start();
        if number > 0 && trimmed.len() == rest.len() {
            return None;
        }
        let (head, behind) = trimmed.split_at_checked(word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

fn without_byte_order_mark(line: &str) -> &str {
    line.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DBMATE: Marks = Marks {
        up: Some("-- migrate:up"),
        down: "-- migrate:down",
        begins_up: false,
        place: Place::LineStart,
    };
    const GOOSE: Marks = Marks {
        up: Some("-- +goose Up"),
        down: "-- +goose Down",
        begins_up: false,
        place: Place::LineStart,
    };
    const SQL_MIGRATE: Marks = Marks {
        up: Some("-- +migrate Up"),
        down: "-- +migrate Down",
        begins_up: false,
        place: Place::LineStart,
    };

    #[test]
    fn only_the_up_section_is_kept_and_offsets_stay() {
        let text = "-- é\n-- migrate:down\ndrop table t;\n-- migrate:up transaction:false\ncreate table t ();\n";
        let kept = keep_up(text, DBMATE).unwrap();
        assert_eq!(
            kept.trim(),
            "-- migrate:up transaction:false\ncreate table t ();"
        );
        assert_eq!(kept.len(), text.len());
        assert_eq!(kept.find("create"), text.find("create"));
        assert!(asks_for_no_transaction(text));
    }

    #[test]
    fn marks_are_read_as_their_tools_read_them() {
        for (marks, up, down) in [
            (DBMATE, "--migrate:up", "--  migrate:down"),
            (
                DBMATE,
                "--\tMIGRATE:UP transaction:false",
                "-- migrate:down",
            ),
            (GOOSE, "-- +goose   Up", "--+goose Down"),
            (SQL_MIGRATE, "-- +migrate  up", "-- +migrate\tDown"),
        ] {
            let text = format!("{up}\ncreate table t ();\n{down}\ndrop table t;\n");
            let kept = keep_up(&text, marks).unwrap();
            assert_eq!(kept.trim(), format!("{up}\ncreate table t ();"));
        }
        for text in ["- migrate:up", "-- We migrate:up", "é- migrate:up"] {
            let mark = "-- migrate:up";
            assert_eq!(keep_up(text, DBMATE), Err(Unclear::NoUp { mark }), "{text}");
        }
    }

    #[test]
    fn a_text_without_the_mark_has_no_section() {
        for (text, marks, mark) in [
            ("create table t ();", DBMATE, "-- migrate:up"),
            ("-- +goose Down\n", GOOSE, "-- +goose Up"),
        ] {
            assert_eq!(keep_up(text, marks), Err(Unclear::NoUp { mark }));
        }
    }

    #[test]
    fn what_seems_to_revert_is_found_if_it_would_be_run() {
        for mark in [
            "-- Down",
            "--- DOWN ---",
            "-- rollback:",
            "-- +micrate Down",
            "-- rambler down",
            "  -- undo",
            "-- //@UNDO",
            "-- !Downs",
            "-- ---------- MIGRONDI:DOWN:TIMESTAMP:1586550686936 --------------",
            "-- name: down",
            "-- mybatis:down",
            "-- backward",
            "-- Reverse migration",
            "/* down */",
            "/* ===== Rollback ===== */",
        ] {
            let text = format!("create table t ();\n{mark}\ndrop table t;\n");
            assert_eq!(reverting_line(&text), Some(2), "{mark}");
            let commented = format!("create table t ();\n{mark}\n-- drop table t;\n");
            assert_eq!(reverting_line(&commented), None, "{mark}");
        }
        for text in [
            "-- Down payments of 2019\ncreate table t ();",
            "-- rollback drop table t;\nselect 1;",
            "do $$ begin\n-- rollback\nend $$;",
            "select 1; -- undo\nselect 2;",
            "select 1 /* reverse */ + 2",
            "-- Note: down payments\nselect 1;",
            "-- see books:downtime\nselect 1;",
            "select '\n-- down\n'; select 1;",
        ] {
            assert_eq!(reverting_line(text), None, "{text}");
        }
    }

    #[test]
    fn a_request_for_no_transaction_stands_where_its_tool_reads_it() {
        for text in [
            "-- no-transaction\nselect 1",
            "-- +goose NO TRANSACTION\n",
            "-- +migrate Up notransaction\n",
        ] {
            assert!(asks_for_no_transaction(text), "{text}");
        }
        for text in [
            "select 1;\n-- no-transaction\n",
            "-- migrate:up\n",
            "-- transaction:false\n",
        ] {
            assert!(!asks_for_no_transaction(text), "{text}");
        }
    }

    #[test]
    fn diesels_metadata_is_toml() {
        assert_eq!(
            diesel_runs_outside_transaction("run_in_transaction = false\n"),
            Ok(true)
        );
        assert_eq!(diesel_runs_outside_transaction(""), Ok(false));
        assert!(diesel_runs_outside_transaction("run_in_transaction =").is_err());
    }
}
