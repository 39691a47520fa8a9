//! One COPY … FROM STDIN under way, as bytes. Until it is finished the server keeps nothing of it; one
//! that is dropped or fails before that leaves nothing behind.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::SinkExt;
use tokio_postgres::CopyInSink;

use super::{Progress, ProgressFn};
use crate::{
    Error,
    connect::Copying,
    query::Text,
    session::{Session, Turn},
};

pub(crate) struct Sink<'s> {
    // Goes first: the session hears of the end of the data before anything else.
    sink: Pin<Box<CopyInSink<Bytes>>>,
    session: &'s Session,
    turn: Turn<'s>,
    text: Text,
    /// The table's name as the server's messages say it.
    table: String,
    bytes: u64,
    progress: Option<ProgressFn<'s>>,
}

impl<'s> Sink<'s> {
    /// Sends the statement; the server then waits for the data.
    pub(crate) async fn open(
        session: &'s Session,
        text: Text,
        table: &str,
        progress: Option<ProgressFn<'s>>,
    ) -> Result<Self, Error> {
        let (turn, statement) = session
            .turn_to_copy(&text)
            .await
            .map_err(|error| text.blame(error))?;
        let begin = turn.client().copy_in(&statement);
        match session.begin_copy(Copying::In, begin).await {
            Ok(sink) => Ok(Self {
                sink: Box::pin(sink),
                session,
                turn,
                text,
                table: table.to_owned(),
                bytes: 0,
                progress,
            }),
            Err(error) => {
                turn.finish();
                Err(text.blame(session.failed(Error::postgres(error))))
            }
        }
    }

    /// Sends bytes, as soon as there is room for them. `rows` is how many rows there were until now, where
    /// that is known.
    pub(crate) async fn send(&mut self, bytes: Bytes, rows: Option<u64>) -> Result<(), Error> {
        self.bytes += bytes.len() as u64;
        if let Err(error) = self.sink.send(bytes).await {
            return Err(self.failed(error));
        }
        if let Some(progress) = &mut self.progress {
            progress(Progress {
                rows,
                bytes: self.bytes,
            });
        }
        Ok(())
    }

    /// Ends the data, and returns the number of rows that the server took.
    pub(crate) async fn finish(mut self) -> Result<u64, Error> {
        let finished = match self.sink.as_mut().finish().await {
            Ok(rows) => self.committed().await.map(|()| rows),
            Err(error) => Err(error),
        };
        match finished {
            Ok(rows) => {
                self.turn.finish();
                Ok(rows)
            }
            Err(error) => {
                let answered = error.as_db_error().is_some();
                let error = self.failed(error);
                if answered {
                    self.turn.finish();
                }
                Err(error)
            }
        }
    }

    /// Reads on after the number of rows. Outside of a transaction the server commits only then, and may fail to.
    async fn committed(&mut self) -> Result<(), tokio_postgres::Error> {
        match self.sink.as_mut().finish().await {
            // The driver does not know what it sees there when all went well.
            Err(error) if is_unexpected(&error) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Has the server forget all of it, for the reason given.
    pub(crate) async fn abort(self, reason: Error) -> Error {
        let Self {
            sink,
            session,
            turn,
            text,
            ..
        } = self;
        drop(sink);
        turn.finish();
        // An answer to this means that the server has answered what was before it.
        let _ = session.batch("").await;
        text.blame(reason)
    }

    fn failed(&self, error: tokio_postgres::Error) -> Error {
        let place = error
            .as_db_error()
            .and_then(|error| place(error.where_()?, &self.table));
        let mut error = self.session.failed(Error::postgres(error));
        if let Some((row, column)) = place {
            error = error.in_row(row);
            if let Some(column) = column {
                error = error.in_column(column);
            }
        }
        self.text.blame(error)
    }
}

/// Whether an error is that of a message which the driver did not expect, and not the server's or the connection's.
pub(super) fn is_unexpected(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_none() && !error.is_closed()
}

/// The row and column in the server's context `COPY places, line 3, column id: "x"`, which quotes values.
fn place(context: &str, table: &str) -> Option<(u64, Option<String>)> {
    let prefix = format!("COPY {table}, line ");
    let rest = context
        .lines()
        .find_map(|line| line.strip_prefix(&prefix))?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (row, rest) = rest.split_at(digits);
    let column = rest
        .strip_prefix(", column ")
        .map(|rest| rest.split_once(": ").map_or(rest, |(column, _)| column));
    Some((row.parse().ok()?, column.map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_out_of_the_servers_context() {
        let column = |name: &str| Some(name.to_owned());
        for (context, expected) in [
            (
                "COPY t, line 3, column id: \"x, line 9\"",
                Some((3, column("id"))),
            ),
            (
                "PL/pgSQL function f() line 2\nCOPY t, line 12",
                Some((12, None)),
            ),
            ("COPY t, line 7: \"1\t2\"", Some((7, None))),
            (
                "COPY t, line 1, column a, b: null input",
                Some((1, column("a, b"))),
            ),
            ("COPY other, line 3", None),
        ] {
            assert_eq!(place(context, "t"), expected, "{context}");
        }
    }
}
