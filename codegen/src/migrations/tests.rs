//! Folders of every layout, like those of the tools, and folders that must be errors.

use std::fs;

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(dir)
    }

    fn read(&self) -> Result<SchemaSource, MigrationsError> {
        read_migrations(self.0.path())
    }

    /// The error's text, without the folder's path.
    fn error(&self) -> String {
        let prefix = format!("{}/", self.0.path().display());
        self.read().unwrap_err().to_string().replace(&prefix, "")
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.0.path())
            .unwrap()
            .display()
            .to_string()
    }
}

#[track_caller]
fn check(files: &[(&str, &str)], layout: Layout, expected: &[(&str, &str)]) {
    let folder = Folder::new(files);
    let source = folder.read().unwrap();
    let found: Vec<_> = source
        .files()
        .iter()
        .map(|file| (folder.relative(&file.path), file.sql.trim()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, sql)| ((*name).to_owned(), *sql))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(source.layout(), Some(layout));
}

#[test]
fn lines_end_as_they_do_elsewhere() {
    let folder = Folder::new(&[("1_init.sql", "comment on table t is 'a\r\nb';\r\n")]);
    let source = folder.read().unwrap();
    assert_eq!(source.files()[0].sql, "comment on table t is 'a\nb';\n");
}

#[test]
fn numbered_files_are_ordered_as_numbers() {
    check(
        &[
            ("10_c.sql", "c"),
            ("002_b.sql", "b"),
            ("1_a.sql", "a"),
            ("README.md", "x"),
            (".keep", ""),
        ],
        Layout::Numbered,
        &[("1_a.sql", "a"), ("002_b.sql", "b"), ("10_c.sql", "c")],
    );
}

#[test]
fn numbers_can_have_parts() {
    check(
        &[
            ("00.05.00_02_c.sql", "c"),
            ("00.05.00_01_b.sql", "b"),
            ("00.00.00_01_a.sql", "a"),
            ("00.10.00_2fa.sql", "d"),
            ("2014_10_12_100000_f.sql", "f"),
            ("2014_10_12_000000_e.sql", "e"),
            ("2014_11_01_000000_g.sql", "g"),
        ],
        Layout::Numbered,
        &[
            ("00.00.00_01_a.sql", "a"),
            ("00.05.00_01_b.sql", "b"),
            ("00.05.00_02_c.sql", "c"),
            ("00.10.00_2fa.sql", "d"),
            ("2014_10_12_000000_e.sql", "e"),
            ("2014_10_12_100000_f.sql", "f"),
            ("2014_11_01_000000_g.sql", "g"),
        ],
    );
}

#[test]
fn sqlx_simple() {
    check(
        &[("20240102000000_b.sql", "b"), ("20240101120000_a.sql", "a")],
        Layout::Numbered,
        &[("20240101120000_a.sql", "a"), ("20240102000000_b.sql", "b")],
    );
}

#[test]
fn up_and_down_files() {
    check(
        &[
            ("000001_a.up.sql", "a"),
            ("000001_a.down.sql", "undo"),
            ("000002_b.up.sql", "b"),
        ],
        Layout::UpDown,
        &[("000001_a.up.sql", "a"), ("000002_b.up.sql", "b")],
    );
}

#[test]
fn sqlx_reversible_beside_simple() {
    check(
        &[
            ("1_init.sql", "a"),
            ("2_more.up.sql", "b"),
            ("2_more.down.sql", "undo b"),
            ("3_last.sql", "c"),
        ],
        Layout::Numbered,
        &[
            ("1_init.sql", "a"),
            ("2_more.up.sql", "b"),
            ("3_last.sql", "c"),
        ],
    );
}

#[test]
fn refinery() {
    check(
        &[
            ("V10__c.sql", "c"),
            ("V2__b.sql", "b"),
            ("U3__between.sql", "u"),
            ("mod.rs", ""),
        ],
        Layout::Versioned,
        &[
            ("V2__b.sql", "b"),
            ("U3__between.sql", "u"),
            ("V10__c.sql", "c"),
        ],
    );
}

