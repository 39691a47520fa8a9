//! How bulk statements run: several in one transaction, or, with batches, each by itself. Nothing here depends on the
//! type of the rows.

use std::ops::Range;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{
    source::{Source, arrays, check},
    sql::{Sent, Shape},
};
use crate::{
    Accepts, Encode, EncodeError, Error, Field, Param, Row, Transaction, TransactionOptions,
    executor::{Handle, Origin},
    names::column_list,
    query::{Call, Text, rows::each},
    session::Session,
};

/// Takes each row that a statement returns.
pub(crate) type Sink<'s> = &'s mut (dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send);

/// The fields that are read from the returned rows, and the function that takes the rows.
pub(crate) struct Returned<'s> {
    pub(crate) fields: &'static [Field],
    pub(crate) sink: Sink<'s>,
}

/// A statement over some of the fields of many rows.
pub(crate) struct Bulk<'s> {
    pub(crate) source: &'s dyn Source,
    pub(crate) shape: &'s Shape,
    /// The parameters before those of the rows.
    pub(crate) given: &'s [Param<'s>],
    /// The number of rows in a batch. A batch stays written even if the next one fails.
    pub(crate) batch: Option<usize>,
}

/// The SQL of a statement around its rows.
pub(crate) enum Form {
    /// The rows as one array for each column.
    Arrays(String),
    /// The rows as `values`, between the two strings.
    Values(String, String),
}

impl Form {
    /// A statement that joins a table with the rows, which it calls `u`, between `head` and `tail`.
    pub(crate) fn joined(shape: &Shape, head: &str, tail: &str) -> Result<Self, Error> {
        if !shape.has_arrays()? {
            let unnests = shape.unnests()?;
            return Ok(Self::Arrays(format!("{head}(select {unnests}) as u{tail}")));
        }
        // A row of nulls gives the parameters below it their types. It matches no key.
        let nulls = shape.nulls()?;
        let columns = column_list(shape.columns());
        Ok(Self::Values(
            format!("{head}(values ({nulls}), "),
            format!(") as u ({columns}){tail}"),
        ))
    }

    /// The statement for this number of rows.
    pub(crate) fn sql(&self, rows: usize, shape: &Shape) -> String {
        match self {
            Self::Arrays(sql) => sql.clone(),
            Self::Values(before, after) => {
                format!("{before}{}{after}", shape.values(rows))
            }
        }
    }
}

/// The most parameters that a statement may have.
const PARAMETERS: usize = 65_535;

