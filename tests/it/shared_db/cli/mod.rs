//! The command, run as a user would: its own process, its own folder, its exit codes.

mod derive;
mod environment;
mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::{proxy::Proxy, support::pool};

/// The command, built once: cargo gives tests only the binaries of their own package.
fn howdah() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let cargo = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "-p",
                "howdah-codegen",
                "--bin",
                "howdah",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(cargo.success());
        // The test binary is in `deps`, beside the binaries.
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().and_then(Path::parent).unwrap();
        let profile = folder.parent().unwrap().join("debug");
        profile.join(format!("howdah{}", std::env::consts::EXE_SUFFIX))
    })
}

const SCHEMA: &str = "create table places (id int8 primary key, name text not null, note text);";
const QUERIES: &str = "-- name: find\nselect id, name from places where id = :id;\n";

struct App(TempDir);

impl App {
    fn new() -> Self {
        let app = Self(tempfile::tempdir().unwrap());
        app.write("schema.sql", SCHEMA);
        app.write("queries/places.sql", QUERIES);
        app
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run_in(&[], arguments)
    }

    /// Runs the command with `variables` in its environment.
    fn run_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(howdah())
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("DATABASE_URL")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }
}

#[test]
fn generate_writes_once_and_check_finds_what_differs() {
    let app = App::new();
    let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("1 query: 4 files changed"), "{stderr}");
    let module = app.path("src/queries/places.rs");
    let written = fs::metadata(&module).unwrap().modified().unwrap();
    let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql"]);
    assert_eq!(
        (code, stderr.as_str()),
        (0, "1 query: all was up to date\n")
    );
    assert_eq!(fs::metadata(&module).unwrap().modified().unwrap(), written);

    app.write(
        "queries/places.sql",
        &QUERIES.replace("id, name", "id, note"),
    );
    let (code, stdout, _) = app.run(&["generate", "--schema", "schema.sql", "--check"]);
    assert_eq!(code, 1);
    assert!(
        stdout.contains("-        Field::column::<String>(\"name\"),")
            || stdout.contains("-    pub name: String,"),
        "{stdout}"
    );
    assert!(
        fs::read_to_string(&module)
            .unwrap()
            .contains("pub name: String")
    );
}

