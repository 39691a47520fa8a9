//! libpq's [`require_auth`](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-REQUIRE-AUTH): the
//! authentication methods that the server may use, so that an impostor cannot ask for a password in plain text.

use crate::{Error, ErrorKind};

/// An authentication method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// The server asks for nothing.
    None,
    Password,
    Md5,
    ScramSha256,
    Gss,
    Sspi,
}

impl Method {
    const ALL: [Self; 6] = [
        Self::None,
        Self::Password,
        Self::Md5,
        Self::ScramSha256,
        Self::Gss,
        Self::Sspi,
    ];

    /// Its name in `require_auth`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::Md5 => "md5",
            Self::ScramSha256 => "scram-sha-256",
            Self::Gss => "gss",
            Self::Sspi => "sspi",
        }
    }
}

/// The accepted methods: all, unless some were named.
#[derive(Clone, Debug)]
pub(crate) struct RequiredAuth(Vec<Method>);

impl Default for RequiredAuth {
    fn default() -> Self {
        Self(Method::ALL.to_vec())
    }
}

impl RequiredAuth {
    /// Parses the names of accepted methods, or, each after a `!`, of those that are not accepted.
    pub(crate) fn parse(value: &str) -> Result<Self, Error> {
        let names: Vec<&str> = value.split(',').map(str::trim).collect();
        let excludes = names[0].starts_with('!');
        let method = |name: &&str| {
            let name = match excludes {
                true => name.strip_prefix('!')?.trim_start(),
                false => name,
            };
            Method::ALL.into_iter().find(|method| method.name() == name)
        };
        let named: Option<Vec<Method>> = names.iter().map(method).collect();
        let named = named.ok_or_else(|| {
            let message = "`require_auth` must be a list of none, password, md5, scram-sha-256, gss, sspi, \
                           or of the same with a `!` before each";
            Error::new(ErrorKind::Configuration, message)
        })?;
        let accepted = Method::ALL
            .into_iter()
            .filter(|method| named.contains(method) != excludes);
        Ok(Self(accepted.collect()))
    }

    pub(super) fn accepts(&self, method: Method) -> bool {
        self.0.contains(&method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_libpq_reads_it() {
        let accepted = |value| RequiredAuth::parse(value).ok().map(|required| required.0);
        use Method::*;
        assert_eq!(accepted("scram-sha-256"), Some(vec![ScramSha256]));
        assert_eq!(accepted("none, md5"), Some(vec![None, Md5]));
        assert_eq!(
            accepted("!password,!md5"),
            Some(vec![None, ScramSha256, Gss, Sspi])
        );
        for wrong in ["", "scram", "md5,", "md5,!none", "!md5,none", "!"] {
            assert_eq!(accepted(wrong), Option::None, "{wrong}");
        }
    }
}
