//! Takes a connection string apart: the options that are read here are taken out of it, and the rest is left to
//! tokio-postgres.

use super::options::Options;
use crate::{Error, ErrorKind};

/// What is left for tokio-postgres.
pub(super) fn strip(text: &str, options: &mut Options) -> Result<String, Error> {
    match text.starts_with("postgres://") || text.starts_with("postgresql://") {
        true => strip_url(text, options),
        false => strip_keywords(text, options),
    }
}

/// Takes these options out of a URL's query.
fn strip_url(url: &str, options: &mut Options) -> Result<String, Error> {
    let Some((base, query)) = url.split_once('?') else {
        return Ok(url.to_owned());
    };
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !options.set(key, &percent_decoded(value)?)? {
            kept.push(pair);
        }
    }
    Ok(if kept.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", kept.join("&"))
    })
}

fn percent_decoded(text: &str) -> Result<String, Error> {
    let malformed = || Error::new(ErrorKind::Configuration, "the URL has a malformed % escape");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return Err(malformed());
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or_else(malformed);
        // Two hexadecimal digits make one byte.
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

/// Takes these options out of a `key=value key='value'` string.
fn strip_keywords(text: &str, options: &mut Options) -> Result<String, Error> {
    let mut kept = String::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, tail)) = rest.split_once('=') else {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the connection string is malformed",
            ));
        };
        let tail = tail.trim_start();
        let (value, length) = keyword_value(tail);
        if !options.set(key.trim(), &value)? {
            kept.push_str(key.trim());
            kept.push('=');
            kept.push_str(&tail[..length]);
            kept.push(' ');
        }
        rest = tail[length..].trim_start();
    }
    Ok(kept)
}

/// A value without its quotes and backslashes, and how long it was with them.
fn keyword_value(text: &str) -> (String, usize) {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            '\'' if quoted => return (value, at + 1),
            c if !quoted && c.is_whitespace() => return (value, at),
            c => value.push(c),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::TlsMode;

    #[test]
    fn tls_options_are_taken_out_of_a_url() {
        let mut options = Options::default();
        let url = "postgres://u:p@h/d?sslmode=verify-full&application_name=x&sslrootcert=%2Fca.pem";
        assert_eq!(
            strip_url(url, &mut options).unwrap(),
            "postgres://u:p@h/d?application_name=x"
        );
        assert_eq!(options.tls.mode().unwrap(), TlsMode::VerifyFull);
        assert_eq!(options.tls.root_cert.as_deref(), Some("/ca.pem"));
    }

    #[test]
    fn tls_options_are_taken_out_of_a_keyword_string() {
        let mut options = Options::default();
        let text = r"host=h password = 'it\'s sslmode=x' sslmode=disable";
        let kept = strip_keywords(text, &mut options).unwrap();
        assert_eq!(kept, r"host=h password='it\'s sslmode=x' ");
        assert_eq!(options.tls.mode().unwrap(), TlsMode::Disable);
    }
}
