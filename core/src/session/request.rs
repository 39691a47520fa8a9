//! Requests to the server: a statement with its parameters, or plain SQL ([Extended
//! Query](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY)).

use std::io;

use bytes::BytesMut;
use postgres_protocol::{IsNull, message::frontend};
use postgres_types::Type;

use super::statements::Prepared;
use crate::{Error, ErrorKind, Param};

/// The format of all parameters and columns.
const BINARY: [i16; 1] = [1];

/// Messages to the server, which it answers in groups.
pub(crate) struct Request {
    pub(crate) messages: BytesMut,
    /// The number of groups.
    pub(crate) groups: u8,
}

impl Request {
    pub(crate) fn new() -> Self {
        Self {
            messages: BytesMut::with_capacity(256),
            groups: 0,
        }
    }

    /// Appends another request.
    pub(crate) fn append(&mut self, other: &Self) {
        self.messages.extend_from_slice(&other.messages);
        self.groups += other.groups;
    }

    /// SQL without parameters (a simple query). It can have several statements, which are one group, and values come as
    /// text.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), Error> {
        frontend::query(sql, &mut self.messages).map_err(unsendable)?;
        self.groups += 1;
        Ok(())
    }

    /// Runs a statement, which is prepared already or sent with its SQL.
    pub(crate) fn statement(
        &mut self,
        sql: &str,
        prepared: &Prepared,
        params: &[Param<'_>],
    ) -> Result<(), Error> {
        let (types, out) = (prepared.params(), &mut self.messages);
        match prepared.kept() {
            Some(kept) => bind(&kept.name, params, types, out)?,
            None => {
                let numbers = types.iter().map(Type::oid);
                frontend::parse("", sql, numbers, out).map_err(unsendable)?;
                bind("", params, types, out)?;
                frontend::describe(b'P', "", out).map_err(unsendable)?;
            }
        }
        frontend::execute("", 0, out).map_err(unsendable)?;
        self.sync();
        Ok(())
    }

    /// Runs SQL without parameters or rows right before the statement that follows, in the same group: if it fails, the
    /// server skips the statement.
    pub(crate) fn before_statement(&mut self, sql: &str) -> Result<(), Error> {
        let out = &mut self.messages;
        frontend::parse("", sql, [], out).map_err(unsendable)?;
        bind("", &[], &[], out)?;
        frontend::execute("", 0, out).map_err(unsendable)
    }

    /// A COPY to the server. The Sync after the data ends it.
    pub(crate) fn copy_in(&mut self, sql: &str) -> Result<(), Error> {
        self.before_statement(sql)?;
        self.groups += 1;
        Ok(())
    }

    /// A COPY from the server.
    pub(crate) fn copy_out(&mut self, sql: &str) -> Result<(), Error> {
        self.before_statement(sql)?;
        self.sync();
        Ok(())
    }

    /// Prepares and describes a statement. The server keeps it if it has a name.
    pub(crate) fn description(&mut self, name: &str, sql: &str) -> Result<(), Error> {
        let out = &mut self.messages;
        frontend::parse(name, sql, [], out).map_err(unsendable)?;
        frontend::describe(b'S', name, out).map_err(unsendable)?;
        self.sync();
        Ok(())
    }

    /// Closes a prepared statement.
    pub(crate) fn close(&mut self, name: &str) -> Result<(), Error> {
        frontend::close(b'S', name, &mut self.messages).map_err(unsendable)?;
        self.sync();
        Ok(())
    }

    fn sync(&mut self) {
        frontend::sync(&mut self.messages);
        self.groups += 1;
    }
}

fn bind(
    statement: &str,
    params: &[Param<'_>],
    types: &[Type],
    out: &mut BytesMut,
) -> Result<(), Error> {
    let mut failed = None;
    let values = params.iter().zip(types).enumerate();
    let encode = |(index, (param, ty)): (usize, (&Param<'_>, &Type)), out: &mut BytesMut| {
        param.encode(ty, out).map(is_null).map_err(|error| {
            failed = Some(error.into_error(ty).in_param(index));
            "".into()
        })
    };
    let bound = frontend::bind("", statement, BINARY, values, encode, BINARY, out);
    match (bound, failed) {
        (Ok(()), _) => Ok(()),
        (Err(_), Some(error)) => Err(error),
        (Err(frontend::BindError::Serialization(error)), None) => Err(unsendable(error)),
        (Err(frontend::BindError::Conversion(error)), None) => {
            Err(Error::new(ErrorKind::Encode, error.to_string()))
        }
    }
}

#[inline]
fn is_null(is_null: postgres_types::IsNull) -> IsNull {
    match is_null {
        postgres_types::IsNull::Yes => IsNull::Yes,
        postgres_types::IsNull::No => IsNull::No,
    }
}

#[cold]
fn unsendable(error: io::Error) -> Error {
    Error::new(
        ErrorKind::Encode,
        format!("the statement cannot be sent: {error}"),
    )
    .telling(error)
}
