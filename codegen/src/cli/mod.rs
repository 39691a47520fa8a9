//! The `howdah` command: options to a `Config`, results to the terminal, failures to exit codes.
//!
//! It can do nothing that a build script could not. Messages go to stderr, requested output to stdout.

mod options;
mod table;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use howdah_codegen::{Failure, Outcome, Style, describe, structs};

use options::{Command, DeriveOptions, DescribeOptions, Format, GenerateOptions, Options};

/// Runs the command with the arguments of the process.
pub(crate) fn run() -> ExitCode {
    let style = style_for(&io::stderr());
    let result = match Options::parse().command {
        Command::Generate(options) => generate(&options, style),
        Command::Describe(options) => describe_queries(&options, style),
        Command::Derive(options) => derive_structs(&options),
    };
    match result {
        Ok(code) => code,
        Err(Stop::Failure(failure)) => {
            tell(&failure.render(style));
            ExitCode::from(failure.exit_code())
        }
        Err(Stop::Options(message)) => {
            tell(&format!("error: {message}\n"));
            ExitCode::from(Failure::OPTIONS)
        }
        // The reader of the output is gone, so nobody would see a message.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            tell(&format!("error: cannot write: {error}\n"));
            ExitCode::from(Failure::UNREACHABLE)
        }
    }
}

/// Prints a message to stderr. If that is closed, the message is dropped.
fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Colours are for terminals, unless `NO_COLOR`, `CLICOLOR_FORCE` or `CLICOLOR`, in this order, says otherwise.
fn style_for(stream: &impl IsTerminal) -> Style {
    let is = |name: &str, test: fn(&str) -> bool| {
        env::var_os(name).is_some_and(|value| test(&value.to_string_lossy()))
    };
    let is_coloured = if is("NO_COLOR", |value| !value.is_empty()) {
        false
    } else if is("CLICOLOR_FORCE", |value| !matches!(value, "" | "0")) {
        true
    } else {
        let is_unwanted =
            is("CLICOLOR", |value| value == "0") || is("TERM", |value| value == "dumb");
        stream.is_terminal() && !is_unwanted
    };
    match is_coloured {
        true => Style::Coloured,
        false => Style::Plain,
    }
}

/// Why the command ends early.
enum Stop {
    Failure(Failure),
    Options(String),
    Output(io::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn generate(options: &GenerateOptions, style: Style) -> Result<ExitCode, Stop> {
    let config = options.config()?;
    if !options.check {
        let outcome = config.generate()?;
        tell(&outcome.render_warnings(style));
        tell(&format!("{}\n", summary(&outcome)));
        return Ok(ExitCode::SUCCESS);
    }
    let outcome = config.check()?;
    tell(&outcome.render_warnings(style));
    if outcome.is_up_to_date() {
        let queries = counted(outcome.query_count(), "query", "queries");
        tell(&format!("{queries}: all is up to date\n"));
        return Ok(ExitCode::SUCCESS);
    }
    io::stdout().lock().write_all(outcome.diff().as_bytes())?;
    let files = counted(outcome.changed().len(), "file differs", "files differ");
    let listed = listed(&outcome, "to be removed");
    tell(&format!("{files}: run `howdah generate`{listed}\n"));
    Ok(ExitCode::from(Failure::FOUND))
}

fn summary(outcome: &Outcome) -> String {
    let queries = counted(outcome.query_count(), "query", "queries");
    if outcome.is_up_to_date() {
        return format!("{queries}: all was up to date");
    }
    let files = counted(outcome.changed().len(), "file changed", "files changed");
    format!("{queries}: {files}{}", listed(outcome, "removed"))
}

/// The changed files, a line for each; with the mark `gone` behind those whose queries are gone.
fn listed(outcome: &Outcome, gone: &str) -> String {
    let removed = outcome.removed();
    let changed = outcome.changed().into_iter();
    let line = |path: PathBuf| match removed.contains(&path) {
        true => format!("\n  {} ({gone})", path.display()),
        false => format!("\n  {}", path.display()),
    };
    changed.map(line).collect()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn derive_structs(options: &DeriveOptions) -> Result<ExitCode, Stop> {
    let tables: Vec<&str> = options.tables.iter().map(String::as_str).collect();
    let source = structs(&options.config()?, &tables)?;
    io::stdout().lock().write_all(source.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn describe_queries(options: &DescribeOptions, style: Style) -> Result<ExitCode, Stop> {
    let report = describe(&options.config()?)?;
    let mut out = io::stdout().lock();
    match options.format {
        Format::Json => {
            for query in &report.queries {
                serde_json::to_writer(&mut out, query).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
            tell(&report.render_warnings(style));
        }
        Format::Table => {
            let table_style = style_for(&io::stdout());
            for query in report
                .queries
                .iter()
                .filter(|query| query.errors.is_empty())
            {
                writeln!(out, "{}", table::query(query, table_style))?;
            }
            out.flush()?;
            tell(&report.render(style));
        }
    }
    Ok(if report.has_errors() {
        ExitCode::from(Failure::FOUND)
    } else {
        ExitCode::SUCCESS
    })
}
