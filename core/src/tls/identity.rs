//! The client's certificate and key, for servers that authenticate clients by them.

use std::path::{Path, PathBuf};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{TlsOptions, verify::wrong};
use crate::{Error, settings::user_files};

/// The certificate with its chain, and its key: from the given files, or from libpq's default files if they exist.
pub(super) fn identity(
    options: &TlsOptions,
) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, Error> {
    let cert = match &options.cert {
        Some(cert) => PathBuf::from(cert),
        None => user_files::of_tls("postgresql.crt"),
    };
    if options.cert.is_none() && !cert.exists() {
        return Ok(None);
    }
    let key = match &options.key {
        Some(key) => PathBuf::from(key),
        None => user_files::of_tls("postgresql.key"),
    };
    let chain = CertificateDer::pem_file_iter(&cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable("the client certificate", &cert).caused_by(error))?;
    check_private(&key)?;
    let key = PrivateKeyDer::from_pem_file(&key)
        .map_err(|error| unreadable("the client's key", &key).caused_by(error))?;
    Ok(Some((chain, key)))
}

fn unreadable(what: &str, path: &Path) -> Error {
    let path = path.display();
    wrong(format!(
        "{what} `{path}` cannot be read; it must be in PEM format, and a key without a password"
    ))
}

/// Like in libpq, a key that other users can read is an error.
#[cfg(unix)]
fn check_private(key: &Path) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;

    let Ok(file) = key.metadata() else {
        return Err(unreadable("the client's key", key));
    };
    // A key that belongs to root can be readable by its group.
    let others = if file.uid() == 0 { 0o037 } else { 0o077 };
    match file.mode() & others {
        0 => Ok(()),
        _ => Err(wrong(format!(
            "others can read the client's key `{0}`: `chmod 600 {0}`",
            key.display()
        ))),
    }
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), Error> {
    Ok(())
}