impl Bulk<'_> {
    /// Runs the statement over all rows, and returns how many were affected.
    pub(crate) async fn run(
        &self,
        handle: Handle<'_>,
        form: &Form,
        mut returned: Returned<'_>,
    ) -> Result<u64, Error> {
        let rows = self.source.len();
        if rows == 0 {
            return Ok(0);
        }
        let session = handle.session().await?;
        let handle = handle.on(&session);
        match self.batch {
            Some(batch) => {
                let mut affected = 0;
                for first in (0..rows).step_by(batch.max(1)) {
                    let part = first..rows.min(first + batch.max(1));
                    let done = self.part(handle, &session, form, part, &mut returned).await;
                    affected += done.map_err(|error| error.after_rows(first as u64))?;
                }
                Ok(affected)
            }
            None => {
                self.part(handle, &session, form, 0..rows, &mut returned)
                    .await
            }
        }
    }

    /// Runs the statement for some of the rows: for all of them or for none.
    async fn part(
        &self,
        handle: Handle<'_>,
        session: &Session,
        form: &Form,
        rows: Range<usize>,
        returned: &mut Returned<'_>,
    ) -> Result<u64, Error> {
        match form {
            Form::Arrays(sql) => {
                self.by_arrays(handle, session, &Text::written(sql.clone()), rows, returned)
                    .await
            }
            Form::Values(before, after) => {
                self.by_values(handle, session, before, after, rows, returned)
                    .await
            }
        }
    }

    async fn by_arrays(
        &self,
        handle: Handle<'_>,
        session: &Session,
        sql: &Text,
        mut rows: Range<usize>,
        returned: &mut Returned<'_>,
    ) -> Result<u64, Error> {
        let prepared = session
            .prepare(sql)
            .await
            .map_err(|error| sql.blame(error))?;
        let types = prepared.params();
        let mut transaction = None;
        let mut affected = 0;
        while !rows.is_empty() {
            let types = types.get(self.given.len()..).unwrap_or_default();
            let (encoded, taken) = arrays(self.source, &self.shape.sent, types, rows.clone())
                .map_err(|error| sql.blame(error))?;
            rows.start += taken;
            if !rows.is_empty() && transaction.is_none() {
                transaction = Some(Several::begin(session).await?);
            }
            let given = self.given.iter().map(Param::by_ref);
            let params: Vec<_> = given.chain(encoded.into_iter().map(Param::new)).collect();
            affected += execute(handle, sql, &params, returned).await?;
        }
        if let Some(transaction) = transaction {
            transaction.commit().await?;
        }
        Ok(affected)
    }

    async fn by_values(
        &self,
        handle: Handle<'_>,
        session: &Session,
        before: &str,
        after: &str,
        rows: Range<usize>,
        returned: &mut Returned<'_>,
    ) -> Result<u64, Error> {
        let width = self.shape.sent.len();
        let given = self.given.len();
        let at_once = (PARAMETERS.saturating_sub(given) / width.max(1)).max(1);
        let mut transaction = None;
        if rows.len() > at_once {
            transaction = Some(Several::begin(session).await?);
        }
        let mut affected = 0;
        for first in rows.clone().step_by(at_once) {
            let count = at_once.min(rows.end - first);
            let sql = Text::written(format!("{before}{}{after}", self.shape.values(count)));
            let prepared = session
                .prepare(&sql)
                .await
                .map_err(|error| sql.blame(error))?;
            for (sent, ty) in self
                .shape
                .sent
                .iter()
                .zip(prepared.params().iter().skip(given))
            {
                check(sent, ty).map_err(|error| sql.blame(error))?;
            }
            let cells = (first..first + count).flat_map(|row| {
                let cell = move |sent: &Sent| Cell {
                    source: self.source,
                    row,
                    field: sent.field,
                };
                self.shape.sent.iter().map(cell)
            });
            let given = self.given.iter().map(Param::by_ref);
            let params: Vec<_> = given.chain(cells.map(Param::new)).collect();
            let done = execute(handle, &sql, &params, returned).await;
            if count > KEPT {
                session.forget(&sql);
            }
            affected += done.map_err(|error| self.name_cell(error, first))?;
        }
        if let Some(transaction) = transaction {
            transaction.commit().await?;
        }
        Ok(affected)
    }

    /// Adds the row and column of the parameter that could not be encoded to the error.
    #[cold]
    fn name_cell(&self, error: Error, first: usize) -> Error {
        let given = self.given.len();
        let Some(param) = error.param().and_then(|param| param.checked_sub(given)) else {
            return error;
        };
        if param == 0 {
            return error;
        }
        let width = self.shape.sent.len();
        error
            .in_row((first + (param - 1) / width) as u64 + 1)
            .in_column(self.shape.sent[(param - 1) % width].column)
    }
}

async fn execute(
    handle: Handle<'_>,
    sql: &Text,
    params: &[Param<'_>],
    returned: &mut Returned<'_>,
) -> Result<u64, Error> {
    let call = Call {
        handle,
        text: sql,
        params,
    };
    each(&call, returned.fields, returned.sink).await
}

/// Statements of up to this many rows stay prepared. Each number of rows is a statement of its own, and one of
/// thousands of rows takes megabytes.
const KEPT: usize = 4;

/// One transaction around several statements, unless the session is in one already. In that case an error fails the
/// outer transaction.
struct Several<'s>(Option<Transaction<'s>>);

impl<'s> Several<'s> {
    async fn begin(session: &'s Session) -> Result<Self, Error> {
        if session.is_in_transaction() {
            return Ok(Self(None));
        }
        Transaction::start(session, &TransactionOptions::default(), Origin::Transaction)
            .await
            .map(|begun| Self(Some(begun)))
    }

    async fn commit(self) -> Result<(), Error> {
        match self.0 {
            Some(transaction) => transaction.commit().await,
            None => Ok(()),
        }
    }
}

/// One field of one row as a parameter. Its type has been compared with the column's.
struct Cell<'s> {
    source: &'s dyn Source,
    row: usize,
    field: usize,
}

impl Encode for Cell<'_> {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.source.encode(self.row, self.field, ty, out)
    }
}
