//! The floor: a blocking client with one connection that only sends and decodes. It has no runtime and no pool, and
//! does only necessary checks. The difference to it is the cost of everything else.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;

use bytes::{BufMut, BytesMut};
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{DataRowBody, Message};
use postgres_protocol::message::frontend;
use tokio_postgres::config::{Config, Host};

use super::rows;
use super::{Case, Entry, Failure, MANY, Peer, Running, entries, next_key};

pub(super) struct Floor {
    wire: Mutex<Wire>,
}

const COPY_ENTRIES: &str = "copy entries (name, quantity) from stdin (format binary)";

/// The size of a read from the socket.
const CHUNK: usize = 1 << 16;

trait Socket: Read + Write + Send {}
impl<T: Read + Write + Send> Socket for T {}

struct Wire {
    socket: Box<dyn Socket>,
    chunk: Box<[u8]>,
    received: BytesMut,
    sent: BytesMut,
}

/// A row of `items`.
#[expect(dead_code, reason = "read, not used")]
struct Item {
    id: i64,
    name: String,
    quantity: i32,
    price: f64,
    active: bool,
    note: Option<String>,
}

impl Wire {
    fn connect(url: &str) -> Result<Self, Failure> {
        let config: Config = url.parse()?;
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let socket: Box<dyn Socket> = match config.get_hosts().first() {
            Some(Host::Unix(folder)) => Box::new(UnixStream::connect(
                folder.join(format!(".s.PGSQL.{port}")),
            )?),
            Some(Host::Tcp(host)) => Box::new(TcpStream::connect((host.as_str(), port))?),
            None => return Err("the URL names no host".into()),
        };
        let mut wire = Self {
            socket,
            chunk: vec![0; CHUNK].into(),
            received: BytesMut::with_capacity(CHUNK),
            sent: BytesMut::new(),
        };
        let user = config.get_user().unwrap_or("postgres");
        let database = config.get_dbname().unwrap_or(user);
        frontend::startup_message([("user", user), ("database", database)], &mut wire.sent)?;
        wire.send()?;
        wire.until_ready(|_| Ok(()))?;
        for (name, sql) in [("item", rows::ITEM), ("items", rows::ITEMS)] {
            frontend::parse(name, sql, [], &mut wire.sent)?;
        }
        frontend::sync(&mut wire.sent);
        wire.send()?;
        wire.until_ready(|_| Ok(()))?;
        Ok(wire)
    }

    fn send(&mut self) -> Result<(), Failure> {
        self.socket.write_all(&self.sent)?;
        self.sent.clear();
        Ok(())
    }

    /// Queues a statement with its one parameter.
    fn queue(&mut self, statement: &str, param: i64) -> Result<(), Failure> {
        let write = |param: i64, out: &mut BytesMut| {
            out.put_i64(param);
            Ok(IsNull::No)
        };
        frontend::bind("", statement, [1], [param], write, [1], &mut self.sent)
            .map_err(|_| "the parameter cannot be sent")?;
        frontend::execute("", 0, &mut self.sent)?;
        frontend::sync(&mut self.sent);
        Ok(())
    }

    /// Reads messages until the server is ready for the next request, and passes each row to `sink`.
    fn until_ready(
        &mut self,
        mut sink: impl FnMut(&DataRowBody) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        loop {
            while let Some(message) = Message::parse(&mut self.received)? {
                match message {
                    Message::DataRow(row) => sink(&row)?,
                    Message::ReadyForQuery(_) => return Ok(()),
                    Message::ErrorResponse(_) => return Err("the server refused".into()),
                    _ => {}
                }
            }
            let read = self.socket.read(&mut self.chunk)?;
            if read == 0 {
                return Err("the connection is closed".into());
            }
            self.received.extend_from_slice(&self.chunk[..read]);
        }
    }

