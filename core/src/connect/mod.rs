//! Opens sessions: the hosts of a connection string in their order, each address of theirs, and each way to encrypt that
//! `sslmode` allows, until a server is found that is what was asked for.

mod cancel;
mod driver;
mod stream;
mod target;
mod unasked;

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::Instant;
use tokio_postgres::{
    Config,
    config::{Host, LoadBalanceHosts, SslMode},
};

pub(crate) use cancel::Canceler;
pub(crate) use driver::{Inbox, Opened, drive};
pub(crate) use stream::{Address, Stream};
pub(crate) use target::Target;
#[cfg(feature = "tls")]
pub(crate) use unasked::UnaskedTls;
pub(crate) use unasked::{Unasked, type_oid};

use crate::{Error, ErrorKind, random::shuffle, session::Session, settings::Settings, tls::Tls};

/// One way to one server, kept by each session for its cancel requests.
pub(crate) struct Place {
    pub(crate) address: Address,
    /// The name that the server's certificate is for.
    pub(crate) hostname: String,
    pub(crate) config: Config,
    pub(crate) tls: Tls,
}

/// A host of the connection string.
struct Candidate {
    /// What is connected to: a name, an address or a directory.
    host: Host,
    /// What a certificate has to be for.
    hostname: String,
    port: u16,
}

impl Settings {
    /// Opens a session. A server that is just starting is waited for, as long as connecting may take.
    pub(crate) async fn connect(&self) -> Result<Arc<Session>, Error> {
        let deadline = Instant::now() + self.connect_timeout;
        let mut wait = Duration::from_millis(20);
        loop {
            match self.connect_once().await {
                Err(error) if error.sqlstate() == Some("57P03") && Instant::now() < deadline => {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(1));
                }
                done => return done,
            }
        }
    }

    /// Opens a session on the first server that is as asked for.
    async fn connect_once(&self) -> Result<Arc<Session>, Error> {
        let mut candidates = self.candidates()?;
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            shuffle(&mut candidates);
        }
        let mut failures = Vec::new();
        for target in self.target.in_turn() {
            for candidate in &candidates {
                match self.connect_to(candidate, *target).await {
                    Ok(session) => return Ok(session),
                    // The server is there and knows us not: as in libpq, no other is asked.
                    Err(error) if is_final(&error) => return Err(error),
                    Err(error) => failures.push((candidate, error)),
                }
            }
        }
        Err(all_failed(failures))
    }

    /// The hosts with their ports, and the database: what tells pools apart, without user or password.
    pub(crate) fn place(&self) -> String {
        let hosts: Vec<_> = self
            .candidates()
            .unwrap_or_default()
            .iter()
            .map(|candidate| format!("{}:{}", candidate.hostname, candidate.port))
            .collect();
        let database = self.config.get_dbname().unwrap_or_default();
        format!("{}/{database}", hosts.join(","))
    }

    fn candidates(&self) -> Result<Vec<Candidate>, Error> {
        let (hosts, addresses, ports) = (
            self.config.get_hosts(),
            self.config.get_hostaddrs(),
            self.config.get_ports(),
        );
        let count = hosts.len().max(addresses.len());
        if (!addresses.is_empty() && !hosts.is_empty() && addresses.len() != hosts.len())
            || (ports.len() > 1 && ports.len() != count)
        {
            let message =
                "the connection string has different numbers of `host`, `hostaddr` and `port`";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let candidate = |i: usize| {
            let host = match addresses.get(i) {
                Some(address) => Host::Tcp(address.to_string()),
                None => hosts.get(i)?.clone(),
            };
            let hostname = match hosts.get(i).unwrap_or(&host) {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(directory) => directory.display().to_string(),
            };
            let port = ports.get(i).or(ports.first()).copied().unwrap_or(5432);
            Some(Candidate {
                host,
                hostname,
                port,
            })
        };
        Ok((0..count).filter_map(candidate).collect())
    }

    async fn connect_to(
        &self,
        candidate: &Candidate,
        target: Target,
    ) -> Result<Arc<Session>, Error> {
        let addresses = match &candidate.host {
            #[cfg(unix)]
            Host::Unix(directory) => {
                vec![Address::Unix(
                    directory.join(format!(".s.PGSQL.{}", candidate.port)),
                )]
            }
            Host::Tcp(name) => {
                let looked_up = tokio::net::lookup_host((name.as_str(), candidate.port));
                let found = within(self.connect_timeout, looked_up).await?;
                found.map_err(unreachable)?.map(Address::Tcp).collect()
            }
        };
        let mut last = None;
        for address in addresses {
            let attempt = self.attempt(&address, candidate, target);
            let attempted = within(self.connect_timeout, attempt).await;
            match attempted.and_then(|session| session) {
                Ok(session) => return Ok(session),
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| Error::new(ErrorKind::Connection, "the host has no address")))
    }

    async fn attempt(
        &self,
        address: &Address,
        candidate: &Candidate,
        target: Target,
    ) -> Result<Arc<Session>, Error> {
        let hostname = candidate.hostname.as_str();
        let mut modes = match address {
            Address::Tcp(_) => self.modes().iter(),
            // As in libpq, a unix socket needs no encryption, whatever the mode.
            #[cfg(unix)]
            Address::Unix(_) => [SslMode::Disable].iter(),
        };
        let mut mode = modes.next().copied().unwrap_or(SslMode::Disable);
        let opened = loop {
            let stream = Stream::open(address, &self.config)
                .await
                .map_err(unreachable)?;
            let config = self.config_for(mode, hostname, candidate.port);
            let inbox = self.inbox.as_ref();
            let opened = self.tls.open(&config, stream, hostname, inbox).await;
            match (opened, modes.next()) {
                (Ok(opened), _) => break opened,
                (Err(error), Some(next)) if may_differ(&error) => mode = *next,
                (Err(error), _) => return Err(self.unopened(error)),
            }
        };
        let place = Place {
            address: address.clone(),
            hostname: hostname.to_owned(),
            config: self.config.clone(),
            tls: self.tls.clone(),
        };
        let canceler = Canceler {
            token: opened.client.cancel_token(),
            place: Arc::new(place),
        };
        let session = Session::new(opened, canceler, self);
        target.check(&session).await?;
        Ok(session)
    }
}

