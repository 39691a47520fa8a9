//! The types of a statement. The session looks up all user-defined ones with one message, which one server answers.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        LazyLock, Weak,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use postgres_types::{Oid, Type};
use tokio_postgres::error::ErrorPosition;

use super::{
    Session, Turn, learnt_types,
    request::Request,
    response::Response,
    statements::{Kept, Prepared},
};
use crate::{
    Error, ErrorKind,
    connect::{Column, columns, parameters, refusal},
    locked::locked,
    random::random,
};

/// The types that a session has looked up, by their OIDs.
pub(super) type Types = HashMap<Oid, Type>;

/// A running lookup of types.
pub(crate) type Learning = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Session {
    /// The OIDs of the columns' types that are not known yet.
    pub(crate) fn unknown_types(&self, columns: &[Column]) -> Vec<Oid> {
        self.unknown(columns.iter().map(|column| column.type_oid))
    }

    /// Those of the OIDs whose types are not known yet.
    fn unknown(&self, numbers: impl Iterator<Item = Oid>) -> Vec<Oid> {
        let known = locked(&self.types);
        numbers
            .filter(|oid| Type::from_oid(*oid).is_none() && !known.contains_key(oid))
            .collect()
    }

    /// The types with these OIDs, all of which are known.
    fn learnt(&self, numbers: &[Oid]) -> Result<Box<[Type]>, Error> {
        let known = locked(&self.types);
        let ty = |oid: &Oid| Type::from_oid(*oid).or_else(|| known.get(oid).cloned());
        let types = numbers.iter().map(ty).collect::<Option<_>>();
        types.ok_or_else(not_known)
    }

    /// The names and types of columns. A type that is not known yet is `unknown`.
    pub(super) fn named(&self, columns: &[Column]) -> Box<[(String, Type)]> {
        let known = locked(&self.types);
        let ty = |oid| Type::from_oid(oid).or_else(|| known.get(&oid).cloned());
        let named = |column: &Column| {
            let ty = ty(column.type_oid).unwrap_or(Type::UNKNOWN);
            (column.name.clone(), ty)
        };
        columns.iter().map(named).collect()
    }

    /// Looks up the types with these OIDs.
    pub(crate) fn learn_later(&self, numbers: &[Oid]) -> Learning {
        let (session, numbers) = (self.to_arc(), array(numbers));
        Box::pin(async move {
            let Some(session) = session else {
                return Ok(());
            };
            let turn = session.turn().await?;
            let learnt = session.ask_types(&numbers).await;
            turn.finish();
            learnt.map(drop)
        })
    }

    /// Prepares and describes a statement. The server keeps it if `is_kept`.
    pub(super) async fn look_up(
        &self,
        turn: &Turn<'_>,
        sql: &str,
        is_kept: bool,
    ) -> Result<Prepared, Error> {
        let mut request = Request::new();
        // The statement is closed if anything fails or this future is dropped.
        let kept = is_kept.then(|| Kept {
            name: next_name(),
            session: Weak::clone(&self.myself),
        });
        let name = kept.as_ref().map_or("", |kept| &kept.name);
        request.description(name, sql)?;
        let described = read_description(&mut turn.send(&request)?).await;
        let (params, columns) = described.map_err(|error| with_way_out(self.failed(error), sql))?;
        let mut unknown = self.unknown(params.iter().copied());
        unknown.extend(self.unknown_types(&columns));
        if !unknown.is_empty() {
            self.ask_types(&array(&unknown)).await?;
        }
        let params = self.learnt(&params)?;
        Ok(match kept {
            Some(kept) => Prepared::new(kept, params, self.named(&columns)),
            None => Prepared::learnt(params).with_columns(self.named(&columns)),
        })
    }

    /// Looks up the types with these OIDs, given as an SQL array.
    async fn ask_types(&self, numbers: &str) -> Result<Box<[Type]>, Error> {
        let rows = self.text_rows(&learnt_types::sql(numbers)).await;
        let rows = rows.map_err(|error| self.failed(error))?;
        self.take_types(learnt_types::read(&rows))
    }

    /// Stores the types that were looked up.
    pub(super) fn take_types(&self, learnt: Option<Box<[Type]>>) -> Result<Box<[Type]>, Error> {
        let learnt = learnt.ok_or_else(not_known)?;
        let types = learnt.iter().map(|ty| (ty.oid(), ty.clone()));
        locked(&self.types).extend(types);
        Ok(learnt)
    }
}

#[cold]
fn not_known() -> Error {
    let message = "a type of the statement is not known: `pg_type` does not say it";
    Error::new(ErrorKind::Mapping, message)
}

/// Adds advice about SQL with several statements, or with parameters in the style of other libraries, to an error.
#[cold]
fn with_way_out(error: Error, sql: &str) -> Error {
    if error.sqlstate() != Some("42601") {
        return error;
    }
    let routine = error.database().and_then(|database| database.routine());
    if routine == Some("exec_parse_message") {
        return error.followed("; `batch_execute` runs several statements");
    }
    match error.database().and_then(|database| database.position()) {
        Some(ErrorPosition::Original(at)) if is_parameter_of_others(sql, *at as usize) => {
            error.followed("; parameters are written `$1`, `$2` and so on")
        }
        _ => error,
    }
}

/// Whether there is a `:name`, `%s` or `%(name)s` at this place, counted from 1.
fn is_parameter_of_others(sql: &str, at: usize) -> bool {
    let mut rest = sql.chars().skip(at.saturating_sub(1));
    match (rest.next(), rest.next()) {
        (Some(':'), Some(next)) => next.is_alphabetic() || next == '_',
        (Some('%'), Some(next)) => next == 's' || next == '(',
        _ => false,
    }
}

/// A unique name for a statement. Behind a pooler, other clients may have left statements on the servers, and running
/// one of those by mistake would be worse than an error.
fn next_name() -> String {
    static PROCESS: LazyLock<u32> = LazyLock::new(|| random() as u32);
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("h{:x}_{:x}", *PROCESS, LAST.fetch_add(1, Relaxed))
}

/// Reads the types of a statement's parameters, and its columns.
async fn read_description(response: &mut Response) -> Result<(Vec<Oid>, Vec<Column>), Error> {
    let (mut params, mut described) = (Vec::new(), Vec::new());
    loop {
        let (tag, message) = response.next().await?;
        match tag {
            b't' => params = parameters(&message)?,
            b'T' => described = columns(&message)?,
            b'E' => return Err(refusal(&message)),
            b'Z' => return Ok((params, described)),
            _ => {}
        }
    }
}

/// OIDs as an SQL array.
fn array(numbers: &[Oid]) -> String {
    let numbers: Vec<_> = numbers.iter().map(Oid::to_string).collect();
    format!("array[{}]::oid[]", numbers.join(","))
}
