//! Splits a schema file into the requests that psql would send: statements, and COPY statements with the data after
//! them. psql's own commands are errors.

use std::ops::Range;

use crate::source::{each_statement, first_word};

/// A request to the server, in bytes from the text's start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Statement(Range<usize>),
    Copy {
        statement: Range<usize>,
        data: Range<usize>,
    },
}

/// A part that cannot be sent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) place: Range<usize>,
    pub(super) message: String,
    pub(super) hint: &'static str,
}

/// The steps of `text`, in order.
pub(super) fn plan(text: &str) -> Result<Vec<Step>, Refused> {
    let mut steps = Vec::new();
    let mut start = 0;
    while let Some(next) = plan_until_break(text, start, &mut steps)? {
        start = next;
    }
    Ok(steps)
}

/// Plans from `start` to the first part that is not SQL, and returns where SQL continues after it.
fn plan_until_break(
    text: &str,
    start: usize,
    steps: &mut Vec<Step>,
) -> Result<Option<usize>, Refused> {
    for range in each_statement(&text[start..]) {
        let statement = start + range.start..start + range.end;
        let sql = &text[statement.clone()];
        if sql.starts_with('\\') {
            return meta_command(text, statement.start).map(Some);
        }
        if copies_from_stdin(sql) {
            let data_start = line_end(text, statement.end);
            let (data, next) = copy_data(text, data_start).ok_or_else(|| Refused {
                place: statement.clone(),
                message: "the data of this COPY has no end".to_owned(),
                hint: "the data stands on the lines below the statement and ends with a line `\\.`",
            })?;
            steps.push(Step::Copy { statement, data });
            return Ok(Some(next));
        }
        steps.push(Step::Statement(statement));
    }
    Ok(None)
}

/// Skips the marks by which pg_dump protects against injected psql commands, and what only changes the output or what
/// happens after an error. All other commands are errors.
fn meta_command(text: &str, start: usize) -> Result<usize, Refused> {
    let end = line_end(text, start);
    let line = text[start..end].trim_end();
    let command = line.split_whitespace().next().unwrap_or(line);
    let hint = match command {
        "\\restrict" | "\\unrestrict" | "\\echo" | "\\qecho" | "\\timing" => return Ok(end),
        "\\set" if line.split_whitespace().nth(1) == Some("ON_ERROR_STOP") => return Ok(end),
        "\\c" | "\\connect" => {
            "only SQL is run here; take the line out, or dump the database without --create"
        }
        "\\i" | "\\ir" | "\\include" | "\\include_relative" => {
            "only SQL is run here; name that file with --schema, before this one"
        }
        _ => {
            "only SQL is run here; take the line out, or load the file with psql, and name that database with --database-url"
        }
    };
    Err(Refused {
        place: start..start + line.len(),
        message: format!("`{command}` is a command of psql, not SQL"),
        hint,
    })
}

/// The end of the line of `offset`, including its newline.
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..]
        .find('\n')
        .map_or(text.len(), |newline| offset + newline + 1)
}

/// The data from `start` to the line `\.`, and the start of the line after it.
fn copy_data(text: &str, start: usize) -> Option<(Range<usize>, usize)> {
    let mut line_start = start;
    while line_start < text.len() {
        let next = line_end(text, line_start);
        if text[line_start..next].trim_end_matches(['\r', '\n']) == "\\." {
            return Some((start..line_start, next));
        }
        line_start = next;
    }
    None
}

/// Whether the statement is a COPY whose data the client sends.
fn copies_from_stdin(sql: &str) -> bool {
    let mut words = sql
        .split(|c: char| c.is_whitespace() || c == ';')
        .filter(|word| !word.is_empty());
    first_word(sql) == "copy"
        && words.any(|word| word.eq_ignore_ascii_case("from"))
        && words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("stdin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps' texts, each COPY as `statement|data`.
    fn steps(text: &str) -> Vec<String> {
        let show = |range: &Range<usize>| {
            text[range.clone()]
                .trim_end_matches([';', '\n', ' '])
                .to_owned()
        };
        plan(text)
            .unwrap()
            .iter()
            .map(|step| match step {
                Step::Statement(range) => show(range),
                Step::Copy { statement, data } => {
                    format!("{}|{}", show(statement), &text[data.clone()])
                }
            })
            .collect()
    }

    #[test]
    fn statements_start_below_their_comments() {
        let text = "-- first; one\n/* a /* nested */ b */ select 1;\n\nselect ';' ;\n-- end\n";
        assert_eq!(steps(text), ["select 1", "select ';'"]);
    }

    #[test]
    fn copy_data_is_no_sql() {
        let text = "COPY public.t (a, b) FROM stdin;\n1\tit's; \"odd\n2\t$$\n\\.\n\nselect 1;\ncopy u from STDIN with (format csv);\n\\.\n";
        assert_eq!(
            steps(text),
            [
                "COPY public.t (a, b) FROM stdin|1\tit's; \"odd\n2\t$$\n",
                "select 1",
                "copy u from STDIN with (format csv)|",
            ]
        );
    }

    #[test]
    fn copy_without_an_end_is_refused_at_the_statement() {
        let refused = plan("select 1;\ncopy t from stdin;\n1\n").unwrap_err();
        assert_eq!(refused.place.start, 10);
        assert!(refused.message.contains("no end"));
    }

    #[test]
    fn other_copies_and_names_are_plain_statements() {
        for text in [
            "copy t to stdout",
            "copy t from '/x'",
            "copyright from stdin",
            "select 1 from stdin",
            "selécted from stdin",
            "insérted",
        ] {
            assert_eq!(steps(text), [text]);
        }
    }

    #[test]
    fn marks_of_pg_dump_are_passed_over() {
        let text = "--\n-- dump\n--\n\n\\restrict aB3\n\nSET x = 1;\n\n\\unrestrict aB3\n\n";
        assert_eq!(steps(text), ["SET x = 1"]);
    }

    #[test]
    fn psql_commands_are_refused_where_they_stand() {
        let refused = plan("select 1;\n\\connect other\nselect 2;").unwrap_err();
        assert_eq!(refused.place, 10..24);
        assert_eq!(refused.message, "`\\connect` is a command of psql, not SQL");
    }

    #[test]
    fn psql_commands_that_change_nothing_are_passed_over() {
        let text = "\\set ON_ERROR_STOP 1\n\\echo 'loading'\nselect 1;\n";
        assert_eq!(steps(text), ["select 1"]);
    }

    #[test]
    fn the_hint_says_what_to_do_about_the_command() {
        for (text, part) in [
            ("\\connect other", "without --create"),
            ("\\ir tables.sql", "with --schema"),
            ("\\if :fresh", "with --database-url"),
            ("\\set name 'x'", "with --database-url"),
        ] {
            let hint = plan(text).unwrap_err().hint;
            assert!(hint.contains(part), "{text}: {hint}");
        }
    }

    #[test]
    fn a_backslash_inside_a_body_is_no_command() {
        let text = "create function f() returns text language sql as $$\n\\x\n$$";
        assert_eq!(steps(text), [text]);
    }
}
