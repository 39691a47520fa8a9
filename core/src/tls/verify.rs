//! Verifies the server's certificate as the mode says: not at all, its authority, or its authority and its name.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError,
    RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};

use super::{TlsMode, TlsOptions, identity::identity, negotiate::PROTOCOL};
use crate::{Error, ErrorKind, settings::user_files};

pub(super) fn client_config(mode: TlsMode, options: &TlsOptions) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("TLS cannot be set up").caused_by(error))?;
    let root_cert = options.root_cert.clone();
    let verifier = Verifier {
        mode,
        authority: OnceLock::new(),
        root_cert,
        is_elsewhere: options.is_elsewhere,
        provider,
    };
    if matches!(mode, TlsMode::VerifyCa | TlsMode::VerifyFull) {
        // Errors in them are reported at once.
        let trusted = trusted(verifier.root_cert.as_deref())?;
        let _ = verifier.authority.set(verifier.trust(trusted)?);
    }
    let builder = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity(options)? {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
            wrong("the client certificate in `sslcert` and its key in `sslkey` cannot be used")
                .caused_by(error)
        })?,
    };
    // `sslnegotiation=direct` needs ALPN, and libpq always sends it.
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

/// The certificates to trust: the system's, or those of a file, which is libpq's default file if none is given.
fn trusted(root_cert: Option<&str>) -> Result<Trusted, Error> {
    let mut roots = RootCertStore::empty();
    let mut own = Vec::new();
    if root_cert == Some("system") {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return match roots.is_empty() {
            true => Err(wrong(
                "the system has no root certificates; name a file in `sslrootcert`",
            )),
            false => Ok(Trusted { roots, own }),
        };
    }
    let path = match root_cert {
        Some(path) => PathBuf::from(path),
        None => user_files::of_tls("root.crt"),
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
        own.push(certificate.clone());
        roots
            .add(certificate)
            .map_err(|e| unreadable().caused_by(e))?;
    }
    Ok(Trusted { roots, own })
}

struct Trusted {
    roots: RootCertStore,
    /// Those of them that the user named.
    own: Vec<CertificateDer<'static>>,
}

pub(super) fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[derive(Debug)]
struct Verifier {
    mode: TlsMode,
    /// The verifier with the authorities, once they are needed.
    authority: OnceLock<Authority>,
    root_cert: Option<String>,
    /// Whether an address was given that is not of this machine, even if the name is.
    is_elsewhere: bool,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug)]
struct Authority {
    verifier: Arc<WebPkiServerVerifier>,
    /// The certificates that the user named.
    own: Vec<CertificateDer<'static>>,
}

impl Authority {
    /// Whether the certificate is one that the user named, and nothing is wrong with it up to now but that it could sign
    /// others, too. So it is with those that `openssl req -x509` makes.
    fn is_its_own(&self, certificate: &CertificateDer<'_>, error: &TlsError) -> bool {
        let TlsError::InvalidCertificate(CertificateError::Other(OtherError(error))) = error else {
            return false;
        };
        // The dates are verified before this.
        error.to_string() == "CaUsedAsEndEntity" && self.own.contains(certificate)
    }
}

impl Verifier {
    fn trust(&self, Trusted { roots, own }: Trusted) -> Result<Authority, Error> {
        let provider = Arc::clone(&self.provider);
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| wrong("the root certificates cannot be used").caused_by(error))?;
        Ok(Authority { verifier, own })
    }

    /// The verifier for when no mode is given: with the authorities of a file if there is one, or else the system's.
    fn authority(&self) -> Result<&Authority, TlsError> {
        if let Some(authority) = self.authority.get() {
            return Ok(authority);
        }
        let has_file = self.root_cert.is_some() || user_files::of_tls("root.crt").exists();
        let named = match has_file {
            true => self.root_cert.as_deref(),
            false => Some("system"),
        };
        let loaded = trusted(named).and_then(|trusted| self.trust(trusted));
        let loaded = loaded.map_err(|error| TlsError::General(error.to_string()))?;
        Ok(self.authority.get_or_init(|| loaded))
    }

    fn verifies(&self, server_name: &ServerName<'_>) -> bool {
        match self.mode {
            TlsMode::VerifyCa | TlsMode::VerifyFull => true,
            TlsMode::Unsaid => self.is_elsewhere || !is_this_machine(server_name),
            TlsMode::Disable | TlsMode::Allow | TlsMode::Prefer | TlsMode::Require => false,
        }
    }
}

/// Whether the server is on this machine, so that no network is involved.
fn is_this_machine(server_name: &ServerName<'_>) -> bool {
    match server_name {
        ServerName::DnsName(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        ServerName::IpAddress(address) => std::net::IpAddr::from(*address).is_loopback(),
        _ => false,
    }
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
        if !self.verifies(server_name) {
            return Ok(ServerCertVerified::assertion());
        }
        let authority = self.authority()?;
        let mut verified = authority.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        if let Err(error) = &verified
            && authority.is_its_own(end_entity, error)
        {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            verified = verify_server_name(&certificate, server_name)
                .map(|()| ServerCertVerified::assertion());
        }
        match verified {
            // The name is verified last, so everything else was valid.
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.mode == TlsMode::VerifyCa => Ok(ServerCertVerified::assertion()),
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
