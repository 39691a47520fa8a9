//! `target_session_attrs`: which of several servers to use, according to the parameters that each reports at the start
//! of a session.

use crate::{Error, ErrorKind, session::Session};

/// libpq's `target_session_attrs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    #[default]
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

impl Target {
    pub(crate) fn parse(value: &str) -> Result<Self, Error> {
        Ok(match value {
            "any" => Self::Any,
            "read-write" => Self::ReadWrite,
            "read-only" => Self::ReadOnly,
            "primary" => Self::Primary,
            "standby" => Self::Standby,
            "prefer-standby" => Self::PreferStandby,
            _ => {
                let message = "`target_session_attrs` must be one of any, read-write, read-only, \
                               primary, standby, prefer-standby";
                return Err(Error::new(ErrorKind::Configuration, message));
            }
        })
    }

    /// The kinds of server to look for among all hosts, one after the other.
    pub(super) fn in_turn(self) -> &'static [Self] {
        match self {
            Self::Any => &[Self::Any],
            Self::ReadWrite => &[Self::ReadWrite],
            Self::ReadOnly => &[Self::ReadOnly],
            Self::Primary => &[Self::Primary],
            Self::Standby => &[Self::Standby],
            Self::PreferStandby => &[Self::Standby, Self::Any],
        }
    }

    /// Whether connections to a server that becomes read-only must be closed.
    pub(crate) fn needs_writes(self) -> bool {
        matches!(self, Self::ReadWrite | Self::Primary)
    }

    /// Refuses a session on a server of the wrong kind. PostgreSQL reports its kind at the start; a proxy may not, and
    /// then a query asks for it.
    pub(super) async fn check(self, session: &Session) -> Result<(), Error> {
        let (question, wanted, known, is) = match self {
            Self::Any | Self::PreferStandby => return Ok(()),
            Self::ReadWrite => (READ_ONLY, "off", session.server().read_only, "is read-only"),
            Self::ReadOnly => (
                READ_ONLY,
                "on",
                session.server().read_only,
                "is not read-only",
            ),
            Self::Primary => (STANDBY, "off", session.server().standby, "is a standby"),
            Self::Standby => (STANDBY, "on", session.server().standby, "is not a standby"),
        };
        let answer = match known {
            Some(true) => "on".to_owned(),
            Some(false) => "off".to_owned(),
            None => session.ask_between(question).await?.unwrap_or_default(),
        };
        match answer == wanted {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Connection,
                format!("the server {is}"),
            )),
        }
    }
}

const READ_ONLY: &str = "show transaction_read_only";
const STANDBY: &str = "select case when pg_is_in_recovery() then 'on' else 'off' end";
