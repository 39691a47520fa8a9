//! The hosts of a connection string.

use std::fmt;

use tokio_postgres::config::Host;

use crate::{Error, ErrorKind, settings::Settings};

/// A host of the connection string.
pub(super) struct Candidate {
    /// What to connect to: a name, an address or a directory.
    pub(super) host: Host,
    /// The name that the certificate must be for.
    pub(super) hostname: String,
    pub(super) port: u16,
}

impl Settings {
    /// The hosts with their ports, and the database, without user or password. It identifies a pool.
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

    /// The hosts, in order.
    pub(super) fn candidates(&self) -> Result<Vec<Candidate>, Error> {
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
}

/// One error for all hosts, because each can fail for another reason.
pub(super) fn all_failed(mut failures: Vec<(&Candidate, Error)>) -> Error {
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
