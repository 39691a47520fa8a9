//! The words of SQL, as far as they can be told without parsing it.

/// The words of the SQL, including those in literals and comments.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

pub(crate) fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a statement that begins with this word opens a transaction.
pub(crate) fn begins_transaction(word: &str) -> bool {
    is_one_of(&["begin", "start"], word)
}

/// Whether it is a COPY from or to the client.
pub(crate) fn copies_data(sql: &str) -> bool {
    if !first_word(sql).is_some_and(|word| word.eq_ignore_ascii_case("copy")) {
        return false;
    }
    let mut before = "";
    words(sql).any(|word| {
        let is_preposition = is_one_of(&["from", "to"], std::mem::replace(&mut before, word));
        is_preposition && is_one_of(&["stdin", "stdout"], word)
    })
}

/// The first word that is not in a comment.
pub(crate) fn first_word(sql: &str) -> Option<&str> {
    next_word(sql).map(|(word, _)| word)
}

/// The first word that is not in a comment, and what stands behind it.
pub(crate) fn next_word(mut sql: &str) -> Option<(&str, &str)> {
    loop {
        sql = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if let Some(comment) = sql.strip_prefix("--") {
            sql = comment.split_once('\n')?.1;
        } else if sql.starts_with("/*") {
            sql = after_comment(sql)?;
        } else {
            let end = sql.find(|c: char| !c.is_alphanumeric() && c != '_');
            let (word, behind) = sql.split_at(end.unwrap_or(sql.len()));
            return (!word.is_empty()).then_some((word, behind));
        }
    }
}

/// The SQL after a `/* … */` comment, which can contain others.
fn after_comment(sql: &str) -> Option<&str> {
    let (mut depth, mut rest) = (0_u32, sql);
    loop {
        let at = rest.find(['/', '*'])?;
        rest = &rest[at..];
        depth = if rest.starts_with("/*") {
            depth + 1
        } else if rest.starts_with("*/") {
            depth - 1
        } else {
            rest = &rest[1..];
            continue;
        };
        rest = &rest[2..];
        if depth == 0 {
            return Some(rest);
        }
    }
}

/// The statement without the `;` at its end, and without the comments there, which could hide what is put after it.
pub(crate) fn without_end(sql: &str) -> &str {
    let (mut rest, mut end) = (sql, 0);
    while !rest.is_empty() {
        if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
            continue;
        }
        let is_comment = rest.starts_with("/*");
        let after = match is_comment {
            true => after_comment(rest),
            false => after_token(&sql[..sql.len() - rest.len()], rest),
        };
        // What has no end is for the server to refuse.
        let Some(after) = after else {
            return sql;
        };
        let means_nothing = is_comment || rest.starts_with(|c: char| c.is_whitespace() || c == ';');
        rest = after;
        if !means_nothing {
            end = sql.len() - rest.len();
        }
    }
    &sql[..end]
}

/// The SQL after a string, a quoted name or a single character. `None` if there is no closing quote.
fn after_token<'s>(before: &str, sql: &'s str) -> Option<&'s str> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let word = || &before[before.trim_end_matches(is_of_name).len()..];
    let mut chars = sql.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    let end = match first {
        '\'' if word().eq_ignore_ascii_case("e") => return after_escapes(rest),
        '\'' | '"' => &sql[..1],
        '$' if word().is_empty() => match dollar_quote(sql) {
            Some(quote) => quote,
            None => return Some(rest),
        },
        _ => return Some(rest),
    };
    let (_, after) = sql[end.len()..].split_once(end)?;
    Some(after)
}

/// The `$…$` that SQL begins with, if it is a quote and no parameter.
fn dollar_quote(sql: &str) -> Option<&str> {
    let (tag, _) = sql[1..].split_once('$')?;
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !tag.starts_with(|c: char| c.is_ascii_digit());
    is_tag.then(|| &sql[..tag.len() + 2])
}

/// The SQL after the inside of a string with backslashes.
fn after_escapes(sql: &str) -> Option<&str> {
    let mut chars = sql.chars();
    loop {
        match chars.next()? {
            '\\' => drop(chars.next()),
            '\'' => return Some(chars.as_str()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_in_no_comment() {
        let sql = "-- a comment; set x\n /* and /* another */ */ (with a as (select 1) table a)";
        assert_eq!(first_word(sql), Some("with"));
        for sql in ["", "-- select", "/* select 1", "/* /* */ select"] {
            assert_eq!(first_word(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_copies_to_the_client_is_seen() {
        assert!(copies_data("copy t (a) TO stdout"));
        assert!(copies_data("/* a */ COPY t from STDIN"));
        assert!(!copies_data("copy t to '/tmp/file'"));
        assert!(!copies_data("select 'copy t to stdout'"));
    }

    #[test]
    fn the_end_of_a_statement_is_found_behind_strings_and_comments() {
        for (sql, without) in [
            ("select 1; -- note; all", "select 1"),
            ("select 1 -- a;\n; /* b /* ; */ ; */", "select 1"),
            ("select '; -- a' ; ", "select '; -- a'"),
            ("select 'it''s; -- a'; --b\n", "select 'it''s; -- a'"),
            (r"select e'\'; -- a'; -- b", r"select e'\'; -- a'"),
            (r"select type'\'; -- a'", r"select type'\'"),
            ("select 1 as \"; /* a\";", "select 1 as \"; /* a\""),
            ("select $a$; -- $$ $a$;;", "select $a$; -- $$ $a$"),
            ("select $1; -- $2", "select $1"),
            ("select a$b$c; -- $b$", "select a$b$c"),
            ("select 1; select 2;", "select 1; select 2"),
            ("select 'a; -- b", "select 'a; -- b"),
            ("select é; /* a", "select é; /* a"),
            (" -- a", ""),
        ] {
            assert_eq!(without_end(sql), without, "{sql}");
        }
    }
}
