//! Golden cases: `golden/<feature>/<case>/` holds `schema.sql`, `queries/` (and `howdah.toml` where options matter),
//! and the expected result: `expected/` modules with `warnings.txt`, or `stderr.txt`. A new case is a new folder.
//!
//! `BLESS=1 cargo test -p howdah-tests golden` writes the current results. The crate `howdah-generated-tests` compiles
//! the modules and runs some of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use howdah_codegen::{Config, Style};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let folders = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut cases: Vec<_> = folders(&root)
        .iter()
        .flat_map(|feature| folders(feature))
        .collect();
    cases.sort();
    cases
}

fn config(case: &Path, lock: &Path) -> Config {
    let options = case.join("howdah.toml");
    let config = match options.exists() {
        true => Config::from_file(options).unwrap(),
        false => Config::new().root(case),
    };
    config.out_dir(case.join("expected")).lock(lock)
}

fn read(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

fn blessed() -> bool {
    env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Compares `text` with the file, or writes it.
fn expect(path: &Path, text: &str, wrong: &mut Vec<String>) {
    let old = read(path);
    if old == text {
        return;
    }
    if !blessed() {
        wrong.push(format!(
            "{}:\n--- expected\n{old}\n--- found\n{text}",
            path.display()
        ));
    } else if text.is_empty() {
        fs::remove_file(path).unwrap();
    } else {
        fs::write(path, text).unwrap();
    }
}

fn check(case: &Path, wrong: &mut Vec<String>) {
    let lock_dir = tempfile::tempdir().unwrap();
    let lock = lock_dir.path().join("howdah.lock");
    let online = config(case, &lock).schema(case.join("schema.sql"));
    let blessed = blessed();
    let outcome = match online.check() {
        Ok(outcome) => outcome,
        Err(failure) => {
            if blessed && case.join("expected").exists() {
                fs::remove_dir_all(case.join("expected")).unwrap();
            }
            if case.join("expected").exists() {
                wrong.push(format!(
                    "{}: modules were expected, found\n{failure}",
                    case.display()
                ));
                return;
            }
            return expect(&case.join("stderr.txt"), &failure.to_string(), wrong);
        }
    };
    expect(&case.join("stderr.txt"), "", wrong);
    expect(
        &case.join("warnings.txt"),
        &outcome.render_warnings(Style::Plain),
        wrong,
    );
    if blessed {
        online.generate().unwrap();
    } else if outcome.changed().iter().any(|path| *path != lock) {
        wrong.push(format!("{}:\n{}", case.display(), outcome.diff()));
        return;
    } else {
        // Only the lock file is missing yet.
        online.generate().unwrap();
    }
    let offline = config(case, &lock).offline().check().unwrap();
    if !offline.is_up_to_date() {
        wrong.push(format!(
            "{}: the lock file gives other modules:\n{}",
            case.display(),
            offline.diff()
        ));
    }
}

#[test]
fn golden_cases_give_what_is_expected() {
    let cases = cases();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in &cases {
        check(case, &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{}\nBLESS=1 accepts this",
        wrong.join("\n")
    );
}

/// `cargo fmt` must find nothing to do in generated code, nor must it depend on rustfmt being there.
#[test]
fn generated_code_is_laid_out_as_rustfmt_would() {
    for case in cases() {
        let root = case.join("expected/mod.rs");
        if root.exists() {
            let result = Command::new("rustfmt")
                .args(["--edition", "2024", "--check"])
                .arg(&root)
                .output();
            let output = result.unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stdout)
            );
        }
    }
}
