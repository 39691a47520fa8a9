//! What of a server's certificate each mode verifies: nothing, its authority, or that and the name.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore,
    SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

use super::TlsMode;
use crate::{Error, ErrorKind};

pub(super) fn client_config(mode: TlsMode, root_cert: Option<&str>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("TLS cannot be set up").caused_by(error))?;
    let authority = match mode {
        TlsMode::VerifyCa | TlsMode::VerifyFull => {
            let roots = Arc::new(roots(root_cert)?);
            let verifier =
                WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                    .build()
                    .map_err(|error| {
                        wrong("the root certificates cannot be used").caused_by(error)
                    })?;
            Some(verifier)
        }
        TlsMode::Disable | TlsMode::Allow | TlsMode::Prefer | TlsMode::Require => None,
    };
    let checks_name = mode == TlsMode::VerifyFull;
    let verifier = Verifier {
        authority,
        checks_name,
        provider,
    };
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// The authorities to trust: the system's, or those of a file, libpq's default file if none is named.
fn roots(root_cert: Option<&str>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    if root_cert == Some("system") {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return match roots.is_empty() {
            true => Err(wrong(
                "the system has no root certificates; name a file in `sslrootcert`",
            )),
            false => Ok(roots),
        };
    }
    let path = match root_cert {
        Some(path) => PathBuf::from(path),
        None => std::env::home_dir()
            .unwrap_or_default()
            .join(".postgresql/root.crt"),
    };
    let unreadable = || {
        let path = path.display();
        wrong(format!(
            "the root certificates `{path}` cannot be read; name a file in `sslrootcert`, or use \
             `sslrootcert=system`"
        ))
    };
    let certificates =
        CertificateDer::pem_file_iter(&path).map_err(|e| unreadable().caused_by(e))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|e| unreadable().caused_by(e))?;
        roots
            .add(certificate)
            .map_err(|e| unreadable().caused_by(e))?;
    }
    Ok(roots)
}

fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[derive(Debug)]
struct Verifier {
    /// Who knows the authorities; none where the mode verifies nothing.
    authority: Option<Arc<WebPkiServerVerifier>>,
    checks_name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(authority) = &self.authority else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified = authority.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // The name is what is verified last.
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
