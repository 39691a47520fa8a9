//! The files that the command reads and writes, and those that it must leave alone.

use std::fs;

use super::{App, QUERIES};

const GENERATE: [&str; 3] = ["generate", "--schema", "schema.sql"];

#[test]
fn a_file_that_is_no_lock_file_is_not_overwritten() {
    let app = App::new();
    app.write("Cargo.lock", "version = 4\n");
    app.write("settings.json", "{\"name\": \"app\"}\n");
    for file in ["Cargo.lock", "queries/places.sql", "settings.json"] {
        let before = fs::read_to_string(app.path(file)).unwrap();
        let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql", "--lock", file]);
        assert_eq!(code, 2, "{stderr}");
        let expected = format!("{file}: it is there, and was not generated");
        assert!(stderr.contains(&expected), "{stderr}");
        assert_eq!(fs::read_to_string(app.path(file)).unwrap(), before);
        assert!(!app.path("src").exists());
    }
}

#[test]
fn a_lock_file_that_git_could_not_merge_is_made_anew() {
    let app = App::new();
    app.write("howdah.lock", "");
    assert_eq!(app.run(&GENERATE).0, 0);
    let lock = fs::read_to_string(app.path("howdah.lock")).unwrap();
    for (ours, theirs) in [
        (lock.clone(), lock.clone()),
        (
            "  \"format\": 1,\n".to_owned(),
            "  \"format\": 2,\n".to_owned(),
        ),
    ] {
        let head = if ours == lock { "" } else { "{\n" };
        let merged = format!("{head}<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n");
        app.write("howdah.lock", &merged);
        let (code, _, stderr) = app.run(&["generate", "--offline"]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("has the marks of a merge"), "{stderr}");
        let (code, _, stderr) = app.run(&GENERATE);
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(fs::read_to_string(app.path("howdah.lock")).unwrap(), lock);
    }
}

#[test]
fn a_file_and_a_folder_of_one_name_are_one_module() {
    let app = App::new();
    app.write("queries/admin.sql", QUERIES);
    app.write("queries/admin/users.sql", QUERIES);
    for form in ["files", "single"] {
        let out = app.path(form);
        let (code, _, stderr) = app.run(&[
            "generate",
            "--schema",
            "schema.sql",
            "--form",
            form,
            "--out-dir",
            form,
        ]);
        assert_eq!(code, 0, "{stderr}");
        let file = if form == "files" {
            "admin/mod.rs"
        } else {
            "mod.rs"
        };
        let module = fs::read_to_string(out.join(file)).unwrap();
        assert!(module.contains("pub mod users"), "{module}");
        assert!(module.contains("pub fn find("), "{module}");
        assert!(!module.contains("admin_2"), "{module}");
    }
}

#[test]
fn files_whose_modules_would_have_one_name_are_errors() {
    for (first, second, module) in [
        ("queries/Books.sql", "queries/books.sql", "books"),
        ("queries/a-b.sql", "queries/a_b.sql", "a_b"),
        ("queries/in-out/x.sql", "queries/in_out/x.sql", "in_out::x"),
    ] {
        let app = App::new();
        app.write(first, QUERIES);
        app.write(second, QUERIES);
        let (code, _, stderr) = app.run(&GENERATE);
        assert_eq!(code, 1, "{stderr}");
        let expected = format!("the module of this file would be `{module}`, as that of {first}");
        assert!(stderr.contains(&expected), "{stderr}");
        assert!(stderr.contains(&format!("--> {second}:1:1")), "{stderr}");
    }
    let app = App::new();
    app.write("more/places.sql", QUERIES);
    let (code, _, stderr) = app.run(&[
        "generate",
        "--schema",
        "schema.sql",
        "--queries",
        "queries",
        "--queries",
        "more",
    ]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("the module of this file would be `places`, as that of"),
        "{stderr}"
    );
}

#[test]
fn howdahs_own_modules_keep_their_names() {
    for file in ["schema", "types", "mod", "howdah", "sub/types"] {
        let app = App::new();
        app.write(&format!("queries/{file}.sql"), QUERIES);
        let (code, _, stderr) = app.run(&GENERATE);
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains("which is howdah's own"), "{stderr}");
        assert!(stderr.contains("help: rename the file"), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_is_read_once_however_it_is_reached() {
    let app = App::new();
    std::os::unix::fs::symlink(".", app.path("queries/again")).unwrap();
    let (code, _, stderr) = app.run(&[
        "generate",
        "--schema",
        "schema.sql",
        "--queries",
        "queries/../queries",
        "--queries",
        "queries",
        "--queries",
        "queries/places.sql",
    ]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with("1 query:"), "{stderr}");
    assert!(app.path("src/queries/places.rs").exists());
}

#[test]
fn modules_whose_queries_are_gone_are_removed_and_it_is_said() {
    let app = App::new();
    app.write("queries/old.sql", "-- name: one\nselect 1;\n");
    assert_eq!(app.run(&GENERATE).0, 0);
    fs::remove_file(app.path("queries/old.sql")).unwrap();

    let (code, stdout, stderr) = app.run(&[&GENERATE[..], &["--check"]].concat());
    assert_eq!(code, 1);
    assert!(stdout.contains("+++ /dev/null"), "{stdout}");
    let expected = "\
3 files differ: run `howdah generate`
  src/queries/mod.rs
  src/queries/old.rs (to be removed)
  howdah.lock
";
    assert_eq!(lines_in_order(&stderr), lines_in_order(expected));

    let (code, _, stderr) = app.run(&GENERATE);
    assert_eq!(code, 0);
    let expected = "\
1 query: 3 files changed
  src/queries/mod.rs
  src/queries/old.rs (removed)
  howdah.lock
";
    assert_eq!(lines_in_order(&stderr), lines_in_order(expected));
    assert!(!app.path("src/queries/old.rs").exists());
}

fn lines_in_order(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_lock_file_of_another_major_version_is_told_by_both_numbers() {
    let app = App::new();
    assert_eq!(app.run(&GENERATE).0, 0);
    let lock = fs::read_to_string(app.path("howdah.lock")).unwrap();
    let (before, after) = lock.split_once("\"server_version\": ").unwrap();
    let (version, after) = after.split_once(',').unwrap();
    let major = version.parse::<u32>().unwrap() / 10_000;
    let other = format!("{before}\"server_version\": 130000,{after}");
    app.write("howdah.lock", &other);

    let warning = format!(
        "warning: the lock file was made with PostgreSQL 13, and the queries were checked with PostgreSQL {major} now"
    );
    let (code, stdout, stderr) = app.run(&[&GENERATE[..], &["--check"]].concat());
    assert_eq!(code, 1);
    assert!(stderr.contains(&warning), "{stderr}");
    assert!(stderr.contains("HOWDAH_PG_BIN"), "{stderr}");
    assert!(
        stdout.contains("-    \"server_version\": 130000,"),
        "{stdout}"
    );

    // Where a query has an error, that may be because of the version.
    let sql = "-- name: bad\nselect nmae from places;\n";
    app.write("queries/places.sql", sql);
    let (code, _, stderr) = app.run(&GENERATE);
    assert_eq!(code, 1);
    assert!(stderr.contains(&warning), "{stderr}");

    app.write("queries/places.sql", QUERIES);
    assert!(app.run(&GENERATE).2.contains(&warning));
    assert!(!app.run(&GENERATE).2.contains("warning"));
}
