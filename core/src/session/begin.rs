//! Begins sessions: on the first server that fits the settings, with the statements that each is to begin with.

use std::sync::Arc;

use super::{Server, Session};
use crate::{
    Error, ErrorKind,
    connect::{Canceler, Line, Reached, Target, read_unasked},
    settings::Settings,
};

impl Session {
    /// Opens a session on the first server that fits the settings.
    pub(crate) async fn open(settings: &Settings) -> Result<Arc<Self>, Error> {
        let begin = |reached, target| Self::begin(settings, reached, target);
        settings.reach(settings.target.in_turn(), begin).await
    }

    /// Begins a session, if the server fits `target_session_attrs`.
    async fn begin(
        settings: &Settings,
        reached: Reached,
        target: Target,
    ) -> Result<Arc<Self>, Error> {
        let Reached {
            stream,
            welcome,
            place,
        } = reached;
        let (line, reader) = Line::new(stream, &welcome.received);
        tokio::spawn(read_unasked(
            reader,
            settings.inbox.clone(),
            settings.on_notice.clone(),
        ));
        let server = Server::new(|name| welcome.parameters.get(name).map(String::as_str));
        let canceler = Canceler::new(welcome.key, place);
        let session = Self::new(line, server, canceler, settings);
        session.check(target).await?;
        // `on_return` runs here as well, because a mistake in it could not be reported later.
        for sql in [&settings.on_connect, &settings.on_return]
            .into_iter()
            .flatten()
        {
            let begin = async {
                session.script(sql).await?;
                // They must not leave a transaction open.
                session.settle().await
            };
            begin
                .await
                .map_err(|error| error.prefixed("the connection does not begin as it should: "))?;
        }
        Ok(session)
    }

    /// Refuses a session on a server of the wrong kind. PostgreSQL reports its kind at the start; a proxy may not, and
    /// then a query asks for it.
    async fn check(&self, target: Target) -> Result<(), Error> {
        let (question, wanted, known, is) = match target {
            Target::Any | Target::PreferStandby => return Ok(()),
            Target::ReadWrite => (READ_ONLY, "off", self.server().read_only, "is read-only"),
            Target::ReadOnly => (READ_ONLY, "on", self.server().read_only, "is not read-only"),
            Target::Primary => (STANDBY, "off", self.server().standby, "is a standby"),
            Target::Standby => (STANDBY, "on", self.server().standby, "is not a standby"),
        };
        let answer = match known {
            Some(true) => "on".to_owned(),
            Some(false) => "off".to_owned(),
            None => self.ask_between(question).await?.unwrap_or_default(),
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
