//! BEGIN goes with the statement behind it.
//!
//! The driver sends each by itself: the server answers twice, and goes on with the statement though there may be no
//! transaction. If a statement that is bound follows in the same breath, BEGIN is sent as the first messages of that
//! statement instead, so that the server answers once, and passes over the statement if BEGIN failed. The driver is answered
//! as if it had been done as it asked.
//!
//! What is sent for BEGIN stands between two Close messages, of a portal that nobody needs. Their answers tell its answers from
//! those to all else that is on its way: the driver never sends a Close without a Sync behind it.

use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::HEADER;

/// What the driver is to be told of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    AsItIs,
    Nothing,
    /// These messages, and then it.
    Behind(&'static [u8]),
    /// These messages instead.
    Instead(&'static [u8]),
    /// The error that it is, once for BEGIN and once for the statement, which is not run.
    Twice,
}

const CLOSE_COMPLETE: &[u8] = b"3\0\0\0\x04";
/// The server is ready for the next statement, within a transaction.
const READY: &[u8] = b"Z\0\0\0\x05T";
/// The same, without one.
pub(super) const READY_OUTSIDE: &[u8] = b"Z\0\0\0\x05I";

/// The transactions that are being opened.
#[derive(Default)]
pub(super) struct Opening {
    /// How many were sent, and are not answered to their end.
    pub(super) sent: usize,
    at: At,
}

#[derive(Default, Clone, Copy)]
enum At {
    #[default]
    Outside,
    /// Behind an answer to a Close, which may be the driver's.
    Closed,
    Inside,
}

impl Opening {
    /// What the driver is told of the next message, which begins with `tag`.
    pub(super) fn told(&mut self, tag: u8) -> Told {
        let (at, told) = match (self.at, tag) {
            // Notices, notifications and parameters come when they come.
            (_, b'N' | b'A' | b'S') => return Told::AsItIs,
            (At::Outside, b'3') => (At::Closed, Told::Nothing),
            (At::Outside, _) => return Told::AsItIs,
            (At::Closed, b'Z') => (At::Outside, Told::Behind(CLOSE_COMPLETE)),
            (_, b'E') => (At::Outside, Told::Twice),
            (At::Inside, b'3') => (At::Outside, Told::Instead(READY)),
            (_, b'1' | b'2') => (At::Inside, Told::Nothing),
            // A command is complete. Anything else is wrong, which is the driver's to see.
            (at, _) => (at, Told::AsItIs),
        };
        self.at = at;
        if matches!(told, Told::Twice | Told::Instead(_)) {
            self.sent -= 1;
        }
        told
    }
}

/// Whether the simple query at the beginning of `messages`, which has this length, is a BEGIN that goes with what follows it.
pub(super) fn begins(messages: &[u8], length: usize) -> bool {
    matches!(messages.get(length), Some(b'P' | b'B')) && parts(&messages[..length]).is_some()
}

/// The commands of a BEGIN and of the settings behind it, if that is what the simple query `message` is.
fn parts(message: &[u8]) -> Option<impl Iterator<Item = &str>> {
    let sql = message.get(HEADER..)?.strip_suffix(b"\0")?;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" _=;".contains(byte);
    let is_opening = sql.starts_with(b"BEGIN") && sql.iter().all(is_plain);
    let sql = std::str::from_utf8(sql).ok().filter(|_| is_opening)?;
    Some(sql.split(';'))
}

/// What is sent in place of the simple query `message`, before the statement.
pub(super) fn messages(message: &[u8]) -> std::io::Result<BytesMut> {
    let mut messages = BytesMut::with_capacity(128);
    frontend::close(b'P', "", &mut messages)?;
    for part in parts(message).into_iter().flatten() {
        frontend::parse("", part, [], &mut messages)?;
        messages.extend_from_slice(BIND);
        frontend::execute("", 0, &mut messages)?;
    }
    frontend::close(b'P', "", &mut messages)?;
    Ok(messages)
}

/// Binds the unnamed statement to the unnamed portal, without parameters.
const BIND: &[u8] = b"B\0\0\0\x0c\0\0\0\0\0\0\0\0";

#[cfg(test)]
mod tests;
