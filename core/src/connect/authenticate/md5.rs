//! PostgreSQL's older way to hash passwords
//! ([`md5`](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP)).

use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::Password;

/// The hash that is sent: of the salt and of the hash of password and user that the server stores.
pub(super) fn hashed(password: &[u8], user: &str, salt: [u8; 4]) -> Password {
    let hash = |parts: [&[u8]; 2]| {
        let mut hash = Md5::new();
        parts.iter().for_each(|part| hash.update(part));
        Zeroizing::new(<[u8; 16]>::from(hash.finalize()))
    };
    let kept = hexadecimal(&*hash([password, user.as_bytes()]));
    let mut sent = Zeroizing::new(Vec::with_capacity(35));
    sent.extend_from_slice(b"md5");
    sent.extend_from_slice(&hexadecimal(&*hash([&kept, &salt])));
    sent
}

fn hexadecimal(bytes: &[u8]) -> Password {
    let mut text = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    let digit = |nibble: u8| b"0123456789abcdef"[usize::from(nibble)];
    text.extend(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_tokio_postgres_would_send() {
        let expected = postgres_protocol::authentication::md5_hash(b"me", b"secret", [1, 2, 3, 4]);
        assert_eq!(
            *hashed(b"secret", "me", [1, 2, 3, 4]),
            expected.into_bytes()
        );
    }
}
