//! Why a run failed: the one error type of the library and of the command.

use std::{error, fmt, io};

use crate::diagnostics::{Diagnostic, Sources, Style, render, render_one};

/// Why a run failed. `Debug` prints the same as `Display`, because a build script's `main` shows it.
pub struct Failure(Box<Kind>);

enum Kind {
    Queries(Vec<Diagnostic>, Sources),
    /// What is about no file.
    General(Cause, Vec<Diagnostic>),
}

#[derive(Clone, Copy)]
enum Cause {
    Options,
    Unreachable,
}

impl Failure {
    /// The command's exit code for errors in `.sql` or schema files, and for differences that `--check` found.
    pub const FOUND: u8 = 1;
    /// The command's exit code for invalid options.
    pub const OPTIONS: u8 = 2;
    /// The command's exit code for a database or a file that cannot be reached.
    pub const UNREACHABLE: u8 = 3;

    pub(crate) fn queries(diagnostics: Vec<Diagnostic>, sources: Sources) -> Self {
        Self(Box::new(Kind::Queries(diagnostics, sources)))
    }

    pub(crate) fn options(message: impl fmt::Display) -> Self {
        Self::general(Cause::Options, message)
    }

    /// What is wrong with several values of an option.
    pub(crate) fn values(diagnostics: Vec<Diagnostic>) -> Self {
        Self(Box::new(Kind::General(Cause::Options, diagnostics)))
    }

    pub(crate) fn database(message: impl fmt::Display) -> Self {
        Self::general(Cause::Unreachable, message)
    }

    pub(crate) fn io(error: impl Into<io::Error>) -> Self {
        Self::general(Cause::Unreachable, error.into())
    }

    fn general(cause: Cause, message: impl fmt::Display) -> Self {
        let diagnostic = Diagnostic::general(message.to_string().trim_end());
        Self(Box::new(Kind::General(cause, vec![diagnostic])))
    }

    /// Adds what to do, if it is known.
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        if let Kind::General(_, diagnostics) = &mut *self.0
            && let Some(last) = diagnostics.last_mut()
        {
            last.help = help.into();
        }
        self
    }

    /// The command's exit code: [`FOUND`](Self::FOUND), [`OPTIONS`](Self::OPTIONS) or [`UNREACHABLE`](Self::UNREACHABLE).
    pub fn exit_code(&self) -> u8 {
        match *self.0 {
            Kind::Queries(..) => Self::FOUND,
            Kind::General(Cause::Options, _) => Self::OPTIONS,
            Kind::General(Cause::Unreachable, _) => Self::UNREACHABLE,
        }
    }

    /// The message, with colour or without.
    pub fn render(&self, style: Style) -> String {
        match &*self.0 {
            Kind::Queries(diagnostics, sources) => render(diagnostics, sources, style),
            Kind::General(_, diagnostics) => match diagnostics.as_slice() {
                [diagnostic] => render_one(diagnostic, style),
                several => render(several, &Sources::default(), style),
            },
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
