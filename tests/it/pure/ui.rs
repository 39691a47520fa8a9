//! Every compile error that a user can get, word for word: `tests/ui/<rule>/<case>.rs` with the compiler's output
//! beside it. `BLESS=1` rewrites the outputs; nothing else changes them.

use std::{env, process::Command};

#[test]
fn compile_errors_read_as_they_should() {
    if env::var("BLESS").is_ok_and(|bless| bless == "1") {
        return bless();
    }
    // With a case that passes these run by `cargo build`, which alone evaluates the consts of generic functions.
    let built = trybuild::TestCases::new();
    built.pass("ui/pass/*.rs");
    built.compile_fail("ui/copy_contract/*.rs");
    // Without one, by `cargo check`: what users see in their editors is all that there is to see.
    let cases = trybuild::TestCases::new();
    for rule in [
        "attributes",
        "insert_contract",
        "row_contract",
        "select_contract",
        "shapes",
        "table_contract",
        "traits",
        "update_contract",
        "values",
        "view_contract",
    ] {
        cases.compile_fail(format!("ui/{rule}/*.rs"));
    }
}

/// Runs this test again with the environment variable that makes trybuild write, because a running process cannot
/// safely set it for itself.
fn bless() {
    let status = Command::new(env::current_exe().unwrap())
        .args([
            "pure::ui::compile_errors_read_as_they_should",
            "--exact",
            "--nocapture",
        ])
        .env("TRYBUILD", "overwrite")
        .env_remove("BLESS")
        .status()
        .unwrap();
    assert!(status.success(), "blessing failed");
}
