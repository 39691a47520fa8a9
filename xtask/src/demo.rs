//! `cargo xtask demo`: the example `places` from an empty database to answers over HTTP.

use std::env;
use std::process::Command;

use crate::provision;
use crate::run::{Failure, built, cargo, root, run};

/// Provisions, generates, loads, serves, and shows a few requests.
pub(crate) fn demo(arguments: &[&str]) -> Result<(), Failure> {
    // The queries are checked by a throw-away server in any case.
    provision::postgresql_with_postgis()?;
    if env::var_os("DATABASE_URL").is_some_and(|url| !url.is_empty()) {
        eprintln!("The places go into the database of DATABASE_URL");
    }
    // For the whole workspace, so that `cargo xtask test` need not compile it again.
    run(&mut cargo(&["build", "--workspace", "--bin", "howdah"]))?;
    let example = root().join("examples/places");
    run(Command::new(built("howdah")?)
        .arg("generate")
        .current_dir(example))?;
    run(&mut cargo(&["build", "--workspace", "--example", "demo"]))?;
    run(Command::new(built("examples/demo")?).args(arguments))
}
