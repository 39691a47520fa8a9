//! Asks a server whether it supports encryption, and does the TLS handshake ([SSL Session
//! Encryption](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL)).

use std::io;

use bytes::BytesMut;
use postgres_protocol::message::frontend;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    Error, ErrorKind,
    connect::{Stream, unreachable},
};

/// The name of PostgreSQL's protocol in ALPN.
pub(super) const PROTOCOL: &[u8] = b"postgresql";

/// Encrypts `socket`, if the mode says so and the server agrees. The certificate must be for `hostname`.
pub(crate) async fn encrypt(
    connector: &TlsConnector,
    mut socket: Stream,
    mode: SslMode,
    negotiation: SslNegotiation,
    hostname: &str,
) -> Result<Stream, Error> {
    let asks = negotiation == SslNegotiation::Postgres;
    if mode == SslMode::Disable || (asks && !is_offered(&mut socket, mode).await?) {
        return Ok(socket);
    }
    let encrypted = shake_hands(connector, socket, hostname).await;
    let encrypted = encrypted.map_err(|error| {
        let message = format!("the connection cannot be encrypted: {error}");
        Error::new(ErrorKind::Connection, message).telling(error)
    })?;
    // A server that was not asked first could speak another protocol.
    if !asks && encrypted.get_ref().1.alpn_protocol() != Some(PROTOCOL) {
        let message = "the server does not say that it speaks PostgreSQL's protocol, as `sslnegotiation=direct` demands";
        return Err(Error::new(ErrorKind::Connection, message));
    }
    Ok(Stream::Encrypted(Box::new(encrypted)))
}

/// Whether the server's certificate is what is wrong.
#[cold]
pub(crate) fn is_about_certificate(error: &Error) -> bool {
    let tls = error
        .downcast_ref::<io::Error>()
        .and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

/// Asks the server. Only its answer of one byte is read, so that no unencrypted data is taken for encrypted data.
async fn is_offered(socket: &mut Stream, mode: SslMode) -> Result<bool, Error> {
    let mut request = BytesMut::new();
    frontend::ssl_request(&mut request);
    socket.write_all(&request).await.map_err(unreachable)?;
    match socket.read_u8().await.map_err(unreachable)? {
        b'S' => Ok(true),
        b'N' if mode == SslMode::Prefer => Ok(false),
        b'N' => Err(Error::new(
            ErrorKind::Connection,
            "the server does not support TLS, which the connection string demands; `sslmode=disable` connects without",
        )),
        // A further message, such as an error, cannot be trusted before the server is verified.
        _ => Err(Error::new(
            ErrorKind::Connection,
            "the server answers the request to encrypt with an error; its log says more",
        )),
    }
}

async fn shake_hands(
    connector: &TlsConnector,
    socket: Stream,
    hostname: &str,
) -> io::Result<TlsStream<Stream>> {
    let name = ServerName::try_from(hostname.to_owned());
    let name = name.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    connector.connect(name, socket).await
}
