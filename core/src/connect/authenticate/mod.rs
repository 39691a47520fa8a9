//! Starts a session and authenticates
//! ([Start-up](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP), [SASL
//! Authentication](https://www.postgresql.org/docs/current/sasl-authentication.html)). Memory that held a password is
//! wiped.

mod md5;
mod prepared;
mod required;
mod scram;

use std::{collections::HashMap, io};

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::{
    backend::{AuthenticationSaslBody, Message},
    frontend,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::{Config, config::ChannelBinding};
use zeroize::Zeroizing;

pub(crate) use self::required::RequiredAuth;
use self::{
    md5::hashed,
    required::Method,
    scram::{Begun, Binding},
};
use super::{
    messages::{HEADER, length, refusal},
    stream::Stream,
    unreachable,
};
use crate::{Error, ErrorKind};

/// A password, in memory that is wiped when it is dropped.
pub(crate) type Password = Zeroizing<Vec<u8>>;

/// What a server sends after a successful authentication.
#[derive(Default)]
pub(crate) struct Welcome {
    /// The settings that it reports (`ParameterStatus`), with their values.
    pub(crate) parameters: HashMap<String, String>,
    /// Identifies the session in cancel requests.
    pub(crate) key: CancelKey,
    /// Notices, and bytes that were read after the start-up.
    pub(crate) received: BytesMut,
}

/// The contents of a cancel request: the server's process, and a secret.
#[derive(Clone, Copy, Default)]
pub(crate) struct CancelKey {
    pub(crate) process_id: i32,
    pub(crate) secret: i32,
}

/// Starts a session as `config` says, and authenticates by one of the accepted methods. `password` is called when the
/// server asks for the password.
///
/// # Errors
///
/// The server's error, if it refuses the connection.
pub(super) async fn authenticate<F>(
    stream: &mut Stream,
    config: &Config,
    required: &RequiredAuth,
    password: impl Fn() -> F + Send + Sync,
) -> Result<Welcome, Error>
where
    F: Future<Output = Result<Option<Password>, Error>> + Send,
{
    let conversation = Conversation {
        stream,
        config,
        required,
        password,
        read: BytesMut::with_capacity(1024),
        notices: BytesMut::new(),
    };
    conversation.hold().await
}

struct Conversation<'a, P> {
    stream: &'a mut Stream,
    config: &'a Config,
    required: &'a RequiredAuth,
    password: P,
    /// Bytes that were read and are not parsed yet.
    read: BytesMut,
    /// The server's notices.
    notices: BytesMut,
}

