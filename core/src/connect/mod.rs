//! Opens connections: tries the hosts of a connection string in order, each with all its addresses and all encryptions
//! that `sslmode` allows, until a server is found that fits the settings.

mod authenticate;
mod cancel;
mod candidates;
mod line;
mod messages;
mod stream;
mod target;
mod unasked;
#[cfg(unix)]
mod unix_socket;

use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::{
    Config,
    config::{Host, LoadBalanceHosts, SslMode},
};

pub(crate) use authenticate::{Password, RequiredAuth};
pub(crate) use cancel::Canceler;
pub(crate) use line::{Feed, Line, Reply};
pub(crate) use messages::{
    Column, HEADER, TextRow, affected, columns, length, malformed, parameters, refusal, rows,
    text_row,
};
pub(crate) use stream::Stream;
pub(crate) use target::Target;
pub(crate) use unasked::{Inbox, read_unasked};

use self::{
    authenticate::{Welcome, authenticate},
    candidates::{Candidate, all_failed},
    stream::Address,
};
#[cfg(feature = "tls")]
use crate::tls::{encrypt, is_about_certificate};
use crate::{
    Error, ErrorKind, executor::deadline::time_after, random::shuffle, settings::Settings, tls::Tls,
};

/// The address of a server and the encryption to use. Each session keeps it for its cancel requests.
pub(crate) struct Place {
    address: Address,
    /// The name that the server's certificate is for.
    hostname: String,
    /// How the connection is encrypted.
    mode: SslMode,
    config: Config,
    tls: Tls,
}

impl Place {
    /// Encrypts the socket if the mode requires it and the server agrees.
    async fn encrypt(&self, socket: Stream) -> Result<Stream, Error> {
        match &self.tls {
            Tls::Off => Ok(socket),
            #[cfg(feature = "tls")]
            Tls::On(connector) => {
                let negotiation = self.config.get_ssl_negotiation();
                encrypt(connector, socket, self.mode, negotiation, &self.hostname).await
            }
        }
    }
}

/// A server that has accepted the connection.
pub(crate) struct Reached {
    pub(crate) stream: Stream,
    pub(crate) welcome: Welcome,
    pub(crate) place: Place,
}

impl Settings {
    /// Calls `make` for the servers that can be reached, until it succeeds. Waits for a server that is starting, within
    /// the connect timeout.
    pub(crate) async fn reach<T, Made>(
        &self,
        targets: &[Target],
        make: impl Fn(Reached, Target) -> Made,
    ) -> Result<T, Error>
    where
        Made: Future<Output = Result<T, Error>>,
    {
        let deadline = time_after(Instant::now(), self.connect_timeout);
        let mut wait = Duration::from_millis(20);
        loop {
            match self.reach_once(targets, &make).await {
                Err(error) if error.sqlstate() == Some("57P03") && Instant::now() < deadline => {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(1));
                }
                done => return done,
            }
        }
    }

    async fn reach_once<T, Made>(
        &self,
        targets: &[Target],
        make: &impl Fn(Reached, Target) -> Made,
    ) -> Result<T, Error>
    where
        Made: Future<Output = Result<T, Error>>,
    {
        let mut candidates = self.candidates()?;
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            shuffle(&mut candidates);
        }
        let mut failures = Vec::new();
        for target in targets {
            for candidate in &candidates {
                let make = |reached| make(reached, *target);
                match self.reach_host(candidate, make).await {
                    Ok(made) => return Ok(made),
                    // The server was reached, but refused the user: like libpq, do not try other hosts.
                    Err(error) if is_final(&error) => return Err(error),
                    Err(error) => failures.push((candidate, error)),
                }
            }
        }
        Err(all_failed(failures))
    }

    async fn reach_host<T, Made>(
        &self,
        candidate: &Candidate,
        make: impl Fn(Reached) -> Made,
    ) -> Result<T, Error>
    where
        Made: Future<Output = Result<T, Error>>,
    {
        let addresses: Vec<Address> = match &candidate.host {
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
            let attempt = async { make(self.attempt(&address, candidate).await?).await };
            let attempted = within(self.connect_timeout, attempt).await;
            match attempted.and_then(|made| made) {
                Ok(made) => return Ok(made),
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| Error::new(ErrorKind::Connection, "the host has no address")))
    }

    /// Authenticates at a server, with the first encryption that it accepts.
    async fn attempt(&self, address: &Address, candidate: &Candidate) -> Result<Reached, Error> {
        let mut modes = match address {
            Address::Tcp(_) => self.modes().iter(),
            // Like in libpq, a unix socket needs no encryption, whatever the mode.
            #[cfg(unix)]
            Address::Unix(_) => [SslMode::Disable].iter(),
        };
        let mut mode = modes.next().copied().unwrap_or(SslMode::Disable);
        loop {
            let next = modes.next().copied();
            let mut place = Place {
                address: address.clone(),
                hostname: candidate.hostname.clone(),
                mode,
                config: self.config.clone(),
                tls: self.tls.clone(),
            };
            let socket = Stream::open(address, &self.config).await;
            let mut stream = match (place.encrypt(socket.map_err(unreachable)?).await, next) {
                (Ok(stream), _) => stream,
                (Err(_), Some(next)) => {
                    mode = next;
                    continue;
                }
                (Err(error), None) => return Err(self.with_way_out(error)),
            };
            place.mode = stream.mode();
            let password = || self.ask_password(&place.hostname, candidate.port);
            let required = &self.required_auth;
            let welcome = authenticate(&mut stream, &self.config, required, password).await;
            match (welcome, next) {
                // `pg_hba.conf` may have an entry for the other encryption.
                (Err(error), Some(next))
                    if next != place.mode && error.sqlstate() == Some("28000") =>
                {
                    mode = next;
                }
                (welcome, _) => {
                    return Ok(Reached {
                        stream,
                        welcome: welcome?,
                        place,
                    });
                }
            }
        }
    }

    /// Adds advice to the error of a certificate, if the settings did not ask for verification.
    #[cold]
    fn with_way_out(&self, error: Error) -> Error {
        #[cfg(feature = "tls")]
        if self.verifies_unasked() && is_about_certificate(&error) {
            return error.followed(
                "; name the server's authority in `sslrootcert`, or write `sslmode=require` to encrypt without \
                 verifying the server",
            );
        }
        error
    }
}

/// Whether the server was reached, and refused the user or the settings.
fn is_final(error: &Error) -> bool {
    error.kind() == ErrorKind::Configuration
        || error
            .sqlstate()
            .is_some_and(|state| state.starts_with("28") || state == "3D000")
}

pub(crate) fn unreachable(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("the server cannot be reached: {error}"),
    )
    .telling(error)
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.map_err(|_| {
        let message = format!("no connection to the server within {limit:?}");
        Error::new(ErrorKind::Connection, message)
    })
}
