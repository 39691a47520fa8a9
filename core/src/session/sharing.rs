//! Statements that can run on a session that other tasks use at the same time: single ones without a lasting effect on
//! the session. The SQL is not parsed; its words decide, and in case of doubt the statement is refused.

use super::{Session, flags};
use crate::{Error, ErrorKind};

/// The first words of statements that can run alone.
pub(super) const STATEMENTS: &[&str] = &[
    "delete", "insert", "merge", "select", "table", "update", "values", "with",
];

/// Functions whose effect or result belongs to the session, and the schema of its temporary tables.
const OF_THE_SESSION: &[&str] = &[
    "currval",
    "lastval",
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_unlock",
    "pg_advisory_unlock_all",
    "pg_advisory_unlock_shared",
    "pg_temp",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "set_config",
    "setseed",
];

impl Session {
    /// Lets many tasks use the session at once, from now on.
    pub(crate) fn share(&self) {
        self.flags.set(flags::SHARED);
    }
}

/// Whether the statement can share a session with others.
pub(super) fn check(sql: &str) -> Result<(), Error> {
    let refuse = |word: &str| {
        let message = format!(
            "`{word}` does not stand alone, and the connection is shared with others: run it on the pool or on a connection of its own"
        );
        Err(Error::new(ErrorKind::Mapping, message))
    };
    match first_word(sql) {
        Some(first) if is_one_of(STATEMENTS, first) => {}
        other => return refuse(other.unwrap_or_default()),
    }
    of_the_session(sql).map_or(Ok(()), refuse)
}

/// The error of a statement on a pool that is useful only for later statements on the same connection.
pub(crate) fn for_one_connection(sql: &str) -> Option<Error> {
    let first = first_word(sql)?;
    let is = |words: &[&str]| is_one_of(words, first);
    let way_out = if is(&["begin", "start"]) {
        "use `Pool::begin` or `Pool::transaction`"
    } else if is(&["set"]) {
        "use `TransactionOptions::setting` for a transaction, `options=-c …` in the URL for all connections, or a connection \
         of your own, by `Pool::get`"
    } else if is(&["listen"]) {
        "use `Pool::listener`"
    } else {
        return None;
    };
    let message = format!(
        "`{first}` is for one connection, and the pool may give the next query another: {way_out}"
    );
    Some(Error::new(ErrorKind::Configuration, message))
}

/// The first word of the statement whose effect or meaning depends on the session.
pub(super) fn of_the_session(sql: &str) -> Option<&str> {
    let mut before = "";
    for word in words(sql) {
        let makes_temporary = is_one_of(&["create", "into", "replace"], before)
            && is_one_of(&["temp", "temporary"], word);
        if makes_temporary || is_one_of(OF_THE_SESSION, word) {
            return Some(word);
        }
        before = word;
    }
    None
}

/// The words of the SQL, including those in literals and comments.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

pub(super) fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether it is a COPY from or to the client.
pub(super) fn copies_data(sql: &str) -> bool {
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
pub(super) fn first_word(mut sql: &str) -> Option<&str> {
    loop {
        sql = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if let Some(comment) = sql.strip_prefix("--") {
            sql = comment.split_once('\n')?.1;
        } else if sql.starts_with("/*") {
            sql = after_comment(sql)?;
        } else {
            return sql
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .filter(|word| !word.is_empty());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_statements_share_a_session() {
        for sql in [
            "select 1",
            "(SELECT 1)",
            "-- a comment; set x\n /* and /* another */ */ with a as (select 1) table a",
            "insert into t values (1) returning *",
            "select temp from settings where templates",
        ] {
            assert!(check(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn what_is_the_sessions_does_not() {
        for (sql, word) in [
            ("set x = 1", "set"),
            ("begin", "begin"),
            ("listen a", "listen"),
            ("/* select */ declare c cursor for select 1", "declare"),
            ("select Set_Config('a', 'b', false)", "Set_Config"),
            ("select pg_advisory_lock(1)", "pg_advisory_lock"),
            ("select * from pg_temp.t", "pg_temp"),
            ("select 1 into temp t", "temp"),
            ("-- select", ""),
            ("/* select 1", ""),
        ] {
            let error = check(sql).expect_err(sql);
            let expected = format!("`{word}` does not stand alone");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}
