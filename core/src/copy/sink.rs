//! A running COPY … FROM STDIN, as bytes. If it is dropped or fails before it is finished, no row stays in the table.

use std::future::poll_fn;

use bytes::BytesMut;
use tokio::sync::MutexGuard;

use super::{
    Progress, ProgressFn,
    chunk::{CHUNK, Chunk},
};
use crate::{
    Error,
    connect::Feed,
    query::Text,
    session::{Session, Turn, request::Request, response::Response},
};

pub(crate) struct Sink<'s> {
    // Dropped first, so that the end of the data is sent before anything else.
    feed: Feed,
    response: Response,
    chunk: Chunk,
    session: &'s Session,
    turn: Turn<'s>,
    text: Text,
    /// The table's name, as in messages of the server.
    table: String,
    /// The number of bytes sent.
    bytes: u64,
    progress: Option<ProgressFn<'s>>,
    _alone: MutexGuard<'s, ()>,
}

impl<'s> Sink<'s> {
    /// Sends the statement. Data can follow at once.
    pub(crate) async fn open(
        session: &'s Session,
        text: Text,
        table: &str,
        progress: Option<ProgressFn<'s>>,
    ) -> Result<Self, Error> {
        let alone = session.copy_alone().await;
        let begin = async {
            let mut request = Request::new();
            request.copy_in(text.sql())?;
            let turn = session.turn_to_copy().await?;
            let (feed, response) = turn.send_to_feed(&request)?;
            Ok((turn, feed, response))
        };
        let (turn, feed, response) = begin.await.map_err(|error| text.blame(error))?;
        Ok(Self {
            feed,
            response,
            chunk: Chunk::new(),
            session,
            turn,
            text,
            table: table.to_owned(),
            bytes: 0,
            progress,
            _alone: alone,
        })
    }

    /// Waits until the server is ready for data. This is for a caller that has no data yet, so that it gets errors
    /// early.
    pub(crate) async fn begun(mut self) -> Result<Self, Error> {
        match self.response.begin_copy().await {
            Ok(()) => Ok(self),
            Err(error) => Err(self.refused(error)),
        }
    }

    /// The buffer that [`send`](Self::send) sends.
    pub(super) fn data(&mut self) -> &mut BytesMut {
        self.chunk.data()
    }

    /// Whether there is enough data to be sent.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.chunk.is_full()
    }

    /// Sends the data, as soon as there is room for it. `rows` is the number of rows until now, if it is known.
    pub(super) async fn send(&mut self, rows: Option<u64>) -> Result<(), Error> {
        // Yields even if there is room, so that other tasks run, such as the one that reads the server's messages.
        tokio::task::yield_now().await;
        let room = poll_fn(|cx| self.response.poll_room(&self.feed, cx)).await;
        room.map_err(|error| self.failed(error))?;
        self.feed.give(self.chunk.message());
        self.told(rows);
        self.chunk.clear();
        Ok(())
    }

    /// Adds bytes to the data, and sends it when there is enough.
    pub(super) async fn pass(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for part in bytes.chunks(CHUNK) {
            self.data().extend_from_slice(part);
            if self.is_full() {
                self.send(None).await?;
            }
        }
        Ok(())
    }

    /// Sends the rest of the data, and returns the number of rows that the server took.
    pub(super) async fn finish(mut self, rows: Option<u64>) -> Result<u64, Error> {
        self.told(rows);
        self.feed.end(self.chunk.message());
        loop {
            match poll_fn(|cx| self.response.poll_data(cx)).await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(self.refused(error)),
            }
        }
        self.turn.finish();
        Ok(self.response.affected)
    }

    /// Reports the progress, including the data that was added last.
    fn told(&mut self, rows: Option<u64>) {
        self.bytes += self.chunk.len() as u64;
        if let Some(progress) = &mut self.progress
            && self.chunk.len() > 0
        {
            progress(Progress {
                rows,
                bytes: self.bytes,
            });
        }
    }

    /// Makes the COPY fail on the server, and returns the reason.
    pub(super) async fn abort(self, reason: Error) -> Error {
        let Self {
            feed,
            mut response,
            turn,
            text,
            ..
        } = self;
        drop(feed);
        // The COPY has failed, whatever the answer is.
        let _ = response.status().await;
        turn.finish();
        text.blame(reason)
    }

    /// The error of a COPY that the server has rejected.
    fn refused(self, error: Error) -> Error {
        let error = self.failed(error);
        drop(self.feed);
        if error.database().is_some() {
            self.turn.finish();
        }
        error
    }

    fn failed(&self, error: Error) -> Error {
        let context = error.database().and_then(|error| error.where_());
        let place = context.and_then(|context| place(context, &self.table));
        let mut error = self.session.failed(error);
        if error.database().is_some() {
            error = error.in_table(&self.table);
        }
        if let Some((row, column)) = place {
            error = error.in_row(row);
            if let Some(column) = column {
                error = error.in_column(column);
            }
        }
        self.text.blame(error)
    }
}

/// The row and column in the server's context `COPY places, line 3, column id: "x"`, which quotes values. The words for line
/// and column are those of the server's language.
fn place(context: &str, table: &str) -> Option<(u64, Option<String>)> {
    let prefix = format!("COPY {table}");
    let rest = context.lines().find_map(|line| {
        let rest = line.strip_prefix(&prefix)?.strip_prefix([',', '、'])?;
        let (_line, rest) = rest.trim_start().split_once(' ')?;
        rest.starts_with(|c: char| c.is_ascii_digit())
            .then_some(rest)
    })?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (row, rest) = rest.split_at(digits);
    let column = rest.strip_prefix([',', '、']).and_then(|rest| {
        let (_column, rest) = rest.trim_start().split_once(' ')?;
        Some(rest.split_once(": ").map_or(rest, |(column, _)| column))
    });
    let column = column.map(|column| column.trim_end().to_owned());
    Some((row.parse().ok()?, column))
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
            ("COPY t, Zeile 3, Spalte id: »x«", Some((3, column("id")))),
            (
                "COPY t, ligne 3, colonne id : « x »",
                Some((3, column("id"))),
            ),
            ("COPY t, ligne 3 : « 1 »", Some((3, None))),
            ("COPY t、行 3、列 id: \"x\"", Some((3, column("id")))),
        ] {
            assert_eq!(place(context, "t"), expected, "{context}");
        }
    }
}
