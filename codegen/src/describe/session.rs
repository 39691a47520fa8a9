//! The session: sends Parse and Describe for many queries at once, and reads the answers as they arrive.

use std::io;

use bytes::{Buf, BytesMut};
use fallible_iterator::FallibleIterator;
use howdah::__private::Connector;
use postgres_protocol::message::backend::{DataRowBody, ErrorFields, Message};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connect::{ConnectError, Reader, Writer, connect};
use super::{Cells, ServerError};
use crate::source::first_word;

/// The server's description of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The parameters' type OIDs, `$1` first.
    pub params: Vec<u32>,
    /// The result columns in order.
    pub columns: Vec<DescribedColumn>,
    /// The first word of the statement, in lower case, because the tree does not tell the kind of a utility statement.
    pub command: String,
    /// The analysed and rewritten query tree (`nodeToString`), unless the server withholds it.
    pub tree: Option<String>,
}

/// A result column of RowDescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedColumn {
    /// Its name.
    pub name: String,
    /// Its type's OID. For a domain, that of its base type.
    pub type_oid: u32,
    /// Its type modifier.
    pub modifier: i32,
}

/// A query, and the OIDs of its first parameters' types, if they are given.
pub type Question<'q> = (&'q str, &'q [u32]);

/// The rows that a statement returned.
#[derive(Default)]
pub struct Rows(Vec<DataRowBody>);

impl Rows {
    /// Each row's cells.
    pub fn iter(&self) -> impl Iterator<Item = Cells<'_>> {
        self.0.iter().map(Cells::of)
    }
}

/// An authenticated connection to one database.
pub struct Session {
    reader: Reader,
    writer: Writer,
    input: BytesMut,
}

/// Asks for the tree of each parsed query as a notice; the manual's chapter "Error Reporting and Logging".
const PRINT_TREES: &str =
    "set client_min_messages = log; set debug_print_rewritten = on; set debug_pretty_print = off";

/// The queries about the catalog look expensive, but are not: compiling them takes three times as long as running them.
const NO_JIT: &str = "set jit = off";

/// A role may have a limit that is meant for the queries of an app.
const NO_LIMIT: &str = "set statement_timeout = 0";

/// Keeps the trees out of the server's log, if the role has the right to.
const SPARE_THE_LOG: &str = "set log_min_messages = panic";

impl Session {
    /// Connects and asks for trees.
    ///
    /// # Errors
    ///
    /// When no host answers, or the server refuses.
    pub async fn connect(server: &Connector) -> Result<Self, ConnectError> {
        let (reader, writer, input) = connect(server).await?;
        let mut session = Self {
            reader,
            writer,
            input,
        };
        // Not every role may set these. The trees are then in the log as well.
        let _refused = session.rows(&[NO_JIT, NO_LIMIT, SPARE_THE_LOG]).await?;
        Ok(session)
    }

    /// Sends the messages, and receives answers at the same time.
    pub(super) async fn exchange<T>(
        &mut self,
        messages: &[u8],
        receive: impl AsyncFnOnce(&mut Reader, &mut BytesMut) -> Result<T, ConnectError>,
    ) -> Result<T, ConnectError> {
        let Self {
            reader,
            writer,
            input,
        } = self;
        let send = async {
            writer.write_all(messages).await?;
            writer.flush().await?;
            Ok(())
        };
        let ((), received) = tokio::try_join!(send, receive(reader, input))?;
        Ok(received)
    }

    /// Runs the statements in one round trip, and returns the rows of each.
    ///
    /// # Errors
    ///
    /// When the connection breaks. The inner error is that of the first statement that the server rejects.
    pub async fn rows(
        &mut self,
        statements: &[&str],
    ) -> Result<Result<Vec<Rows>, ServerError>, ConnectError> {
        let mut output = BytesMut::new();
        for sql in statements {
            frontend::query(sql, &mut output)?;
        }
        let receive = async |reader: &mut Reader, input: &mut BytesMut| {
            let mut answers = Vec::with_capacity(statements.len());
            for _ in statements {
                answers.push(read_rows(reader, input).await?);
            }
            Ok(answers.into_iter().collect())
        };
        self.exchange(&output, receive).await
    }

    /// Runs statements as one transaction, and returns the rows of those that return any. They are one message, which is a
    /// transaction by itself ([Multiple Statements in a Simple
    /// Query](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT)), behind a pooler as
    /// well that refuses BEGIN.
    ///
    /// # Errors
    ///
    /// When the connection breaks. The inner error is that of the statement that the server rejects.
    pub(crate) async fn rows_together(
        &mut self,
        statements: &[&str],
    ) -> Result<Result<Vec<Rows>, ServerError>, ConnectError> {
        let mut output = BytesMut::new();
        frontend::query(&statements.join("\n;\n"), &mut output)?;
        let receive =
            async |reader: &mut Reader, input: &mut BytesMut| read_results(reader, input).await;
        self.exchange(&output, receive).await
    }

    /// Describes the queries, in as few round trips as the network allows.
    ///
    /// # Errors
    ///
    /// When the connection breaks. A query that the server rejects has its error in its place.
    pub async fn describe(
        &mut self,
        queries: &[&str],
    ) -> Result<Vec<Result<Description, ServerError>>, ConnectError> {
        let queries: Vec<Question<'_>> = queries.iter().map(|sql| (*sql, &[][..])).collect();
        self.describe_typed(&queries).await
    }

