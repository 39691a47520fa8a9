//! Schema files and migrations as they are run in a scratch database, and how the ones that fail are reported.

use std::fs;
use std::path::Path;

use howdah_codegen::migrations::{self, Transaction};
use howdah_codegen::scratch::Server;

use super::{ask, file, load, refused};

#[test]
fn a_failing_statement_is_found_in_its_file() {
    let refused = refused("create table t (x int);\n\n-- über\nselect 'é',\n  nme from t;\n");
    assert_eq!(refused.file, Path::new("schema.sql"));
    assert_eq!((refused.line, refused.column), (5, 3));
    assert_eq!(refused.message, "column \"nme\" does not exist");
    assert_eq!(refused.sqlstate.as_deref(), Some("42703"));
    assert_eq!(
        refused.to_string(),
        "schema.sql:5:3: column \"nme\" does not exist (42703)"
    );
}

#[test]
fn detail_and_hint_of_the_server_are_kept() {
    let refused = refused("create table t (x int unique); insert into t values (1), (1)");
    assert_eq!(
        refused.detail.as_deref(),
        Some("Key (x)=(1) already exists.")
    );
    assert_eq!((refused.line, refused.column), (1, 32));
}

#[test]
fn what_only_other_servers_have_is_told() {
    for (sql, way_out) in [
        (
            "grant all on schema public to nobody_here",
            "leave owners and grants out",
        ),
        (
            "create function f() returns int language plnosuch as ''",
            "have a file before this one run `create extension` for it",
        ),
        (
            "create table t (x text collate \"xx-nosuch\")",
            "`create collation`",
        ),
    ] {
        let hint = refused(sql).hint.unwrap();
        assert!(hint.contains(way_out), "{sql}: {hint}");
    }
}

#[test]
fn a_dump_of_pg_dump_with_data_loads() {
    let dump = "--\n-- PostgreSQL database dump\n--\n\\restrict AbC\n\
        SELECT pg_catalog.set_config('search_path', '', false);\n\
        CREATE TABLE public.t (\n    a integer,\n    b text\n);\n\
        COPY public.t (a, b) FROM stdin;\n1\tit's; $$\n2\t\\N\n\\.\n\n\
        ALTER TABLE ONLY public.t ADD PRIMARY KEY (a);\n\\unrestrict AbC\n";
    let next = "insert into t values (3, 'unqualified again');";
    let database = load(&[
        file(dump, Transaction::PerStatement),
        file(next, Transaction::PerFile),
    ])
    .unwrap();
    assert_eq!(
        ask(
            &database,
            "select string_agg(a || coalesce(b, '-'), '|' order by a) from t"
        ),
        "1it's; $$|2-|3unqualified again"
    );
}

#[test]
fn a_dump_of_one_schema_by_a_later_pg_dump_loads() {
    let dump = "SET statement_timeout = 0;\nSET transaction_timeout = 0;\n\
        CREATE SCHEMA public;\n\nALTER SCHEMA public OWNER TO pg_database_owner;\n\
        CREATE TABLE public.t (a integer);\n";
    for transaction in [Transaction::PerStatement, Transaction::PerFile] {
        let database = load(&[file(dump, transaction)]).unwrap();
        assert_eq!(ask(&database, "select count(*) from t"), "0");
    }
    let anew = "drop schema public;\ncreate schema \"public\";\ncreate table public.t ();\n";
    let database = load(&[file(anew, Transaction::PerStatement)]).unwrap();
    assert_eq!(ask(&database, "select count(*) from t"), "0");
    let refused = refused("create schema other; create schema other;");
    assert_eq!(refused.message, "schema \"other\" already exists");
}

#[test]
fn a_row_of_copy_that_is_wrong_is_said_to_be() {
    let refused = refused("create table t (a int);\ncopy t from stdin;\n1\nx\n\\.\n");
    assert_eq!(refused.line, 2);
    assert!(refused.detail.unwrap().contains("COPY t, line 2, column a"));
}

#[test]
fn commands_of_psql_are_refused() {
    let refused = refused("select 1;\n\\connect other\n");
    assert_eq!((refused.line, refused.column), (2, 1));
    assert!(
        refused.message.contains("`\\connect`"),
        "{}",
        refused.message
    );
}

#[test]
fn what_an_extension_brings_is_told() {
    let hint = |sql: &str| refused(sql).hint.unwrap();
    assert!(hint("create table t (e citext)").contains("`create extension citext`"));
    assert!(
        hint("create table t (id uuid default uuid_generate_v4())")
            .contains("`create extension \"uuid-ossp\"`")
    );
    let index = "create table t (a text); create index on t using gin (a gin_trgm_ops)";
    assert!(hint(index).contains("`create extension pg_trgm`"));
    let exclusion = "create table t (a int, exclude using gist (a with =))";
    assert!(hint(exclusion).contains("`create extension btree_gist`"));
}

#[test]
fn what_cannot_run_in_a_transaction_is_run_outside() {
    let index = "create table t (x int);\ncreate index concurrently t_x on t (x);";
    let label = "create type mood as enum ('sad');\nalter type mood add value 'happy';\n\
                 create table m (mood mood default 'happy');";
    let vacuum = "vacuum";
    let database =
        load(&[index, label, vacuum].map(|sql| file(sql, Transaction::PerFile))).unwrap();
    assert_eq!(
        ask(&database, "insert into m values (default) returning mood"),
        "happy"
    );
    assert_eq!(
        ask(
            &database,
            "select indisvalid from pg_index where indexrelid = 't_x'::regclass"
        ),
        "t"
    );
}

#[test]
fn a_migration_is_one_transaction() {
    let server = Server::shared().unwrap();
    let database = server.database().unwrap();
    let migration = "create table half (); create table half ();";
    assert!(
        database
            .load(&[file(migration, Transaction::PerFile)])
            .is_err()
    );
    assert_eq!(ask(&database, "select to_regclass('half')"), "NULL");
}

#[test]
fn a_file_that_leaves_its_transaction_open_is_refused() {
    let refused = refused("begin;\ncreate table t ();\n");
    assert_eq!(
        refused.message,
        "the file ends inside the transaction that it began"
    );
}

#[test]
fn a_migrations_folder_makes_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1_a.up.sql"), "create table t (a int);").unwrap();
    fs::write(folder.path().join("1_a.down.sql"), "drop table t;").unwrap();
    fs::write(folder.path().join("2_b.up.sql"), "alter table t add b int;").unwrap();
    let source = migrations::read_migrations(folder.path()).unwrap();
    let database = Server::shared()
        .unwrap()
        .template_of(source.files())
        .unwrap()
        .database()
        .unwrap();
    assert_eq!(
        ask(
            &database,
            "select count(*) from pg_attribute where attrelid = 't'::regclass and attnum > 0"
        ),
        "2"
    );
}
