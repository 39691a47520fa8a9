//! SCRAM-SHA-256 ([RFC 5802](https://www.rfc-editor.org/rfc/rfc5802), [RFC
//! 7677](https://www.rfc-editor.org/rfc/rfc7677)): each side proves to the other that it knows the password, or a value
//! derived from it, and neither sends it. Values derived from the password are wiped, too, except the proof, which is
//! sent and does not reveal it.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::prepared::prepared;

type HmacSha256 = Hmac<Sha256>;

/// A key or a hash.
type Key = Zeroizing<[u8; 32]>;

/// The channel binding, which keeps someone between client and server from relaying the authentication.
pub(super) enum Binding {
    /// None, because this side does not support it.
    Unsupported,
    /// None, because the server does not offer it. The server is told that this side supports it, so that it notices if
    /// someone removed its offer on the way.
    NotOffered,
    /// The server's certificate (`tls-server-end-point`).
    Certificate(Vec<u8>),
}

impl Binding {
    fn header(&self) -> &'static str {
        match self {
            Self::Unsupported => "n,,",
            Self::NotOffered => "y,,",
            Self::Certificate(_) => "p=tls-server-end-point,,",
        }
    }

    /// Its form in the last message.
    fn encoded(&self) -> String {
        let mut data = self.header().as_bytes().to_vec();
        if let Self::Certificate(hash) = self {
            data.extend_from_slice(hash);
        }
        STANDARD.encode(data)
    }
}

/// An exchange for which the client's first message was created.
pub(super) struct Begun {
    binding: Binding,
    nonce: String,
}

/// An exchange in which the client has proven that it knows the password, and the server has not yet.
pub(super) struct Proven {
    message: String,
    expected: HmacSha256,
}

impl Begun {
    pub(super) fn new(binding: Binding) -> Self {
        let nonce = STANDARD.encode(rand::random::<[u8; 18]>());
        Self { binding, nonce }
    }

    /// The client's first message. The server knows the user from the start-up.
    pub(super) fn message(&self) -> String {
        format!("{}{}", self.binding.header(), self.bare())
    }

    fn bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }

    /// Answers the server's first message. The error says what is wrong with that message.
    pub(super) async fn prove(
        self,
        password: &[u8],
        server_first: &[u8],
    ) -> Result<Proven, &'static str> {
        let server_first = str::from_utf8(server_first).map_err(|_| "it is not UTF-8")?;
        let Challenge {
            nonce,
            salt,
            iterations,
        } = challenge(server_first)?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err("it answers another client");
        }
        let salted = salted(&prepared(password), &salt, iterations).await;
        let client_key = mac(&*salted, b"Client Key");
        let stored_key: Key = Zeroizing::new(Sha256::digest(client_key.as_slice()).into());
        let without_proof = format!("c={},r={nonce}", self.binding.encoded());
        let said = format!("{},{server_first},{without_proof}", self.bare());
        let mut proof = mac(&*stored_key, said.as_bytes());
        for (proof, key) in proof.iter_mut().zip(&*client_key) {
            *proof ^= key;
        }
        let mut expected = keyed(&*mac(&*salted, b"Server Key"));
        expected.update(said.as_bytes());
        Ok(Proven {
            message: format!("{without_proof},p={}", STANDARD.encode(*proof)),
            expected,
        })
    }
}

impl Proven {
    /// The client's last message.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Whether the server's last message proves that it knows the password, too.
    pub(super) fn accepts(self, server_final: &[u8]) -> bool {
        let signature = server_final.strip_prefix(b"v=");
        let signature = signature.and_then(|encoded| STANDARD.decode(encoded).ok());
        signature.is_some_and(|signature| self.expected.verify_slice(&signature).is_ok())
    }
}

/// The server's first message.
struct Challenge<'m> {
    nonce: &'m str,
    salt: Vec<u8>,
    iterations: u32,
}

fn challenge(message: &str) -> Result<Challenge<'_>, &'static str> {
    let mut attributes = message.split(',');
    let mut next = |name| attributes.next()?.strip_prefix(name);
    let nonce = next("r=").ok_or("its nonce is missing")?;
    let salt = next("s=").and_then(|salt| STANDARD.decode(salt).ok());
    let iterations = next("i=").and_then(|count| count.parse().ok());
    Ok(Challenge {
        nonce,
        salt: salt.ok_or("its salt is missing or malformed")?,
        iterations: iterations
            .filter(|count| *count > 0)
            .ok_or("its iteration count is missing or malformed")?,
    })
}

/// The number of iterations before yielding to other tasks and checking the deadline.
const AT_ONCE: u32 = 4096;

/// The RFC's `Hi`: hashes the password many times, so that guessing it is expensive. The server chooses how often.
async fn salted(password: &[u8], salt: &[u8], iterations: u32) -> Key {
    let keyed = keyed(password);
    let mut first = keyed.clone();
    first.update(salt);
    first.update(&[0, 0, 0, 1]);
    let mut last: Key = Zeroizing::new(first.finalize().into_bytes().into());
    let mut all = last.clone();
    for iteration in 1..iterations {
        let mut next = keyed.clone();
        next.update(&*last);
        *last = next.finalize().into_bytes().into();
        for (all, last) in all.iter_mut().zip(&*last) {
            *all ^= last;
        }
        if iteration % AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
    }
    all
}

fn mac(key: &[u8], message: &[u8]) -> Key {
    let mut mac = keyed(key);
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[expect(clippy::expect_used, reason = "HMAC has keys of any length")]
fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, whose client names its user.
    #[tokio::test]
    async fn the_example_of_the_rfc() {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let salted = salted(b"pencil", &salt, 4096).await;
        let said = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
                    r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
                    c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let server_key = mac(&*salted, b"Server Key");
        let signature = mac(&*server_key, said.as_bytes());
        assert_eq!(
            STANDARD.encode(*signature),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        );
    }

    #[tokio::test]
    async fn a_malformed_or_foreign_challenge_is_refused() {
        for (challenge, reason) in [
            ("", "its nonce is missing"),
            ("m=x,r=NONCE1,s=AAAA,i=1", "its nonce is missing"),
            ("r=NONCE,s=AAAA,i=1", "it answers another client"),
            ("r=other,s=AAAA,i=1", "it answers another client"),
            ("r=NONCE1,s=?,i=1", "its salt is missing or malformed"),
            (
                "r=NONCE1,s=AAAA",
                "its iteration count is missing or malformed",
            ),
            (
                "r=NONCE1,s=AAAA,i=0",
                "its iteration count is missing or malformed",
            ),
        ] {
            let begun = Begun::new(Binding::Unsupported);
            let challenge = challenge.replace("NONCE", &begun.nonce);
            let refused = begun.prove(b"secret", challenge.as_bytes()).await;
            assert_eq!(refused.err(), Some(reason), "{challenge}");
        }
    }

    #[tokio::test]
    async fn a_server_that_does_not_know_the_password_is_not_believed() {
        for last in ["", "e=other-error", "v=", "v=AAAA", "v=?"] {
            let begun = Begun::new(Binding::NotOffered);
            let first = format!("r={}1,s=AAAA,i=1", begun.nonce);
            let proven = begun.prove(b"secret", first.as_bytes()).await.unwrap();
            assert!(!proven.accepts(last.as_bytes()), "{last}");
        }
    }
}