#[test]
fn flyway() {
    check(
        &[
            ("V1.10__c.sql", "c"),
            ("V1.2__b.sql", "b"),
            ("V1__a.sql", "a"),
            ("U1__a.sql", "undo a"),
            ("V2_0_1__e.sql", "e"),
            ("V2.0__d.sql", "d"),
            ("R__views.sql", "views"),
            ("R__functions.sql", "functions"),
        ],
        Layout::Versioned,
        &[
            ("V1__a.sql", "a"),
            ("V1.2__b.sql", "b"),
            ("V1.10__c.sql", "c"),
            ("V2.0__d.sql", "d"),
            ("V2_0_1__e.sql", "e"),
            ("R__functions.sql", "functions"),
            ("R__views.sql", "views"),
        ],
    );
    let error = Folder::new(&[("V1.0__a.sql", ""), ("V1__b.sql", "")]).error();
    assert_eq!(
        error,
        "two migrations have version 1: V1.0__a.sql and V1__b.sql\n\
         help: give one of them another version, or name the files in their order as schema files"
    );
}

#[test]
fn prisma() {
    check(
        &[
            ("migration_lock.toml", ""),
            ("20240102000000_more/migration.sql", "b"),
            ("20240101000000_init/migration.sql", "a"),
        ],
        Layout::Prisma,
        &[
            ("20240101000000_init/migration.sql", "a"),
            ("20240102000000_more/migration.sql", "b"),
        ],
    );
}

#[test]
fn what_reverts_stands_below_in_one_file() {
    check(
        &[
            ("001_a.sql", "a\n---- create above / drop below ----\nundo"),
            ("002_b.sql", "b"),
        ],
        Layout::Tern,
        &[("001_a.sql", "a"), ("002_b.sql", "b")],
    );
    check(
        &[(
            "001_a.sql",
            "a; ---- create above / drop below ---- -- b\nundo",
        )],
        Layout::Tern,
        &[("001_a.sql", "a;")],
    );
    check(
        &[
            ("1_a.sql", "-- Up Migration\na\n--Down  Migration\nundo"),
            ("2_b.sql", "b"),
            ("3_c.sql", "c\n-- down migration\nundo"),
            ("4_d.sql", "-- Down Migration\nundo\n-- Up Migration\nd"),
            ("5_e.sql", "e\n\t-- --- Down Migration ---\nundo"),
        ],
        Layout::NodePgMigrate,
        &[
            ("1_a.sql", "-- Up Migration\na"),
            ("2_b.sql", "b"),
            ("3_c.sql", "c"),
            ("4_d.sql", "-- Up Migration\nd"),
            ("5_e.sql", "e"),
        ],
    );
}

#[test]
fn what_reverts_stands_in_files_of_its_own() {
    check(
        &[
            ("001.do.a.sql", "a"),
            ("001.undo.a.sql", "undo"),
            ("0002.b.sql", "b"),
            ("0002.b.rollback.sql", "undo"),
        ],
        Layout::Numbered,
        &[("001.do.a.sql", "a"), ("0002.b.sql", "b")],
    );
    check(
        &[
            ("20110101-a-up.sql", "a"),
            ("20110101-a-down.sql", "undo"),
            ("20110102_b.sql", "b"),
            ("20110102_b_rollback.sql", "undo"),
            ("20110103_up.sql", "c"),
            ("20110103_down.sql", "undo"),
            ("20110104_scale_down.sql", "d"),
        ],
        Layout::Numbered,
        &[
            ("20110101-a-up.sql", "a"),
            ("20110102_b.sql", "b"),
            ("20110103_up.sql", "c"),
            ("20110104_scale_down.sql", "d"),
        ],
    );
    check(
        &[("V1__a.sql", "a"), ("V1__a.undo.sql", "undo")],
        Layout::Versioned,
        &[("V1__a.sql", "a")],
    );
}

