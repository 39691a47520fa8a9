//! A plain HTTP client: a connection for each request, JSON both ways.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST, LOCATION};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// What may go wrong on the way, not what the service refuses.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) body: Value,
}

/// Sends a request, with `body` as it is, and waits for the answer.
pub(crate) async fn send(
    service: SocketAddr,
    method: Method,
    path: &str,
    body: String,
) -> Result<Answer, Error> {
    let stream = TcpStream::connect(service).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, service.to_string())
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let location = response.headers().get(LOCATION);
    let location = location
        .map(|value| value.to_str().map(str::to_owned))
        .transpose()?;
    let body = response.into_body().collect().await?.to_bytes();
    drop(sender);
    connection.await??;
    Ok(Answer {
        status,
        location,
        body: serde_json::from_slice(&body)?,
    })
}