impl Settings {
    /// Why no session was opened, and the way out if it is that nobody said how to encrypt.
    #[cold]
    fn unopened(&self, error: tokio_postgres::Error) -> Error {
        // What went wrong in a handshake is not in tokio-postgres' own message.
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let cause = cause.filter(|_| error.as_db_error().is_none());
        let error = Error::postgres(error);
        let Some(cause) = cause.filter(|cause| !error.to_string().contains(cause.as_str())) else {
            return error;
        };
        let way_out = match self.verifies_unasked() && cause.contains("certificate") {
            true => {
                "; name the server's authority in `sslrootcert`, or write `sslmode=require` to encrypt without \
                 verifying whom one talks to"
            }
            false => "",
        };
        error.followed(&format!(": {cause}{way_out}"))
    }
}

/// Whether another way to encrypt might be let in: the handshake failed, or `pg_hba.conf` has no entry.
fn may_differ(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => *code == tokio_postgres::error::SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        None => true,
    }
}

/// Whether the server was reached, and refused for who we are.
fn is_final(error: &Error) -> bool {
    error
        .sqlstate()
        .is_some_and(|state| state.starts_with("28") || state == "3D000")
}

fn unreachable(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("the server cannot be reached: {error}"),
    )
    .caused_by(error)
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.map_err(|_| {
        let message = format!("no connection to the server within {limit:?}");
        Error::new(ErrorKind::Connection, message)
    })
}

/// One error for all hosts, as each may have failed for another reason.
fn all_failed(mut failures: Vec<(&Candidate, Error)>) -> Error {
    let Some((candidate, last)) = failures.pop() else {
        return Error::new(
            ErrorKind::Configuration,
            "the connection string names no host",
        );
    };
    let mut before: String = failures
        .iter()
        .map(|(candidate, error)| format!("{candidate}: {error}; "))
        .collect();
    before.push_str(&format!("{candidate}: "));
    last.prefixed(&before)
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.hostname, self.port)
    }
}