#[test]
fn flyway_and_refinery_look_into_folders() {
    check(
        &[
            ("2023/1.0/V2__b.sql", "b"),
            ("2024/V10__c.sql", "c"),
            ("V1__a.sql", "a"),
            ("R__views.sql", "views"),
            ("docs/README.md", ""),
        ],
        Layout::Versioned,
        &[
            ("V1__a.sql", "a"),
            ("2023/1.0/V2__b.sql", "b"),
            ("2024/V10__c.sql", "c"),
            ("R__views.sql", "views"),
        ],
    );
    check(
        &[("books/V1__a.sql", "a"), ("loans/V2__b.sql", "b")],
        Layout::Versioned,
        &[("books/V1__a.sql", "a"), ("loans/V2__b.sql", "b")],
    );
}

#[test]
fn folders_of_other_tools_are_not_looked_into() {
    check(
        &[
            ("1_a.sql", "a"),
            ("seeds/2_b.sql", "b"),
            ("snapshots/V1__c.sql", "c"),
            ("2024/notes.md", ""),
        ],
        Layout::Numbered,
        &[("1_a.sql", "a")],
    );
    let error = Folder::new(&[("1_a.sql", "a"), ("2_b/b.sql", "b")]).error();
    assert!(
        error.starts_with("2_b is not named as a migration"),
        "{error}"
    );
    let error = Folder::new(&[("up/1_a.sql", "a"), ("down/1_a.sql", "undo")]).error();
    assert!(
        error.starts_with("there are no migrations in ") && error.contains(", but in down and up"),
        "{error}"
    );
    let files = [("default/1_a/up.sql", "a"), ("docs/README.md", "")];
    let error = Folder::new(&files).error();
    assert!(error.contains(", but in default\nhelp: name "), "{error}");
}

