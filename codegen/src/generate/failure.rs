//! Why a run failed: the one error type of the library and of the command.

use std::{error, fmt, io};

use crate::diagnostics::{Diagnostic, Sources, Style, render, render_one};

/// Why a run failed. `Debug` prints the same as `Display`, because a build script's `main` shows it.
pub struct Failure(Box<Kind>);

enum Kind {
    Queries(Vec<Diagnostic>, Sources),
    /// A failure that is about no file.
    General(Cause, Diagnostic),
}

#[derive(Clone, Copy)]
enum Cause {
    Options,
    Unreachable,
}

impl Failure {
    pub(crate) fn queries(diagnostics: Vec<Diagnostic>, sources: Sources) -> Self {
        Self(Box::new(Kind::Queries(diagnostics, sources)))
    }

    pub(crate) fn options(message: impl fmt::Display) -> Self {
        Self::general(Cause::Options, message)
    }

    pub(crate) fn database(message: impl fmt::Display) -> Self {
        Self::general(Cause::Unreachable, message)
    }

    pub(crate) fn io(error: impl Into<io::Error>) -> Self {
        Self::general(Cause::Unreachable, error.into())
    }

    fn general(cause: Cause, message: impl fmt::Display) -> Self {
        let diagnostic = Diagnostic::general(message.to_string().trim_end());
        Self(Box::new(Kind::General(cause, diagnostic)))
    }

    /// Adds what to do, if it is known.
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        if let Kind::General(_, diagnostic) = &mut *self.0 {
            diagnostic.help = help.into();
        }
        self
    }

    /// The command's exit code: 1 for errors in `.sql` or schema files, 2 for invalid options, 3 if a database or a
    /// file cannot be reached.
    pub fn exit_code(&self) -> u8 {
        match *self.0 {
            Kind::Queries(..) => 1,
            Kind::General(Cause::Options, _) => 2,
            Kind::General(Cause::Unreachable, _) => 3,
        }
    }

    /// The message, with colour or without.
    pub fn render(&self, style: Style) -> String {
        match &*self.0 {
            Kind::Queries(diagnostics, sources) => render(diagnostics, sources, style),
            Kind::General(_, diagnostic) => render_one(diagnostic, style),
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