    /// BEGIN and the row in one message, followed by COMMIT.
    fn transaction(&mut self, key: i64) -> Result<Vec<Item>, Failure> {
        frontend::parse("", "begin", [], &mut self.sent)?;
        let no_params = std::iter::empty::<()>();
        frontend::bind(
            "",
            "",
            [],
            no_params,
            |(), _| Ok(IsNull::Yes),
            [],
            &mut self.sent,
        )
        .map_err(|_| "the statement cannot be bound")?;
        frontend::execute("", 0, &mut self.sent)?;
        let items = self.items("item", key)?;
        frontend::query("commit", &mut self.sent)?;
        self.send()?;
        self.until_ready(|_| Ok(()))?;
        Ok(items)
    }

    /// Copies rows in, all in one message.
    fn copy(&mut self, entries: &[Entry]) -> Result<(), Failure> {
        frontend::query(COPY_ENTRIES, &mut self.sent)?;
        let mut data = BytesMut::from(&b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"[..]);
        for entry in entries {
            data.put_i16(2);
            data.put_i32(entry.name.len().try_into()?);
            data.put_slice(entry.name.as_bytes());
            data.put_i32(4);
            data.put_i32(entry.quantity);
        }
        data.put_i16(-1);
        frontend::CopyData::new(data)?.write(&mut self.sent);
        frontend::copy_done(&mut self.sent);
        self.send()?;
        self.until_ready(|_| Ok(()))
    }

    fn items(&mut self, statement: &str, param: i64) -> Result<Vec<Item>, Failure> {
        self.queue(statement, param)?;
        self.send()?;
        self.collect()
    }

    fn collect(&mut self) -> Result<Vec<Item>, Failure> {
        let mut items = Vec::new();
        self.until_ready(|row| {
            items.push(Item::decode(row)?);
            Ok(())
        })?;
        Ok(items)
    }
}

/// The value of the next column, unless it is null.
fn next<'r>(
    row: &'r DataRowBody,
    ranges: &mut impl FallibleIterator<Item = Option<std::ops::Range<usize>>, Error = std::io::Error>,
) -> Result<Option<&'r [u8]>, Failure> {
    let range = ranges.next()?.ok_or("a column is missing")?;
    Ok(range.map(|range| &row.buffer()[range]))
}

impl Item {
    fn decode(row: &DataRowBody) -> Result<Self, Failure> {
        let ranges = &mut row.ranges();
        let mut value = || next(row, ranges)?.ok_or_else(|| Failure::from("null"));
        Ok(Self {
            id: i64::from_be_bytes(value()?.try_into()?),
            name: std::str::from_utf8(value()?)?.to_owned(),
            quantity: i32::from_be_bytes(value()?.try_into()?),
            price: f64::from_be_bytes(value()?.try_into()?),
            active: value()? != [0],
            note: match next(row, ranges)? {
                Some(text) => Some(std::str::from_utf8(text)?.to_owned()),
                None => None,
            },
        })
    }
}

impl Floor {
    pub(super) fn connect(url: &str) -> Result<Self, Failure> {
        Ok(Self {
            wire: Mutex::new(Wire::connect(url)?),
        })
    }

    fn once(&self, case: Case) -> Result<(), Failure> {
        let wire = &mut *self.wire.lock().map_err(|_| "it has panicked")?;
        match case {
            Case::Item => {
                black_box(wire.items("item", next_key())?);
            }
            Case::Items(count) => {
                black_box(wire.items("items", count)?);
            }
            Case::KeysInTurn => {
                for _ in 0..MANY {
                    black_box(wire.items("item", next_key())?);
                }
            }
            Case::KeysAtOnce => {
                for _ in 0..MANY {
                    wire.queue("item", next_key())?;
                }
                wire.send()?;
                for _ in 0..MANY {
                    black_box(wire.collect()?);
                }
            }
            Case::InsertMany(count) => wire.copy(entries(count))?,
            Case::Transaction => {
                black_box(wire.transaction(next_key())?);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Peer for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn run(&self, case: Case, times: usize) -> Option<Running<'_>> {
        let does = matches!(
            case,
            Case::Item
                | Case::Items(_)
                | Case::InsertMany(_)
                | Case::KeysInTurn
                | Case::KeysAtOnce
                | Case::Transaction
        );
        does.then(|| -> Running<'_> {
            Box::pin(async move {
                for _ in 0..times {
                    self.once(case)?;
                }
                Ok(())
            })
        })
    }
}