#[test]
fn a_renamed_column_is_found_and_underlined() {
    let app = App::new();
    assert_eq!(app.run(&["generate", "--schema", "schema.sql"]).0, 0);
    app.write("schema.sql", &SCHEMA.replace("name text", "nom text"));
    let (code, stdout, stderr) = app.run(&["generate", "--schema", "schema.sql", "--check"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    let expected = "\
error: column \"name\" does not exist
 --> queries/places.sql:2:12
  |
2 | select id, name from places where id = :id;
  |            ^^^^
";
    assert!(stderr.starts_with(expected), "{stderr}");
}

#[test]
fn every_error_of_every_file_is_reported_and_nothing_is_written() {
    let app = App::new();
    app.write(
        "queries/places.sql",
        "-- name: a\nselect x from places;\n-- name: b\nselect y from places;\n",
    );
    app.write(
        "queries/sub/more.sql",
        "-- name: c\nselect * from plases;\n",
    );
    let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql"]);
    assert_eq!(code, 1);
    for place in [
        "queries/places.sql:2:8",
        "queries/places.sql:4:8",
        "queries/sub/more.sql:2:15",
        "did you mean `places`?",
        "3 errors",
    ] {
        assert!(stderr.contains(place), "{place} in\n{stderr}");
    }
    assert!(!app.path("src").exists() && !app.path("howdah.lock").exists());
}

#[test]
fn settings_that_mean_nothing_are_errors() {
    let app = App::new();
    let schema =
        format!("{SCHEMA} create type mood as enum ('ok'); create table moods (mood mood);");
    app.write("schema.sql", &schema);
    for (setting, expected) in [
        (
            "tables = ['placse']",
            "`tables` names `placse`, which is no table or view",
        ),
        ("tables = ['placse']", "did you mean `places`?"),
        (
            "tables = 'al'",
            "expected `\"used\"`, `\"all\"` or a list of tables",
        ),
        (
            "open_enums = ['moood']",
            "`open_enums` names `moood`, which is no enum",
        ),
        ("open_enums = ['places']", "`places`, which is no enum"),
        (
            "[columns]\n'places.nmae' = 'String'",
            "did you mean `places.name`?",
        ),
        (
            "[columns]\n'name' = 'String'",
            "`name`, which is no column of a table or view",
        ),
        (
            "[columns]\n'name' = 'String'",
            "did you mean `places.name`?",
        ),
        (
            "migrations = 'migrations'",
            "schema files and migrations are given",
        ),
        (
            "[rows]\nplace = 'Place'",
            "`place`, which is no table or view",
        ),
        (
            "[rows]\nplaces = 'my struct'",
            "`[rows] places` is `my struct`, which is not a name",
        ),
        (
            "[types]\nnope = 'crate::Nope'",
            "`[types]` names `nope`, which is no type",
        ),
        ("[types]\nMood = 'crate::Mood'", "did you mean `mood`?"),
        ("[types]\nint = 'crate::Id'", "did you mean `integer`?"),
        ("[types]\nDECIMAL = 'crate::Sum'", "did you mean `numeric`?"),
        (
            "[types]\n'numeric(10, 2)' = 'crate::Sum'",
            "did you mean `numeric`?",
        ),
        (
            "[types]\n'int[]' = 'crate::Ids'",
            "did you mean `integer[]`?",
        ),
        (
            "[types]\n'varchar(20)[]' = 'crate::Names'",
            "did you mean `character varying[]`?",
        ),
        (
            "[types]\ntext = 'Vec<'",
            "`[types] text` is `Vec<`, which is not a Rust type",
        ),
        (
            "derives = ['serde::Serialize(']",
            "`derives` is `serde::Serialize(`, which is not the path",
        ),
    ] {
        app.write(
            "howdah.toml",
            &format!("schema = 'schema.sql'\n{setting}\n"),
        );
        let (code, _, stderr) = app.run(&["generate"]);
        assert_eq!(code, 2, "{setting}: {stderr}");
        assert!(stderr.contains(expected), "{setting}: {stderr}");
    }
    let right = "schema = 'schema.sql'\ntables = ['public.places', 'moods']\nopen_enums = ['public.mood']\n\
                 [columns]\n'public.places.name' = 'String'\n[rows]\nplaces = 'Place'\n\
                 [types]\n'character varying' = 'String'\nvarchar = 'String'\n'integer[]' = 'crate::Ids'\n\
                 'public.mood' = 'crate::Mood'\n'pg_catalog.int8' = 'crate::Id'\n";
    app.write("howdah.toml", right);
    let (code, _, stderr) = app.run(&["generate"]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn the_order_in_which_a_schema_was_made_changes_nothing() {
    let app = App::new();
    let table = "create table events (id int not null, at date not null) partition by list (id);";
    let partition = |name: &str, id: u8| {
        format!(
            "create table {name} partition of events for values in ({id});\
             alter table {name} add constraint {name}_at check (at > '2020-01-01');\
             create unique index {name}_key on {name} (at);"
        )
    };
    let (one, two) = (partition("events_b", 1), partition("events_a", 2));
    app.write(
        "queries/places.sql",
        "-- name: add\ninsert into events values (:id, :at);\n",
    );
    app.write("schema.sql", &format!("{table}{one}{two}"));
    assert_eq!(app.run(&["generate", "--schema", "schema.sql"]).0, 0);
    let (lock, module) = (app.path("howdah.lock"), app.path("src/queries/places.rs"));
    let facts = || {
        let text = fs::read_to_string(&lock).unwrap();
        let of_file = text.lines().filter(|line| !line.contains("\"digest\""));
        let facts: Vec<_> = of_file.map(str::to_owned).collect();
        (facts, fs::read_to_string(&module).unwrap())
    };
    let before = facts();
    app.write("schema.sql", &format!("{table}{two}{one}"));
    assert_eq!(app.run(&["generate", "--schema", "schema.sql"]).0, 0);
    assert_eq!(facts(), before);
}

#[test]
fn offline_says_that_migrations_have_changed_since() {
    let app = App::new();
    app.write("migrations/1_init.sql", SCHEMA);
    app.write("howdah.toml", "migrations = \"migrations\"\n");
    assert_eq!(app.run(&["generate"]).0, 0);
    let offline = || {
        let (code, _, stderr) = app.run(&["generate", "--offline"]);
        assert_eq!(code, 0, "{stderr}");
        stderr
    };
    assert!(!offline().contains("warning"));
    app.write(
        "migrations/2_rename.sql",
        "alter table places rename name to title;",
    );
    let expected = "warning: the migrations are not those that the lock file was made from: migrations/2_rename.sql is new";
    let stderr = offline();
    assert!(stderr.contains(expected), "{stderr}");
    assert!(stderr.contains("help: run `howdah generate`"), "{stderr}");
    // Where the crate is built without them, nothing is known of them.
    fs::rename(app.path("migrations"), app.path("elsewhere")).unwrap();
    assert!(!offline().contains("warning"));
    fs::rename(app.path("elsewhere"), app.path("migrations")).unwrap();
    app.write(
        "queries/places.sql",
        &QUERIES.replace("name from", "title from"),
    );
    assert_eq!(app.run(&["generate"]).0, 0);
    assert!(!offline().contains("warning"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migrated_database_gives_the_same_lock_file_as_the_migrations() {
    let app = App::new();
    app.write("migrations/1_init.sql", SCHEMA);
    app.write("howdah.toml", "migrations = \"migrations\"\n");
    assert_eq!(app.run(&["generate"]).0, 0);
    let (pool, database) = pool().await;
    pool.batch_execute(SCHEMA).await.unwrap();
    let check = ["generate", "--check", "--database-url", database.url()];
    let (code, stdout, stderr) = app.run(&check);
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn offline_uses_the_lock_file_and_refuses_what_it_does_not_hold() {
    let app = App::new();
    assert_eq!(app.run(&["generate", "--offline"]).0, 2);
    assert_eq!(app.run(&["generate", "--schema", "schema.sql"]).0, 0);
    fs::remove_dir_all(app.path("src")).unwrap();
    app.write(
        "queries/places.sql",
        &QUERIES.replace("find\n", "find\n-- A new line of documentation.\n"),
    );
    let (code, _, stderr) = app.run(&["generate", "--offline"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        fs::read_to_string(app.path("src/queries/places.rs"))
            .unwrap()
            .contains("/// A new line of documentation.")
    );
    app.write(
        "queries/places.sql",
        &format!(
            "{}-- name: new\nselect 1;\n",
            QUERIES.replace("id, name", "id")
        ),
    );
    let (code, _, stderr) = app.run(&["generate", "--offline"]);
    assert_eq!(code, 1);
    assert!(
        stderr.contains(
            "the query `find` has changed since it was checked\n --> queries/places.sql:1:10"
        ),
        "{stderr}"
    );
    assert!(
        stderr.contains("the query `new` has never been checked\n --> queries/places.sql:3:10"),
        "{stderr}"
    );
}

/// What a later version puts into the file need not be what this one knows.
/// As git does on Windows, unless it is told not to.
#[test]
fn a_checkout_with_other_line_endings_is_the_same() {
    let app = App::new();
    app.write(
        "queries/places.sql",
        "-- name: find\n-- One of them.\nselect id, name\nfrom places where id = :id;\n",
    );
    let generate = &["generate", "--schema", "schema.sql"];
    assert_eq!(app.run(generate).0, 0);
    let files = [
        "schema.sql",
        "queries/places.sql",
        "howdah.lock",
        "src/queries/places.rs",
    ];
    let mut changed = Vec::new();
    for file in files {
        let text = fs::read_to_string(app.path(file))
            .unwrap()
            .replace('\n', "\r\n");
        app.write(file, &text);
        changed.push(text);
    }
    let (code, stdout, stderr) = app.run(&["generate", "--schema", "schema.sql", "--check"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let (code, _, stderr) = app.run(&["generate", "--offline"]);
    assert_eq!(code, 0, "{stderr}");
    for (file, text) in files.iter().zip(changed) {
        assert_eq!(fs::read_to_string(app.path(file)).unwrap(), text, "{file}");
    }
}

#[test]
fn a_lock_file_of_another_format_is_told_by_its_number() {
    let app = App::new();
    for (lock, expected, help) in [
        (
            r#"{"format": 2, "catalog": []}"#,
            "howdah.lock: it has format 2, and this howdah knows 1",
            "help: a later howdah made it",
        ),
        (
            r#"{"format": 1, "tables": 7}"#,
            "cannot read the lock file",
            "help: run `howdah generate` to make it",
        ),
    ] {
        app.write("howdah.lock", lock);
        let (code, _, stderr) = app.run(&["generate", "--offline"]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
        assert!(stderr.contains(help), "{stderr}");
    }
}

#[test]
fn where_there_are_no_queries_it_is_said_what_to_do() {
    let app = App::new();
    fs::remove_dir_all(app.path("queries")).unwrap();
    let generate = ["generate", "--schema", "schema.sql"];
    let (code, _, stderr) = app.run(&generate);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("queries: no such file or folder of `.sql` files"),
        "{stderr}"
    );
    assert!(stderr.contains("help: put a query into a file"), "{stderr}");
    fs::create_dir(app.path("queries")).unwrap();
    let (code, _, stderr) = app.run(&generate);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("there are no `.sql` files in"), "{stderr}");
    assert!(stderr.contains("help: put a query into a file"), "{stderr}");
    // An app that has none may want the tables all the same.
    let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql", "--tables", "all"]);
    assert_eq!(code, 0, "{stderr}");
    let schema = fs::read_to_string(app.path("src/queries/schema.rs")).unwrap();
    assert!(schema.contains("places"), "{schema}");
}

/// What `describe` says of queries of which some are refused, a line for each.
fn refused_as_json(app: &App) -> Vec<serde_json::Value> {
    let (code, stdout, _) = app.run(&[
        "describe",
        "--schema",
        "schema.sql",
        "--format",
        "json",
        "queries",
    ]);
    assert_eq!(code, 1);
    let lines = stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn describe_prints_one_json_object_a_line_and_goes_on_after_errors() {
    let app = App::new();
    app.write(
        "queries/places.sql",
        &format!("-- name: bad\nselect nmae from places;\n{QUERIES}"),
    );
    let lines = refused_as_json(&app);
    let hint = lines[0]["errors"][0]["notes"][0].as_str().unwrap();
    assert!(hint.starts_with("hint: Perhaps you meant"), "{hint}");
    assert_eq!(lines[0]["errors"][0]["line"], 2);
    assert_eq!(lines[0]["errors"][0]["column"], 8);
    assert_eq!(lines[1]["query"], "find");
    assert_eq!(lines[1]["cardinality"], "opt");
    let param = &lines[1]["params"][0];
    assert_eq!(
        (&param["name"], &param["sql_type"], &param["rust_type"]),
        (&"id".into(), &"bigint".into(), &"i64".into())
    );
    assert_eq!(lines[1]["columns"][1]["nullable"], false);
    assert_eq!(lines[1]["errors"], serde_json::json!([]));
}

#[test]
fn describe_gives_the_authors_reason_for_the_authors_cardinality() {
    let app = App::new();
    app.write(
        "queries/places.sql",
        "-- name: stated :one\nselect id from places;\n-- name: found\nselect id from places;\n",
    );
    let (code, stdout, stderr) = app.run(&["describe", "--schema", "schema.sql", "queries"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("places.sql:1\n  the query says so\n"),
        "{stdout}"
    );
    assert!(
        stdout.contains("places.sql:3\n  `places` may have"),
        "{stdout}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_withholds_its_trees_is_said_once_and_all_may_be_null() {
    let (pool, database) = pool().await;
    pool.batch_execute(SCHEMA).await.unwrap();
    let proxy = Proxy::new(database.url()).await;
    proxy.keep_notices();
    let app = App::new();
    app.write(
        "queries/more.sql",
        "-- name: all_of_them\nselect id from places;\n",
    );
    let url = proxy.url();
    let (code, stdout, stderr) = app.run(&[
        "describe",
        "--database-url",
        &url,
        "--format",
        "json",
        "queries",
    ]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stderr.matches("withholds").count(), 1, "{stderr}");
    assert!(
        stderr.contains("help: connect to the server itself"),
        "{stderr}"
    );
    for line in stdout.lines() {
        let query: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(query["cardinality"], "many");
        assert_eq!(query["columns"][0]["sql_type"], "bigint");
        assert_eq!(query["columns"][0]["nullable"], true);
    }
    assert_eq!(stdout.lines().count(), 2);
}

#[test]
fn files_that_cannot_be_sql_are_errors_of_their_own() {
    let app = App::new();
    app.write("queries/nul.sql", "-- name: nul\nselect 1\0 as a;\n");
    fs::write(
        app.path("queries/latin.sql"),
        b"-- name: latin\nselect '\xe9' as a;\n",
    )
    .unwrap();
    let lines = refused_as_json(&app);
    let error = |line: usize| {
        let error = &lines[line]["errors"][0];
        format!(
            "{}:{}: {}",
            error["line"], error["column"], error["message"]
        )
    };
    assert_eq!(error(0), "2:9: \"the file is not UTF-8\"");
    assert_eq!(
        error(1),
        "2:9: \"the file has a NUL character, which no SQL can have\""
    );
    assert_eq!(lines[2]["query"], "find");
    assert_eq!(lines[2]["errors"], serde_json::json!([]));
}

#[test]
fn options_come_from_the_file_and_the_command_line_wins() {
    let app = App::new();
    app.write("howdah.toml", "schema = 'schema.sql'\nout_dir = 'db'\n");
    assert_eq!(app.run(&["generate"]).0, 0);
    assert!(app.path("db/places.rs").exists());
    assert_eq!(
        app.run(&["generate", "--out-dir", "other", "--form", "single"])
            .0,
        0
    );
    assert!(app.path("other/mod.rs").exists() && !app.path("other/places.rs").exists());
    app.write("howdah.toml", "scheme = 'schema.sql'\n");
    let (code, _, stderr) = app.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("unknown field `scheme`"), "{stderr}");
}

#[test]
fn exit_codes_tell_bad_options_from_a_database_that_is_not_there() {
    let app = App::new();
    let (code, _, stderr) = app.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("there is no schema to check the queries against"),
        "{stderr}"
    );
    assert_eq!(
        app.run(&[
            "generate",
            "--schema",
            "a.sql",
            "--database-url",
            "postgres:///x"
        ])
        .0,
        2
    );
    assert_eq!(
        app.run(&["generate", "--database-url", "postgres://127.0.0.1:1/x"])
            .0,
        3
    );
}
