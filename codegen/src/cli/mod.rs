//! The `howdah` command: options to a `Config`, results to the terminal, failures to exit codes.
//!
//! It can do nothing that a build script could not. Messages go to stderr, requested output to stdout.

mod options;
mod table;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use howdah_codegen::{Failure, Outcome, Style, describe, structs};

use options::{Command, DeriveOptions, DescribeOptions, Format, GenerateOptions, Options};

/// Errors in queries, or differences that `--check` found.
const FOUND_SOMETHING: u8 = 1;
/// Invalid options.
const BAD_OPTIONS: u8 = 2;
/// A database or a file that cannot be reached.
const UNREACHABLE: u8 = 3;

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
            ExitCode::from(BAD_OPTIONS)
        }
        // The reader of the output is gone, so nobody would see a message.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            tell(&format!("error: cannot write: {error}\n"));
            ExitCode::from(UNREACHABLE)
        }
    }
}

/// Prints a message to stderr. If that is closed, the message is dropped.
fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn style_for(stream: &impl IsTerminal) -> Style {
    let is_unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || env::var_os("TERM").is_some_and(|value| value == "dumb");
    if stream.is_terminal() && !is_unwanted {
        Style::Coloured
    } else {
        Style::Plain
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
    tell(&format!("{files}: run `howdah generate`\n"));
    Ok(ExitCode::from(FOUND_SOMETHING))
}

fn summary(outcome: &Outcome) -> String {
    let queries = counted(outcome.query_count(), "query", "queries");
    if outcome.is_up_to_date() {
        return format!("{queries}: all was up to date");
    }
    let mut text = format!(
        "{queries}: {}",
        counted(outcome.changed().len(), "file changed", "files changed")
    );
    for path in outcome.changed() {
        text.push_str(&format!("\n  {}", path.display()));
    }
    text
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
        ExitCode::from(FOUND_SOMETHING)
    } else {
        ExitCode::SUCCESS
    })
}
