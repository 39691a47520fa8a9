//! Warnings about what PostgreSQL accepts but a query can hardly mean.

use std::ops::Range;

use super::help::param_at;
use super::{Diagnostic, name_at};
use crate::analyze::{Doubt, DoubtKind};
use crate::catalog::QualifiedName;
use crate::source::{Lexer, Query, SourceFile, Token};

/// The warning for a doubt.
pub(crate) fn doubtful(file: &SourceFile, query: &Query, doubt: &Doubt) -> Diagnostic {
    let place = doubt.location.map(|location| {
        let at = query.file_offset(location);
        let param = param_at(query, at).cloned();
        param.unwrap_or_else(|| name_at(&file.text, at, query.span.end))
    });
    let (message, label, help) = match &doubt.kind {
        DoubtKind::Null { table, column } => (
            format!("`{table}.{column}` must not be null"),
            "each row with it is refused",
            "give it a value, or have a migration allow null".to_owned(),
        ),
        DoubtKind::LeftOut { table, columns } => {
            let written: Vec<_> = columns.iter().map(|c| format!("`{c}`")).collect();
            let written = written.join(", ");
            let (must, have) = match columns.len() {
                1 => ("which must not be null and has no default", "it a value"),
                _ => ("which must not be null and have no default", "them values"),
            };
            (
                format!("an insert into `{table}` leaves out {written}, {must}"),
                "each new row is refused",
                format!("give {have}, or have a migration add a default"),
            )
        }
        DoubtKind::SortedByParam => (
            "a parameter as a sort key is the same for all rows, and sorts nothing".to_owned(),
            "is a value, not the name of a column",
            "choose by `case … when … then … end`, write a query for each order, or use `order_by` of a `select()`"
                .to_owned(),
        ),
        DoubtKind::ComparedWithNull { operator } => {
            let instead = match operator.as_str() {
                "=" => "`is null`; for a value that may be null, `is not distinct from`",
                _ => "`is not null`; for a value that may be null, `is distinct from`",
            };
            (
                format!("`{operator} null` is never true"),
                "is neither equal nor unequal to anything",
                format!("write {instead}"),
            )
        }
        DoubtKind::ExcludesNull => (
            "`not in` a list with null is never true".to_owned(),
            "no value is unequal to it",
            "leave it out; to exclude nulls, add `… is not null`".to_owned(),
        ),
        DoubtKind::SetsSession => (
            "`set_config(…, false)` is for the connection that happens to run it".to_owned(),
            "later queries of others find it there",
            "in a transaction, `set_config(…, true)` lasts until its end; `TransactionOptions::setting` begins one with it"
                .to_owned(),
        ),
        DoubtKind::LocksSession => (
            "the lock is of the connection that happens to run this".to_owned(),
            "a pool chooses another one for the next query",
            "`lock` of a pool keeps one for it; in a transaction, `pg_advisory_xact_lock` lasts until its end"
                .to_owned(),
        ),
    };
    let span = match &doubt.kind {
        DoubtKind::LeftOut { table, .. } => written_into(query, table),
        _ => place,
    };
    let span = span.unwrap_or_else(|| query.name.span.clone());
    Diagnostic::warning(message, &file.path, span, label).help(help)
}

/// The table's name after INTO.
fn written_into(query: &Query, table: &QualifiedName) -> Option<Range<usize>> {
    let sql = &query.sql;
    let tokens: Vec<Token> = Lexer::new(sql).filter(|token| !token.is_trivia()).collect();
    let mut pairs = tokens.windows(2);
    pairs.find_map(|pair| {
        let span = name_at(sql, pair[1].span.start, sql.len());
        let name = sql[span.clone()].rsplit('.').next()?.trim_matches('"');
        let is_it = pair[0].text(sql).eq_ignore_ascii_case("into")
            && name.eq_ignore_ascii_case(&table.name);
        is_it.then(|| {
            let start = query.file_offset(span.start);
            start..start + span.len()
        })
    })
}
