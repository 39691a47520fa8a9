//! Statements behind a pooler that can send each statement to another server. Such a statement must not depend on any
//! other. The types of its parameters are looked up with one message, which one server answers; those of its columns
//! come with the rows, and user-defined ones among them are looked up afterwards.

use postgres_types::Type;

use super::{
    Session, learnt_types,
    sharing::{STATEMENTS, of_the_session},
    statements::Prepared,
};
use crate::{
    Error, ErrorKind,
    random::random,
    settings::{Affinity, refused},
    words::{first_word, is_one_of},
};

/// The first words of statements that depend on a session, or need more than one message.
const OF_SESSIONS: &[&str] = &[
    "abort",
    "begin",
    "close",
    "commit",
    "copy",
    "deallocate",
    "declare",
    "discard",
    "end",
    "execute",
    "fetch",
    "listen",
    "load",
    "lock",
    "move",
    "prepare",
    "release",
    "reset",
    "rollback",
    "savepoint",
    "set",
    "start",
    "unlisten",
];

impl Session {
    /// Whether two messages in a row go to the same server.
    pub(crate) fn keeps_server(&self) -> bool {
        match self.affinity {
            Affinity::Session => true,
            Affinity::Transaction => self.is_in_transaction(),
            Affinity::Statement => false,
        }
    }

    /// Refuses an operation that needs several messages if they could go to different servers.
    pub(crate) fn needs_server(&self, what: &str) -> Result<(), Error> {
        match self.keeps_server() {
            true => Ok(()),
            false => Err(refused(self.affinity, what)),
        }
    }

    /// Refuses transactions if the pooler does not support them.
    pub(crate) fn needs_transactions(&self) -> Result<(), Error> {
        match self.affinity {
            Affinity::Statement => Err(refused(self.affinity, "a transaction")),
            _ => Ok(()),
        }
    }

    /// Looks up the types of a statement's parameters, unless they are given.
    pub(super) async fn learn_alone(
        &self,
        sql: &str,
        types: Option<&[Type]>,
    ) -> Result<Prepared, Error> {
        check(sql)?;
        if let Some(types) = types {
            return Ok(Prepared::learnt(types.into()));
        }
        if !has_parameters(sql) {
            return Ok(Prepared::learnt(Box::default()));
        }
        let sql = can_be_prepared(sql)?;
        let name = format!("howdah_{:016x}", random());
        let before = format!("prepare {name} as ");
        let numbers = format!(
            "(select parameter_types::oid[] from pg_catalog.pg_prepared_statements where name = '{name}')"
        );
        let script = format!(
            "{before}{sql}\n;{};deallocate {name}",
            learnt_types::sql(&numbers)
        );
        let turn = self.turn().await?;
        let rows = self.text_rows(&script).await;
        turn.finish();
        let rows = rows.map_err(|error| self.failed(error).shifted(before.len()))?;
        let params = self.take_types(learnt_types::read(&rows))?;
        Ok(Prepared::learnt(params))
    }
}

/// Refuses statements with an effect on the session.
fn check(sql: &str) -> Result<(), Error> {
    let first = first_word(sql).filter(|word| is_one_of(OF_SESSIONS, word));
    match first.or_else(|| of_the_session(sql)) {
        Some(word) => Err(refused(Affinity::Statement, &format!("`{word}`"))),
        None => Ok(()),
    }
}

/// Whether there is a parameter such as `$1`.
fn has_parameters(sql: &str) -> bool {
    let mut after_dollar = sql.split('$').skip(1);
    after_dollar.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The statement without the `;` at its end, so that it can be put between others.
fn can_be_prepared(sql: &str) -> Result<&str, Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::Configuration, message));
    let first = first_word(sql).unwrap_or_default();
    if !is_one_of(STATEMENTS, first) {
        return refuse(format!(
            "`{first}` can have no parameters where each statement has another server (`single_statements`)"
        ));
    }
    let sql = sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    if sql.contains(';') {
        // The SQL after it would be run.
        return refuse(
            "SQL with parameters can have a `;` at its end only, not even in a literal or a comment, where each statement \
             has another server (`single_statements`)"
                .to_owned(),
        );
    }
    Ok(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_a_session_are_seen() {
        for sql in [
            "/* select */ set x = 1",
            "Begin",
            "create temp table t (a int)",
        ] {
            assert!(check(sql).is_err(), "{sql}");
        }
        for sql in [
            "select 1",
            "create table t (a int)",
            "refresh materialized view v",
        ] {
            assert!(check(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn parameters_are_seen() {
        assert!(has_parameters("select $1"));
        assert!(!has_parameters("do $$ begin end $$"));
    }

    #[test]
    fn nothing_stands_behind_a_statement() {
        assert_eq!(can_be_prepared("select $1 ;\n").ok(), Some("select $1"));
        assert!(can_be_prepared("select $1; drop table t").is_err());
        assert!(can_be_prepared("call p($1)").is_err());
    }
}
