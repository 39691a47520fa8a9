//! Why a run failed: the one error type of the library and of the command.

use std::{error, fmt, io};

use crate::diagnostics::{Diagnostic, Sources, Style, render};

/// Why a run failed. `Debug` prints the same as `Display`, since that is what a build script's `main` shows.
pub struct Failure(Box<Kind>);

enum Kind {
    Queries(Vec<Diagnostic>, Sources),
    Options(String),
    Database(String),
    Io(String),
}

impl Failure {
    pub(crate) fn queries(diagnostics: Vec<Diagnostic>, sources: Sources) -> Self {
        Self(Box::new(Kind::Queries(diagnostics, sources)))
    }

    pub(crate) fn options(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Options(message.into())))
    }

    pub(crate) fn database(message: impl fmt::Display) -> Self {
        Self(Box::new(Kind::Database(message.to_string())))
    }

    pub(crate) fn io(error: impl Into<io::Error>) -> Self {
        Self(Box::new(Kind::Io(error.into().to_string())))
    }

    /// The command's exit code: 1 for errors in `.sql` or schema files, 2 for options that make no sense, 3 when a
    /// database or a file cannot be reached.
    pub fn exit_code(&self) -> u8 {
        match *self.0 {
            Kind::Queries(..) => 1,
            Kind::Options(_) => 2,
            Kind::Database(_) | Kind::Io(_) => 3,
        }
    }

    /// The message, with colour or without.
    pub fn render(&self, style: Style) -> String {
        match &*self.0 {
            Kind::Queries(diagnostics, sources) => render(diagnostics, sources, style),
            Kind::Options(message) | Kind::Database(message) | Kind::Io(message) => {
                let mut lines = message.trim_end().split("\nhelp: ");
                let mut diagnostic = Diagnostic::general(lines.next().unwrap_or_default());
                diagnostic.help = lines.next().map(str::to_owned);
                let text = render(&[diagnostic], &Sources::default(), style);
                // One message needs no count.
                text.split("\n\n").next().unwrap_or_default().to_owned() + "\n"
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for Failure {}
