//! Parses a connection string: takes out the password and the options that howdah parses itself, and leaves the rest to
//! tokio-postgres. Any part of it can be a password, so every copy is wiped, and none is made in a string that grows.

use std::error::Error as _;

use tokio_postgres::Config;
use zeroize::Zeroizing;

use super::options::Options;
use crate::{Error, ErrorKind};

/// Parses a connection string: the part for tokio-postgres, and the part for `options`.
pub(super) fn parse(text: &str, options: &mut Options) -> Result<Config, Error> {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let rest = match is_url {
        true => strip_url(text, options)?,
        false => strip_keywords(text, options)?,
    };
    rest.parse().map_err(|error: tokio_postgres::Error| {
        // A part of a password that is not quoted is taken for an option.
        if text.contains("password") {
            return malformed("an option is not known, or has a value that it cannot have");
        }
        // The cause names options, never values.
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        malformed(&cause)
    })
}

/// Removes the password and these options from a URL.
fn strip_url(url: &str, options: &mut Options) -> Result<Zeroizing<String>, Error> {
    let escapes = 2 * url.matches('@').count();
    let mut kept = emptied(url.len() + escapes);
    let mut rest = url;
    if let Some((scheme, user, password, after)) = credentials(url) {
        options.password = Some(percent_decoded(password)?);
        for part in [scheme, "://", user, "@"] {
            kept.push_str(part);
        }
        rest = after;
    }
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    check_hosts(base)?;
    kept.push_str(base);
    let mut before = '?';
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !options.set(key, text_of(&percent_decoded(value)?)?)? {
            kept.push(before);
            push_escaped(&mut kept, pair);
            before = '&';
        }
    }
    Ok(kept)
}

/// The scheme, the user, the password, and the rest. `None` if there is no password. An `@` in the options does not end
/// a password.
fn credentials(url: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, after) = url.split_once('@')?;
    let (scheme, before) = before.split_once("://")?;
    let (user, password) = before.split_once(':')?;
    let is_option = before
        .split_once('/')
        .is_some_and(|(_, rest)| rest.contains('?'));
    (!is_option).then_some((scheme, user, password, after))
}

/// Appends an option, with `@` escaped, because tokio-postgres would take it for the end of the password.
fn push_escaped(kept: &mut String, pair: &str) {
    for (i, part) in pair.split('@').enumerate() {
        kept.push_str(if i == 0 { "" } else { "%40" });
        kept.push_str(part);
    }
}

/// Refuses hosts that could be a part of a password, because messages would show them.
fn check_hosts(url: &str) -> Result<(), Error> {
    let hosts = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('@').map_or(rest, |(_, hosts)| hosts),
        None => url,
    };
    if hosts
        .split('/')
        .next()
        .is_some_and(|hosts| hosts.contains('@'))
    {
        let message = "the URL has another `@` before its host: in a user or password, it is `%40`";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    Ok(())
}

/// An empty string with room for this many bytes and a space.
fn emptied(bytes: usize) -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(bytes + 1))
}

/// The error of a string that is malformed for this reason.
#[cold]
fn malformed(why: &str) -> Error {
    let mut message = format!("the connection string is malformed: {why}");
    if let Some(option) = why.strip_prefix("unknown option `") {
        let option = option.trim_end_matches('`');
        message += &format!("; settings of the session are `options=-c {option}=…`");
    }
    Error::new(ErrorKind::Configuration, message)
}

fn bad_escape() -> Error {
    Error::new(ErrorKind::Configuration, "the URL has a malformed % escape")
}

fn text_of(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| bad_escape())
}

fn percent_decoded(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return Err(bad_escape());
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or_else(bad_escape);
        // Two hexadecimal digits make one byte.
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
        rest = tail;
    }
    Ok(bytes)
}

/// Removes the password and these options from a `key=value key='value'` string.
fn strip_keywords(text: &str, options: &mut Options) -> Result<Zeroizing<String>, Error> {
    let mut kept = emptied(text.len());
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, tail)) = rest.split_once('=') else {
            let form = "it begins with `postgres://`, or is of the form `host=… user=…`";
            return Err(malformed(form));
        };
        let tail = tail.trim_start();
        let (value, length) = keyword_value(tail)?;
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

/// A value without its quotes and backslashes, and its length with them.
fn keyword_value(text: &str) -> Result<(Zeroizing<String>, usize), Error> {
    let quoted = text.starts_with('\'');
    let mut value = emptied(text.len());
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            '\'' if quoted => return Ok((value, at + 1)),
            c if !quoted && c.is_whitespace() => return Ok((value, at)),
            c => value.push(c),
        }
    }
    match quoted {
        true => Err(malformed("a quote is not closed")),
        false => Ok((value, text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::TlsMode;

    #[test]
    fn password_and_tls_options_are_taken_out_of_a_url() {
        let mut options = Options::default();
        let url =
            "postgres://u:p%3a@h/d?sslmode=verify-full&application_name=x&sslrootcert=%2Fca.pem";
        assert_eq!(
            *strip_url(url, &mut options).unwrap(),
            "postgres://u@h/d?application_name=x"
        );
        assert_eq!(options.password.as_deref(), Some(&b"p:".to_vec()));
        assert_eq!(options.tls.mode().unwrap(), TlsMode::VerifyFull);
        assert_eq!(options.tls.root_cert.as_deref(), Some("/ca.pem"));
    }

    #[test]
    fn a_url_without_a_password_stays_as_it_is() {
        for url in [
            "postgres://h:1/d",
            "postgresql://u@h:1/d",
            "postgres:///d?host=%2Frun",
        ] {
            let mut options = Options::default();
            assert_eq!(*strip_url(url, &mut options).unwrap(), url);
            assert!(options.password.is_none());
        }
    }

    #[test]
    fn password_and_tls_options_are_taken_out_of_a_keyword_string() {
        let mut options = Options::default();
        let text = r"host=h password = 'it\'s sslmode=x' sslmode=disable";
        let kept = strip_keywords(text, &mut options).unwrap();
        assert_eq!(*kept, "host=h ");
        let password = options.password.as_deref();
        assert_eq!(password, Some(&b"it's sslmode=x".to_vec()));
        assert_eq!(options.tls.mode().unwrap(), TlsMode::Disable);
    }
}
