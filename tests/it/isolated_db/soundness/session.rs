//! The connection that queries are tried on. PostgreSQL has faults of its own: a statement that brings the server down says
//! nothing of the analysis, so the session waits until the server is back, connects again and counts what happened.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, Row, Statement};

/// What every statement runs under. What is committed must be there after a crash.
const SETTINGS: &str =
    "set client_min_messages = error; set jit = off; set synchronous_commit = on";

/// When the server last began to work: the process is started anew after a crash, unlike the one that clients find.
const BEGAN: &str =
    "select backend_start::text from pg_stat_activity where backend_type = 'checkpointer'";

/// How long a server may take to come back.
const RECOVERY: Duration = Duration::from_secs(60);

/// Why a statement gave nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server refused it.
    Refused(tokio_postgres::Error),
    /// The server crashed, or another session's statement crashed it. This session is a new one.
    Crashed,
}

/// A connection that is replaced when the server has crashed.
pub(super) struct Session {
    runtime: Runtime,
    url: String,
    client: RefCell<Client>,
    /// When the server began to work that the connection is to.
    began: RefCell<String>,
    /// Statements by their SQL.
    prepared: RefCell<HashMap<String, Statement>>,
    /// What sets the role, which a new connection needs again.
    role: RefCell<String>,
    crashes: Cell<usize>,
}

impl Session {
    pub(super) fn open(url: String) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (client, began) = runtime.block_on(connect(&url)).unwrap();
        Self {
            runtime,
            url,
            client: RefCell::new(client),
            began: RefCell::new(began),
            prepared: RefCell::default(),
            role: RefCell::new("reset role".to_owned()),
            crashes: Cell::new(0),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How often the server has crashed.
    pub(super) fn crashes(&self) -> usize {
        self.crashes.get()
    }

    /// Runs statements that return nothing.
    pub(super) fn run(&self, sql: &str) -> Result<(), Failure> {
        self.attempt(async |client| client.batch_execute(sql).await)
    }

    /// Runs statements that the server does not refuse, again if it crashes meanwhile.
    #[track_caller]
    pub(super) fn certainly(&self, sql: &str) {
        loop {
            match self.run(sql) {
                Ok(()) => return,
                Err(Failure::Crashed) => {}
                Err(Failure::Refused(error)) => panic!("{error:?}: {sql}"),
            }
        }
    }

    /// Runs statements as the role that `sql` sets, from now on.
    pub(super) fn set_role(&self, sql: &str) {
        sql.clone_into(&mut self.role.borrow_mut());
        self.certainly(sql);
    }

    /// Does something with the connection.
    pub(super) fn attempt<T>(
        &self,
        work: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let result = self.runtime.block_on(work(&self.client.borrow()));
        result.map_err(|error| match self.has_lost(&error) {
            true => {
                self.crashes.set(self.crashes.get() + 1);
                self.reconnect();
                Failure::Crashed
            }
            false => Failure::Refused(error),
        })
    }

    /// Whether the error means that the connection is gone.
    fn has_lost(&self, error: &tokio_postgres::Error) -> bool {
        let says_so = match error.code() {
            Some(code) => [
                SqlState::CRASH_SHUTDOWN,
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
            ]
            .contains(code),
            // The server said nothing of it.
            None => true,
        };
        let ask = async |client: &Client| client.batch_execute("").await;
        says_so && self.runtime.block_on(ask(&self.client.borrow())).is_err()
    }

    /// Connects again, as soon as the server has begun anew. Right after a crash it may still take connections, to close them.
    fn reconnect(&self) {
        self.prepared.borrow_mut().clear();
        let end = Instant::now() + RECOVERY;
        let again = async {
            loop {
                match connect(&self.url).await {
                    Ok((client, began)) if began != *self.began.borrow() => return (client, began),
                    tried if Instant::now() > end => {
                        panic!("the server has not come back: {:?}", tried.err())
                    }
                    _ => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        let (client, began) = self.runtime.block_on(again);
        self.client.replace(client);
        self.began.replace(began);
        let role = self.role.borrow().clone();
        self.certainly(&role);
    }

    /// The prepared statement, once for each SQL until [`forget`](Self::forget).
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement, Failure> {
        if let Some(known) = self.prepared.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.attempt(async |client| client.prepare(sql).await)?;
        let mut prepared = self.prepared.borrow_mut();
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Closes the prepared statements: what they name is no longer there.
    pub(super) fn forget(&self) {
        self.prepared.borrow_mut().clear();
    }

    /// The first row of a query.
    pub(super) fn row(&self, sql: &str) -> Row {
        self.attempt(async |client| client.query_one(sql, &[]).await)
            .unwrap()
    }
}

/// A connection, and when the server that it is to began to work.
async fn connect(url: &str) -> Result<(Client, String), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(SETTINGS).await?;
    let began = client.query_one(BEGAN, &[]).await?.get(0);
    Ok((client, began))
}