impl<P, F> Conversation<'_, P>
where
    P: Fn() -> F + Send + Sync,
    F: Future<Output = Result<Option<Password>, Error>> + Send,
{
    async fn hold(mut self) -> Result<Welcome, Error> {
        self.start().await?;
        let request = self.next().await?;
        self.check(&request)?;
        match request {
            Message::AuthenticationOk => return self.welcome().await,
            Message::AuthenticationCleartextPassword => {
                let password = self.password().await?;
                self.say(&password).await?;
            }
            Message::AuthenticationMd5Password(body) => {
                let user = self.config.get_user().unwrap_or_default();
                let hashed = hashed(&self.password().await?, user, body.salt());
                self.say(&hashed).await?;
            }
            Message::AuthenticationSasl(body) => self.prove(&body).await?,
            _ => {
                let what =
                    "it asks for a way to authenticate that howdah does not have, such as GSSAPI";
                return Err(wrong(what));
            }
        }
        match self.next().await? {
            Message::AuthenticationOk => self.welcome().await,
            _ => Err(unexpected()),
        }
    }

    /// Reads the server's messages after a successful authentication, until it is ready for a query.
    async fn welcome(mut self) -> Result<Welcome, Error> {
        let mut welcome = Welcome::default();
        loop {
            match self.next().await? {
                Message::ParameterStatus(body) => {
                    let name = body.name().map_err(malformed)?.to_owned();
                    let value = body.value().map_err(malformed)?.to_owned();
                    welcome.parameters.insert(name, value);
                }
                Message::BackendKeyData(body) => {
                    welcome.key = CancelKey {
                        process_id: body.process_id(),
                        secret: body.secret_key(),
                    };
                }
                Message::ReadyForQuery(_) => break,
                _ => return Err(unexpected()),
            }
        }
        self.notices.unsplit(self.read);
        welcome.received = self.notices;
        Ok(welcome)
    }

    /// Checks that the authentication method that the server asks for is accepted.
    fn check(&self, request: &Message) -> Result<(), Error> {
        let method = match request {
            Message::AuthenticationOk => Method::None,
            Message::AuthenticationCleartextPassword => Method::Password,
            Message::AuthenticationMd5Password(_) => Method::Md5,
            Message::AuthenticationSasl(_) => Method::ScramSha256,
            Message::AuthenticationGss => Method::Gss,
            Message::AuthenticationSspi => Method::Sspi,
            _ => return Err(unexpected()),
        };
        if !self.required.accepts(method) {
            let name = method.name();
            return Err(wrong(&format!(
                "`require_auth` does not accept its way to authenticate, `{name}`"
            )));
        }
        // With any other method, an impostor could accept the client without knowing the password.
        let binds = self.config.get_channel_binding() == ChannelBinding::Require;
        match binds && method != Method::ScramSha256 {
            true => Err(unbound()),
            false => Ok(()),
        }
    }

    async fn start(&mut self) -> Result<(), Error> {
        let config = self.config;
        let parameters = [
            ("client_encoding", Some("UTF8")),
            ("user", config.get_user()),
            ("database", config.get_dbname()),
            ("options", config.get_options()),
            ("application_name", config.get_application_name()),
        ];
        let given = parameters
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let mut message = BytesMut::new();
        frontend::startup_message(given, &mut message).map_err(|error| {
            let message = "a value of the connection string contains a zero byte";
            Error::new(ErrorKind::Configuration, message).caused_by(error)
        })?;
        self.send(&message).await
    }

    /// SCRAM, with channel binding if both sides support it.
    async fn prove(&mut self, offered: &AuthenticationSaslBody) -> Result<(), Error> {
        let mechanisms: Vec<&str> = offered.mechanisms().collect().map_err(malformed)?;
        let bound = ChannelBinding::Disable != self.config.get_channel_binding();
        let hash = self.stream.binding().filter(|_| bound);
        let (mechanism, binding) = match (hash, mechanisms.contains(&"SCRAM-SHA-256-PLUS")) {
            (Some(hash), true) => ("SCRAM-SHA-256-PLUS", Binding::Certificate(hash)),
            (Some(_), false) => ("SCRAM-SHA-256", Binding::NotOffered),
            (None, _) => ("SCRAM-SHA-256", Binding::Unsupported),
        };
        if !mechanisms.contains(&mechanism) {
            let offered = mechanisms.join(", ");
            return Err(wrong(&format!("it offers no SCRAM-SHA-256, but {offered}")));
        }
        let is_bound = matches!(binding, Binding::Certificate(_));
        if !is_bound && self.config.get_channel_binding() == ChannelBinding::Require {
            return Err(unbound());
        }
        let password = self.password().await?;

        let begun = Begun::new(binding);
        let mut message = BytesMut::new();
        frontend::sasl_initial_response(mechanism, begun.message().as_bytes(), &mut message)
            .map_err(malformed)?;
        self.send(&message).await?;
        let Message::AuthenticationSaslContinue(challenge) = self.next().await? else {
            return Err(unexpected());
        };
        let proven = begun.prove(&password, challenge.data()).await;
        let proven =
            proven.map_err(|reason| wrong(&format!("its SCRAM challenge is wrong: {reason}")))?;
        message.clear();
        frontend::sasl_response(proven.message().as_bytes(), &mut message).map_err(malformed)?;
        self.send(&message).await?;
        match self.next().await? {
            Message::AuthenticationSaslFinal(last) if proven.accepts(last.data()) => Ok(()),
            Message::AuthenticationSaslFinal(_) => Err(wrong(
                "it does not prove that it knows the password, so that it may be another",
            )),
            _ => Err(unexpected()),
        }
    }

    async fn password(&self) -> Result<Password, Error> {
        (self.password)().await?.ok_or_else(|| {
            Error::new(
                ErrorKind::Configuration,
                "the server asks for a password, and none was given: put it in the connection string, in `PGPASSWORD`, or in \
                 the password file",
            )
        })
    }

    /// Sends a password, or a hash of it.
    async fn say(&mut self, password: &[u8]) -> Result<(), Error> {
        if password.contains(&0) {
            let message = "the password contains a zero byte, which the server cannot read";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let length = u32::try_from(4 + password.len() + 1).map_err(malformed)?;
        let mut message = Zeroizing::new(Vec::with_capacity(1 + length as usize));
        message.push(b'p');
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(password);
        message.push(0);
        self.send(&message).await
    }

    async fn send(&mut self, message: &[u8]) -> Result<(), Error> {
        self.stream.write_all(message).await.map_err(unreachable)?;
        self.stream.flush().await.map_err(unreachable)
    }

    /// The server's next message, other than notices.
    async fn next(&mut self) -> Result<Message, Error> {
        loop {
            let bytes = self.message().await?;
            match Message::parse(&mut bytes.clone()).map_err(malformed)? {
                // An impostor must not be able to fill the memory.
                Some(Message::NoticeResponse(_)) if self.notices.len() < LONGEST => {
                    self.notices.extend_from_slice(&bytes);
                }
                Some(Message::ErrorResponse(_)) => return Err(refusal(&bytes)),
                Some(message) => return Ok(message),
                None => return Err(unexpected()),
            }
        }
    }

    /// The next message.
    async fn message(&mut self) -> Result<BytesMut, Error> {
        loop {
            if let Some(header) = self.read.first_chunk() {
                let length = length(header);
                if !(HEADER..=LONGEST).contains(&length) {
                    return Err(unexpected());
                }
                if length <= self.read.len() {
                    return Ok(self.read.split_to(length));
                }
            }
            let read = self.stream.read_buf(&mut self.read).await;
            if read.map_err(unreachable)? == 0 {
                return Err(unreachable(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }
}

/// The longest message that is accepted before the server has authenticated itself. libpq accepts errors of 30,000
/// bytes.
const LONGEST: usize = 1 << 16;

#[cold]
fn unbound() -> Error {
    wrong(
        "it does not bind the authentication to the encryption, which `channel_binding=require` demands",
    )
}

#[cold]
fn unexpected() -> Error {
    wrong("it does not answer as PostgreSQL does")
}

#[cold]
fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    unexpected().caused_by(error)
}

/// An error about the server, which the text calls `it`.
#[cold]
fn wrong(what: &str) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("the server was reached, but {what}"),
    )
}