    /// Like [`describe`](Self::describe), for queries whose first parameters have the given types.
    ///
    /// # Errors
    ///
    /// When the connection breaks. A query that the server rejects has its error in its place.
    pub(crate) async fn describe_typed(
        &mut self,
        queries: &[Question<'_>],
    ) -> Result<Vec<Result<Description, ServerError>>, ConnectError> {
        let mut answers = Vec::with_capacity(queries.len());
        self.describe_each(queries, |answer| answers.push(answer))
            .await?;
        Ok(answers)
    }

    /// Like [`describe`](Self::describe), but passes each answer on as it arrives, while the server works on the next.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn describe_each(
        &mut self,
        queries: &[Question<'_>],
        mut each: impl FnMut(Result<Description, ServerError>),
    ) -> Result<(), ConnectError> {
        let _set = self.rows(&[PRINT_TREES]).await?;
        let mut output = BytesMut::new();
        for (sql, types) in queries {
            frontend::parse("", sql, types.iter().copied(), &mut output)?;
            frontend::describe(b'S', "", &mut output)?;
            frontend::sync(&mut output);
        }
        let receive = async |reader: &mut Reader, input: &mut BytesMut| {
            for (sql, _) in queries {
                let answer = read_description(reader, input).await?;
                each(answer.map(|description| Description {
                    command: first_word(sql),
                    ..description
                }));
            }
            Ok(())
        };
        self.exchange(&output, receive).await?;
        let _reset = self
            .rows(&["reset client_min_messages; reset debug_print_rewritten"])
            .await?;
        Ok(())
    }
}

/// Reads the answer to one Query of one statement.
async fn read_rows(
    reader: &mut Reader,
    input: &mut BytesMut,
) -> Result<Result<Rows, ServerError>, ConnectError> {
    let results = read_results(reader, input).await?;
    Ok(results.map(|mut results| results.pop().unwrap_or_default()))
}

/// Reads the answer to one Query: the rows of each statement that returns any.
async fn read_results(
    reader: &mut Reader,
    input: &mut BytesMut,
) -> Result<Result<Vec<Rows>, ServerError>, ConnectError> {
    let mut answer = Ok(Vec::new());
    loop {
        match (read_message(reader, input).await?, &mut answer) {
            (Message::RowDescription(_), Ok(results)) => results.push(Rows::default()),
            (Message::DataRow(row), Ok(results)) => {
                if let Some(rows) = results.last_mut() {
                    rows.0.push(row);
                }
            }
            (Message::ErrorResponse(body), _) => answer = Err(server_error(body.fields())?),
            (Message::ReadyForQuery(_), _) => return Ok(answer),
            _ => {}
        }
    }
}

/// Reads the answer to one Parse, Describe, Sync.
async fn read_description(
    reader: &mut Reader,
    input: &mut BytesMut,
) -> Result<Result<Description, ServerError>, ConnectError> {
    let mut answer = Ok(Description::default());
    loop {
        let message = read_message(reader, input).await?;
        match (message, &mut answer) {
            (Message::NoticeResponse(body), Ok(description)) => {
                if let Some(tree) = printed_tree(body.fields())? {
                    description.tree = Some(tree);
                }
            }
            (Message::ParameterDescription(body), Ok(description)) => {
                description.params = body.parameters().collect()?;
            }
            (Message::RowDescription(body), Ok(description)) => {
                let column = |field: postgres_protocol::message::backend::Field<'_>| {
                    Ok(DescribedColumn {
                        name: field.name().to_owned(),
                        type_oid: field.type_oid(),
                        modifier: field.type_modifier(),
                    })
                };
                description.columns = body.fields().map(column).collect()?;
            }
            (Message::ErrorResponse(body), _) => answer = Err(server_error(body.fields())?),
            (Message::ReadyForQuery(_), _) => return Ok(answer),
            _ => {}
        }
    }
}

/// The tree in a notice, if it has one. The message comes before the detail.
fn printed_tree(mut fields: ErrorFields<'_>) -> io::Result<Option<String>> {
    let mut is_tree = false;
    let mut detail = None;
    while let Some(field) = fields.next()? {
        match field.type_() {
            b'M' => is_tree = field.value_bytes().starts_with(b"rewritten parse tree"),
            b'D' if is_tree => {
                // Checking valid UTF-8 is much faster than replacing invalid bytes, and trees are long.
                detail = Some(match str::from_utf8(field.value_bytes()) {
                    Ok(tree) => tree.to_owned(),
                    Err(_) => String::from_utf8_lossy(field.value_bytes()).into_owned(),
                });
            }
            _ => {}
        }
    }
    Ok(detail)
}

pub(super) fn server_error(mut fields: ErrorFields<'_>) -> io::Result<ServerError> {
    let mut error = ServerError::default();
    while let Some(field) = fields.next()? {
        let value = || String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'C' => error.sqlstate = value(),
            b'M' => error.message = value(),
            b'D' => error.detail = Some(value()),
            b'H' => error.hint = Some(value()),
            b'P' => error.position = value().parse().ok(),
            _ => {}
        }
    }
    Ok(error)
}

/// The next message of the server.
pub(super) async fn read_message(
    reader: &mut Reader,
    input: &mut BytesMut,
) -> Result<Message, ConnectError> {
    loop {
        if let Some(message) = Message::parse(input)? {
            return Ok(message);
        }
        if input.remaining() < input.capacity() / 2 {
            input.reserve(64 * 1024);
        }
        if reader.read_buf(input).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
    }
}
