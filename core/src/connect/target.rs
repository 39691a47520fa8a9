//! `target_session_attrs`: which of several servers to use, according to the parameters that each reports at the start
//! of a session.

use crate::{Error, ErrorKind};

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
    pub(crate) fn in_turn(self) -> &'static [Self] {
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
}
