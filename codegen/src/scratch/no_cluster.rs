//! Replaces `cluster` on systems that are not Unix: starting a server is an error.

use std::path::Path;

use super::error::{Kind, ScratchError};
use super::server::Server;

pub(super) fn start(
    _bin_dir: Option<&Path>,
    _cache_dir: Option<&Path>,
    _settings: &[(String, String)],
) -> Result<Server, ScratchError> {
    Err(Kind::NoUnix.into())
}

#[derive(Debug)]
pub(super) enum Supervisor {}

impl Supervisor {
    pub(super) fn home(&self) -> &Path {
        match *self {}
    }
}
