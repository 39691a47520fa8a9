//! Settings that the connection string does not have: libpq's environment variables, and the services in files
//! ([Environment Variables](https://www.postgresql.org/docs/current/libpq-envars.html), [The Connection Service
//! File](https://www.postgresql.org/docs/current/libpq-pgservice.html)).

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::user_files;
use crate::{Error, ErrorKind};

/// The variables that are read, and the options of a connection string that they stand for.
const VARIABLES: &[(&str, &str)] = &[
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
];

/// The environment of the program; tests have their own.
pub(super) struct Surroundings<'e> {
    pub(super) variable: &'e dyn Fn(&str) -> Option<String>,
    /// The default folder of the user's files.
    pub(super) user_files: Option<PathBuf>,
}

impl Surroundings<'_> {
    /// The environment of this process.
    pub(super) fn of_process() -> Self {
        Self {
            variable: &|name| env::var(name).ok(),
            user_files: user_files::folder(),
        }
    }

    /// No variables and no files.
    pub(super) fn none() -> Self {
        Self {
            variable: &|_| None,
            user_files: None,
        }
    }

    /// The options that the variables stand for.
    pub(super) fn options(&self) -> Vec<(&'static str, Zeroizing<String>)> {
        let given = |(variable, option): &(&str, &'static str)| {
            let value = Zeroizing::new((self.variable)(variable)?);
            (!value.is_empty()).then_some((*option, value))
        };
        VARIABLES.iter().filter_map(given).collect()
    }

    /// The service to use if the connection string names none.
    pub(super) fn service(&self) -> Option<String> {
        (self.variable)("PGSERVICE").filter(|service| !service.is_empty())
    }

    /// The options of a service, from the user's file, or else from the system's.
    ///
    /// # Errors
    ///
    /// When no file has the service, or the one that has it is malformed.
    pub(super) fn options_of_service(&self, name: &str) -> Result<Section, Error> {
        let own = (self.variable)("PGSERVICEFILE").map(PathBuf::from);
        let own = own.or_else(|| Some(user_files::services(self.user_files.as_ref()?)));
        let system = (self.variable)("PGSYSCONFDIR")
            .map(|directory| Path::new(&directory).join("pg_service.conf"));
        for path in [own, system].into_iter().flatten() {
            let Ok(text) = fs::read_to_string(&path).map(Zeroizing::new) else {
                continue;
            };
            if let Some(options) = section(&text, name).map_err(|line| {
                wrong(format!("`{}` is malformed in line {line}", path.display()))
            })? {
                return Ok(options);
            }
        }
        Err(wrong(format!("no service file has a service `{name}`")))
    }
}

/// Options of a service, which can contain a password.
type Section = Vec<(String, Zeroizing<String>)>;

/// The options under `[name]`, or the number of a malformed line.
fn section(text: &str, name: &str) -> Result<Option<Section>, usize> {
    let mut found: Option<Section> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            if header.strip_suffix(']').ok_or(number + 1)? == name {
                found = Some(Vec::new());
            }
        } else if let Some(options) = &mut found {
            let (key, value) = line.split_once('=').ok_or(number + 1)?;
            let value = Zeroizing::new(value.trim().to_owned());
            options.push((key.trim().to_owned(), value));
        }
    }
    Ok(found)
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_among_others() {
        let text = "# comment\n[other]\nhost=a\n\n[mine]\n host = b \nport=5433\n[later]\nnonsense";
        let options = section(text, "mine").unwrap().unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), Zeroizing::new(value.to_owned()));
        assert_eq!(options, [pair("host", "b"), pair("port", "5433")]);
        assert_eq!(section(text, "none"), Ok(None));
        assert_eq!(section("[mine]\nhost", "mine"), Err(2));
    }
}
