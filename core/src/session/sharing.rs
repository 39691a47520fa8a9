//! Statements that can run on a session that other tasks use at the same time: single ones without a lasting effect on
//! the session. The SQL is not parsed; its words decide, and in case of doubt the statement is refused.

use super::{Session, flags};
use crate::{
    Error, ErrorKind,
    words::{begins_transaction, first_word, is_one_of, next_word, words},
};

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

/// The error of a statement that cannot share a session with the statements of other tasks.
pub(crate) fn not_alone(sql: &str) -> Option<Error> {
    let word = match first_word(sql) {
        Some(first) if is_one_of(STATEMENTS, first) => of_the_session(sql)?,
        other => other.unwrap_or_default(),
    };
    let message = format!(
        "`{word}` does not stand alone, and the connection may be shared with others: run it on the pool or on a connection \
         of its own"
    );
    Some(Error::new(ErrorKind::Mapping, message))
}

/// Whether the statement is useful only for later statements on the same connection.
pub(super) fn is_for_one_connection(sql: &str) -> bool {
    first_word(sql).and_then(instead_of).is_some()
}

/// The error of such a statement on a pool.
pub(crate) fn for_one_connection(sql: &str) -> Option<Error> {
    let first = first_word(sql)?;
    let way_out = instead_of(first)?;
    let message = format!(
        "`{first}` is for one connection, and the pool may give the next query another: {way_out}"
    );
    Some(Error::new(ErrorKind::Configuration, message))
}

/// The error of such a statement in a transaction, if it has no place there.
pub(crate) fn not_in_transaction(sql: &str) -> Option<Error> {
    let first = first_word(sql).filter(|first| begins_transaction(first))?;
    let message = format!(
        "`{first}` in a transaction begins no other: use `Transaction::savepoint` or `Transaction::transaction` for a part \
         that can be undone by itself"
    );
    Some(Error::new(ErrorKind::Configuration, message))
}

/// The error of such a statement in a transaction of a pool, to which the connection goes back.
pub(crate) fn not_in_pooled_transaction(sql: &str) -> Option<Error> {
    not_in_transaction(sql).or_else(|| outlasts_transaction(sql))
}

/// The error of a SET that is in force behind the end of the transaction.
fn outlasts_transaction(sql: &str) -> Option<Error> {
    let (set, behind) = next_word(sql)?;
    let ends_with_it = || {
        let second = first_word(behind);
        second.is_some_and(|word| is_one_of(&["constraints", "local", "transaction"], word))
    };
    if !set.eq_ignore_ascii_case("set") || ends_with_it() {
        return None;
    }
    let message = "a `set` without `local` outlasts the transaction, and the next user of the connection would have the \
                   setting: use `set local`, or `select set_config($1, $2, true)` for a value that is a parameter";
    Some(Error::new(ErrorKind::Configuration, message))
}

/// What to use on a pool instead of a statement that begins with this word, and is useful only for later ones on the same
/// connection.
fn instead_of(first: &str) -> Option<&'static str> {
    if begins_transaction(first) {
        Some("use `Pool::begin` or `Pool::transaction`")
    } else if first.eq_ignore_ascii_case("set") {
        Some(
            "use `TransactionOptions::setting` or `set local` for a transaction, `options=-c …` in the URL or \
             `PoolBuilder::on_connect` for all connections. On a connection by `Pool::get`, it stays for the next user, \
             unless you `reset` it or `PoolBuilder::on_return` does",
        )
    } else if first.eq_ignore_ascii_case("listen") {
        Some("use `Pool::listener`")
    } else {
        None
    }
}

/// The first word of the statement whose effect or meaning depends on the session.
pub(super) fn of_the_session(sql: &str) -> Option<&str> {
    let [mut earlier, mut before] = [""; 2];
    for word in words(sql) {
        let makes_temporary = is_one_of(&["temp", "temporary"], word)
            && is_one_of(&["create", "global", "into", "local", "replace"], before)
            && !is_one_of(&["insert", "merge"], earlier);
        if makes_temporary || is_one_of(OF_THE_SESSION, word) {
            return Some(word);
        }
        [earlier, before] = [before, word];
    }
    None
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
            "insert into temp select 1",
        ] {
            assert!(not_alone(sql).is_none(), "{sql}");
        }
    }

    #[test]
    fn what_outlasts_a_transaction_is_seen() {
        for sql in [
            "set x = 1",
            "/* local */ SET Session x = 1",
            "set session characteristics as transaction read only",
            "set role r",
            "set locale = 'C'",
        ] {
            assert!(not_in_pooled_transaction(sql).is_some(), "{sql}");
            assert!(not_in_transaction(sql).is_none(), "{sql}");
        }
        for sql in [
            "Set /* session */ Local x = 1",
            "set transaction read only",
            "set constraints all deferred",
            "reset x",
            "listen a",
        ] {
            assert!(not_in_pooled_transaction(sql).is_none(), "{sql}");
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
            ("select 1 into local temporary t", "temporary"),
            ("select 1 into global temp t", "temp"),
            ("-- select", ""),
            ("/* select 1", ""),
        ] {
            let error = not_alone(sql).expect(sql);
            let expected = format!("`{word}` does not stand alone");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}
