//! Types that PostgreSQL does not bring. The driver, which would ask for each with several statements, does not see them: the
//! session asks for all that a statement has in one message, which one server answers.

use std::{collections::HashMap, pin::Pin};

use postgres_protocol::escape::escape_literal;
use postgres_types::{Oid, Type};
use tokio_postgres::Client;

use super::Session;
use crate::{
    Error, ErrorKind,
    connect::{Column, columns},
    learnt_types,
    statements::{Prepared, locked},
};

/// The types that a session has learnt, by their numbers.
pub(super) type Types = HashMap<Oid, Type>;

/// A question about types, under way.
pub(crate) type Learning = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Session {
    /// The numbers of the columns' types that are yet to be learnt.
    pub(crate) fn unknown_types(&self, columns: &[Column]) -> Vec<Oid> {
        let known = locked(&self.types);
        let numbers = columns.iter().map(|column| column.type_oid);
        numbers
            .filter(|oid| Type::from_oid(*oid).is_none() && !known.contains_key(oid))
            .collect()
    }

    /// The names and types of columns. Of a type that was not learnt it is said that it is unknown.
    pub(super) fn named(&self, columns: &[Column]) -> Box<[(String, Type)]> {
        let known = locked(&self.types);
        let ty = |oid| Type::from_oid(oid).or_else(|| known.get(&oid).cloned());
        let named = |column: &Column| {
            let ty = ty(column.type_oid).unwrap_or(Type::UNKNOWN);
            (column.name.clone(), ty)
        };
        columns.iter().map(named).collect()
    }

    /// Learns the types with these numbers.
    pub(crate) fn learn_later(&self, numbers: &[Oid]) -> Learning {
        let (session, numbers) = (self.myself.upgrade(), array(numbers));
        Box::pin(async move {
            let Some(session) = session else {
                return Ok(());
            };
            let turn = session.turn().await?;
            let learnt = session.ask_types(turn.client(), &numbers).await;
            turn.finish();
            learnt.map(drop)
        })
    }

    /// Has the server prepare and describe a statement.
    pub(super) async fn look_up(&self, client: &Client, sql: &str) -> Result<Prepared, Error> {
        let prepared = client.prepare(sql).await;
        let statement = prepared.map_err(|error| self.failed(error))?;
        let columns = columns(statement.columns());
        let unknown = self.unknown_types(&columns);
        let mut numbers = array(&unknown);
        let mut params: Box<[Type]> = statement.params().into();
        if params.contains(&Type::UNKNOWN) {
            // The one that was prepared last is this one, should another have left behind the same.
            numbers = format!(
                "(select parameter_types::oid[] from pg_catalog.pg_prepared_statements \
                 where not from_sql and statement = {} order by prepare_time desc limit 1) || {numbers}",
                escape_literal(sql)
            );
            let learnt = self.ask_types(client, &numbers).await?;
            let count = learnt.len().checked_sub(unknown.len());
            params = match count.filter(|count| *count == params.len()) {
                Some(count) => learnt[..count].into(),
                None => return Err(not_known()),
            };
        } else if !unknown.is_empty() {
            self.ask_types(client, &numbers).await?;
        }
        let columns = self.named(&columns);
        Ok(Prepared::new(statement, params, columns))
    }

    /// Asks for the types with these numbers, which are an array in SQL.
    async fn ask_types(&self, client: &Client, numbers: &str) -> Result<Box<[Type]>, Error> {
        let answers = client.simple_query(&learnt_types::sql(numbers)).await;
        let answers = answers.map_err(|error| self.failed(error))?;
        self.take_types(learnt_types::read(&answers))
    }

    /// Keeps what was learnt.
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

/// Numbers of types as SQL has them.
fn array(numbers: &[Oid]) -> String {
    let numbers: Vec<_> = numbers.iter().map(Oid::to_string).collect();
    format!("array[{}]::oid[]", numbers.join(","))
}
