//! The data of channel binding: a hash of the server's certificate
//! ([`tls-server-end-point`](https://www.rfc-editor.org/rfc/rfc5929#section-4)).

use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::{
    Certificate,
    der::{
        Decode,
        oid::{ObjectIdentifier, db::rfc5912},
    },
};

/// The certificate's hash, with the hash function of its signature. A signature without one, such as Ed25519, does not
/// allow channel binding.
pub(crate) fn end_point(certificate: &CertificateDer<'_>) -> Option<Vec<u8>> {
    let parsed = Certificate::from_der(certificate).ok()?;
    let hash = hash(parsed.signature_algorithm.oid)?;
    Some(hash(certificate))
}

type Hash = fn(&[u8]) -> Vec<u8>;

fn hash(signature: ObjectIdentifier) -> Option<Hash> {
    match signature {
        // The RFC replaces functions that are no longer safe by SHA-256.
        rfc5912::MD_5_WITH_RSA_ENCRYPTION
        | rfc5912::SHA_1_WITH_RSA_ENCRYPTION
        | rfc5912::SHA_256_WITH_RSA_ENCRYPTION
        | rfc5912::ECDSA_WITH_SHA_256 => Some(|bytes| Sha256::digest(bytes).to_vec()),
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_384 => {
            Some(|bytes| Sha384::digest(bytes).to_vec())
        }
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_512 => {
            Some(|bytes| Sha512::digest(bytes).to_vec())
        }
        _ => None,
    }
}
