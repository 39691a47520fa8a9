//! Every compile error that a user can meet, word for word: `tests/ui/<rule>/<case>.rs` with the
//! compiler's answer beside it. `BLESS=1` writes the answers anew; nothing else changes them.

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

/// Runs this test once more as trybuild wants it for writing: by an environment variable, which a
/// running process cannot safely set for itself.
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