#[test]
fn what_seems_to_revert_is_refused() {
    for name in ["1_a.sql", "1_a.up.sql", "V1__a.sql", "1_a/up.sql"] {
        let error = Folder::new(&[(
            name,
            "create table t ();\n\n-- rambler down\ndrop table t;\n",
        )])
        .error();
        let expected = format!("{name}:3: this seems to begin what reverts the migration");
        assert!(error.starts_with(&expected), "{error}");
        assert!(
            error.contains("help: known marks are `-- migrate:down`, "),
            "{error}"
        );
    }
    let text = "-- +goose Up\ncreate table t ();\n-- rollback\ndrop table t;\n";
    let error = Folder::new(&[("1_a.sql", text)]).error();
    let expected = "1_a.sql:3: this seems to begin what reverts the migration";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn schema_files_that_are_migrations_are_refused() {
    for mark in [
        "-- migrate:down",
        "-- +goose Down",
        "-- +migrate Down",
        "---- create above / drop below ----",
        "-- Down Migration",
        "-- rollback",
    ] {
        let text = format!("create table t ();\n{mark}\ndrop table t;\n");
        let folder = Folder::new(&[("1_a.sql", &text)]);
        let path = folder.0.path().join("1_a.sql");
        let error = read_schema_files(&[&path]).unwrap_err().to_string();
        let expected = format!(
            "{}:2: this seems to begin what reverts a migration, and a schema file is run whole\nhelp: ",
            path.display()
        );
        assert!(error.starts_with(&expected), "{mark}: {error}");
    }
}

#[test]
fn dbmate() {
    check(
        &[(
            "20240101_a.sql",
            "-- migrate:up\na\n-- migrate:down\nundo\n",
        )],
        Layout::Dbmate,
        &[("20240101_a.sql", "-- migrate:up\na")],
    );
}

#[test]
fn numbers_of_tools_that_sort_by_name_are_of_one_length() {
    let text = "-- migrate:up\na\n";
    let error = Folder::new(&[("2_b.sql", text), ("10_c.sql", text)]).error();
    let expected = "by its number 2_b.sql is before 10_c.sql, but dbmate's files with `-- migrate:up` \
                    are run in the order of their names\nhelp: write all numbers";
    assert!(error.starts_with(expected), "{error}");
    let error = Folder::new(&[("2_b/up.sql", "b"), ("10_c/up.sql", "c")]).error();
    assert!(
        error.starts_with("by its number 2_b/up.sql is before 10_c/up.sql"),
        "{error}"
    );
    check(
        &[("02_b.sql", text), ("10_c.sql", text)],
        Layout::Dbmate,
        &[
            ("02_b.sql", "-- migrate:up\na"),
            ("10_c.sql", "-- migrate:up\na"),
        ],
    );
    check(
        &[
            ("20161130000000_b/up.sql", "b"),
            ("2016-12-01-000000_c/up.sql", "c"),
        ],
        Layout::Diesel,
        &[
            ("20161130000000_b/up.sql", "b"),
            ("2016-12-01-000000_c/up.sql", "c"),
        ],
    );
}

#[test]
fn goose_and_sql_migrate() {
    check(
        &[("1_a.sql", "-- +goose Up\na\n-- +goose Down\nundo")],
        Layout::Goose,
        &[("1_a.sql", "-- +goose Up\na")],
    );
    check(
        &[("1_a.sql", "-- +migrate Up\na\n-- +migrate Down\nundo")],
        Layout::SqlMigrate,
        &[("1_a.sql", "-- +migrate Up\na")],
    );
}

#[test]
fn a_mark_after_a_byte_order_mark_counts() {
    for (up, down, layout) in [
        ("-- migrate:up", "-- migrate:down", Layout::Dbmate),
        ("-- +goose Up", "-- +goose Down", Layout::Goose),
        ("-- +migrate Up", "-- +migrate Down", Layout::SqlMigrate),
    ] {
        let text = format!("\u{feff}{up}\na\n{down}\nundo\n");
        let kept = format!("{up}\na");
        check(&[("1_a.sql", &text)], layout, &[("1_a.sql", &kept)]);
    }
}

#[test]
fn what_resembles_a_mark_never_makes_a_file_run_whole() {
    for mark in [
        " -- migrate:up",
        "-- migrate: up",
        "-- migrate up",
        "--- migrate:up",
        "--- migrate:up transaction:false",
        "\t-- +goose Up",
        "--- +goose Up",
        "-- +gooseUp",
        " -- +migrate Up",
        "-- + migrate Up",
    ] {
        let text = format!("-- A table.\n{mark}\na\n");
        let error = Folder::new(&[("1_a.sql", &text)]).error();
        assert!(
            error.starts_with("1_a.sql:2: this is read as no mark, but resembles `-- "),
            "{mark}: {error}"
        );
    }
    let down = Folder::new(&[("1_a.sql", "-- migrate:up\na\n-- migrate: down\nundo\n")]);
    let expected = "1_a.sql:3: this is read as no mark, but resembles `-- migrate:down`";
    assert!(down.error().starts_with(expected), "{}", down.error());
    for (text, mark) in [
        ("a\n-- migrate:down\nundo\n", "-- migrate:up"),
        ("a\n-- +goose Down\nundo\n", "-- +goose Up"),
        ("-- +migrate Down\nundo\n", "-- +migrate Up"),
    ] {
        let error = Folder::new(&[("1_a.sql", text)]).error();
        assert!(
            error.starts_with(&format!("1_a.sql has no `{mark}` line")),
            "{error}"
        );
    }
    let prose =
        "-- Migrate the books of 2019.\n-- migrate up to ten rows\n-- We migrate: up and on.\na";
    check(
        &[("1_a.sql", prose)],
        Layout::Numbered,
        &[("1_a.sql", prose)],
    );
}

#[test]
fn diesel() {
    let initial = "00000000000000_diesel_initial_setup/up.sql";
    check(
        &[
            ("2024-01-01-000000_b/up.sql", "b"),
            ("2024-01-01-000000_b/down.sql", "undo"),
            (initial, "a"),
            (".diesel_lock", ""),
        ],
        Layout::Diesel,
        &[(initial, "a"), ("2024-01-01-000000_b/up.sql", "b")],
    );
}

#[test]
fn a_migration_is_one_transaction_unless_it_says_otherwise() {
    let folder = Folder::new(&[
        ("2024-01-01-000000_a/up.sql", "a"),
        ("2024-01-02-000000_b/up.sql", "b"),
        (
            "2024-01-02-000000_b/metadata.toml",
            "run_in_transaction = false\n",
        ),
    ]);
    let source = folder.read().unwrap();
    let transactions: Vec<_> = source.files().iter().map(|file| file.transaction).collect();
    assert_eq!(
        transactions,
        [Transaction::PerFile, Transaction::PerStatement]
    );
    let watched: Vec<_> = source
        .watched()
        .iter()
        .map(|path| folder.relative(path))
        .collect();
    assert_eq!(
        watched,
        [
            "",
            "2024-01-01-000000_a/up.sql",
            "2024-01-02-000000_b/up.sql",
            "2024-01-02-000000_b/metadata.toml"
        ]
    );
}

#[test]
fn folders_that_leave_the_schema_open_are_refused() {
    let empty = Folder::new(&[("README.md", "")]).error();
    assert!(empty.starts_with("there are no migrations in "));
    assert!(empty.contains("known names are `001_init.sql`"));
    assert_eq!(
        Folder::new(&[("1_a.sql", ""), ("01_b.sql", "")]).error(),
        "two migrations have version 1: 01_b.sql and 1_a.sql\n\
         help: give one of them another version, or name the files in their order as schema files"
    );
    assert_eq!(
        Folder::new(&[("1_a.sql", ""), ("V2__b.sql", "")]).error(),
        "the migrations are of two layouts: 1_a.sql is one of numbered .sql files, \
         V2__b.sql is one of V1__name.sql files of refinery or Flyway"
    );
    for name in ["schema.sql", "2_SCHEMA.SQL", "B1__schema.sql"] {
        let error = Folder::new(&[("1_a.sql", ""), (name, "")]).error();
        let expected = format!("{name} is not named as a migration\nhelp: known");
        assert!(error.starts_with(&expected), "{error}");
    }
    let rust = Folder::new(&[("V2__b.rs", "")]);
    assert!(rust.error().contains("written in Rust"));
    // What a build script's `main` shows.
    let debug = format!("{:?}", rust.read().unwrap_err());
    assert!(debug.contains("\nhelp: read the schema from"), "{debug}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::new(&[]);
    let missing = folder.0.path().join("missing.sql");
    let error = read_schema_files(&[&missing]).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("could not read {}", missing.display())),
        "{error}"
    );
    let dump = folder.0.path().join("dump.sql");
    for (bytes, expected) in [
        (
            &b"PGDMP\x01\x0e\x00"[..],
            "is an archive of pg_dump, which only pg_restore reads\nhelp: ",
        ),
        (
            b"\x1f\x8b\x08\x00",
            "is compressed\nhelp: unpack it with gunzip",
        ),
        (b"select 1;\n-- caf\xe9\n", ":2: this is not UTF-8"),
    ] {
        fs::write(&dump, bytes).unwrap();
        let error = read_schema_files(&[&dump]).unwrap_err().to_string();
        let told = error.strip_prefix(&dump.display().to_string()).unwrap();
        assert!(told.trim_start().starts_with(expected), "{error}");
    }
    let none: [&Path; 0] = [];
    assert_eq!(
        read_schema_files(&none).unwrap_err().to_string(),
        "no schema file was named"
    );
}

#[test]
fn a_byte_order_mark_is_blank() {
    let folder = Folder::new(&[("schema.sql", "\u{feff}select 1")]);
    let path = folder.0.path().join("schema.sql");
    let source = read_schema_files(&[&path]).unwrap();
    assert_eq!(source.files()[0].sql, "   select 1");
    assert_eq!(source.files()[0].transaction, Transaction::PerStatement);
    assert_eq!(source.watched(), [path]);
}
