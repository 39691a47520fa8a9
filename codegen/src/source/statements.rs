//! Finds where statements begin and end, as psql does: at `;` outside of parentheses and of SQL function bodies.
//!
//! It knows only three things about grammar: parentheses (`CREATE RULE … DO (a; b)`), the bodies `BEGIN ATOMIC … END`
//! of `CREATE [OR REPLACE] FUNCTION | PROCEDURE`, and that a CASE in such a body has an END too.

use std::borrow::Borrow;
use std::ops::Range;

use super::lexer::{Lexer, Token, TokenKind};

/// The range of each statement of `text`, in bytes: from its first token to its last one, without the `;`. Statements
/// of only white space and comments are left out.
///
/// ```
/// let text = "select ';'; /* none; */ ; select $$;$$ -- done";
/// let statements: Vec<_> = howdah_codegen::source::split_statements(text)
///     .into_iter()
///     .map(|span| &text[span])
///     .collect();
/// assert_eq!(statements, ["select ';'", "select $$;$$"]);
/// ```
pub fn split_statements(text: &str) -> Vec<Range<usize>> {
    each_statement(text).collect()
}

/// Like [`split_statements`], but lazily.
pub(crate) fn each_statement(text: &str) -> impl Iterator<Item = Range<usize>> {
    statements(text, Lexer::starting_at(text, byte_order_mark(text)))
}

/// The first keyword or name of the statement, after any parentheses, in lower case. Empty if it begins with something
/// else.
pub(crate) fn first_word(sql: &str) -> String {
    let mut tokens =
        Lexer::new(sql).filter(|token| !token.is_trivia() && token.kind != TokenKind::OpenParen);
    let first = tokens.next();
    let word = first.filter(|token| token.kind == TokenKind::Identifier);
    word.map_or_else(String::new, |token| token.text(sql).to_lowercase())
}

/// The length of the byte order mark which some editors put before a file.
pub(super) fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    }
}

/// The range of each statement in `tokens`.
pub(super) fn statements<T: Borrow<Token>>(
    text: &str,
    tokens: impl Iterator<Item = T>,
) -> impl Iterator<Item = Range<usize>> {
    let mut tokens = tokens.filter(|token| !token.borrow().is_trivia());
    std::iter::from_fn(move || {
        let mut current: Option<Range<usize>> = None;
        let mut nesting = Nesting::default();
        for token in tokens.by_ref() {
            let token = token.borrow();
            if token.kind == TokenKind::Semicolon && nesting.is_outermost() {
                match current {
                    Some(_) => return current,
                    None => nesting = Nesting::default(),
                }
                continue;
            }
            nesting.enter(token, text);
            let start = current.map_or(token.span.start, |span| span.start);
            current = Some(start..token.span.end);
        }
        current
    })
}

/// The nesting at a token, which decides whether a `;` ends the statement.
#[derive(Default)]
struct Nesting {
    parens: usize,
    /// The open BEGIN ATOMIC and CASE blocks.
    blocks: usize,
    head: Head,
    /// The token before, in lower case if it is a word.
    previous: String,
}

/// How much of CREATE FUNCTION a statement has so far.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Head {
    #[default]
    Nothing,
    Create,
    CreateOr,
    CreateOrReplace,
    Routine,
    Other,
}

impl Nesting {
    fn is_outermost(&self) -> bool {
        self.parens == 0 && self.blocks == 0
    }

    fn enter(&mut self, token: &Token, text: &str) {
        let word = match token.kind {
            TokenKind::OpenParen => {
                self.parens += 1;
                String::new()
            }
            TokenKind::CloseParen => {
                self.parens = self.parens.saturating_sub(1);
                String::new()
            }
            TokenKind::Identifier => token.text(text).to_ascii_lowercase(),
            TokenKind::Dot => String::from("."),
            _ => String::new(),
        };
        self.head = match (self.head, word.as_str()) {
            (Head::Nothing, "create") => Head::Create,
            (Head::Create, "or") => Head::CreateOr,
            (Head::CreateOr, "replace") => Head::CreateOrReplace,
            (Head::Create | Head::CreateOrReplace, "function" | "procedure") => Head::Routine,
            (Head::Routine, _) => Head::Routine,
            _ => Head::Other,
        };
        if self.head == Head::Routine {
            self.count_blocks(&word);
        }
        self.previous = word;
    }

    fn count_blocks(&mut self, word: &str) {
        // `t.end` and `… as case` are names, not keywords.
        let is_label = matches!(self.previous.as_str(), "." | "as");
        match word {
            "atomic" if self.blocks == 0 && self.previous == "begin" => self.blocks = 1,
            "case" if self.blocks > 0 && !is_label => self.blocks += 1,
            "end" if !is_label => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split_statements;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = split_statements(text)
            .into_iter()
            .map(|span| &text[span])
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn semicolons_part_statements() {
        check("", &[]);
        check(" ;; -- ;\n /* ; */ ;", &[]);
        check("select 1", &["select 1"]);
        check(
            "\u{feff}select 1;\r\n\tselect 2 ;",
            &["select 1", "select 2"],
        );
        check("-- a\nselect 1 /* b */;-- c", &["select 1"]);
        check(
            "select 1 -- ;\n, 2; select 3",
            &["select 1 -- ;\n, 2", "select 3"],
        );
    }

    #[test]
    fn semicolons_in_literals_do_not() {
        check(
            "select ';', \";\", $$;$$, $a$;$$;$a$",
            &["select ';', \";\", $$;$$, $a$;$$;$a$"],
        );
        check(
            r"select E'\';', ''';'; select 2",
            &[r"select E'\';', ''';'", "select 2"],
        );
        check(r"select '\'; select 2", &[r"select '\'", "select 2"]);
        check(
            "select a$b$; select 1 $b$",
            &["select a$b$", "select 1 $b$"],
        );
    }

    #[test]
    fn parentheses_hold_rule_actions_together() {
        check(
            "create rule r as on insert to t do (select 1; select 2); select 3",
            &[
                "create rule r as on insert to t do (select 1; select 2)",
                "select 3",
            ],
        );
        check("select 1); select 2", &["select 1)", "select 2"]);
    }

    #[test]
    fn atomic_bodies_hold_together() {
        let function = "create or replace function f() returns int begin atomic \
                        select case when true then 1 end; select 2 as end; end";
        check(&format!("{function}; select 1"), &[function, "select 1"]);
        let procedure = "CREATE PROCEDURE p() BEGIN ATOMIC insert into t select t.end from t; END";
        check(&format!("{procedure}; select 1"), &[procedure, "select 1"]);
        check(
            "create function begin() returns int return 1; select 1",
            &["create function begin() returns int return 1", "select 1"],
        );
        check(
            "begin; select case when a then b end; end",
            &["begin", "select case when a then b end", "end"],
        );
        check("begin atomic; select 1", &["begin atomic", "select 1"]);
    }
}
