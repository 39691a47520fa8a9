//! The scratch server from the user's view: separate databases, templates, clear errors.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use howdah_codegen::migrations::Transaction;
use howdah_codegen::scratch::{self, ScratchError, Server, Template};
use tokio_postgres::NoTls;

use super::{ask, file, refused};

fn template(sql: &str) -> Template {
    Server::shared()
        .unwrap()
        .template_of(&[file(sql, Transaction::PerStatement)])
        .unwrap()
}

#[test]
fn cloned_databases_are_independent() {
    let template = template("create table t (x int); insert into t values (1);");
    let (one, other) = (template.database().unwrap(), template.database().unwrap());
    assert_eq!(
        ask(&one, "insert into t values (2); select count(*) from t"),
        "2"
    );
    assert_eq!(ask(&other, "select count(*) from t"), "1");
    assert_eq!(
        ask(&template.database().unwrap(), "select count(*) from t"),
        "1"
    );
}

#[test]
fn clones_keep_the_settings_of_their_database_and_of_roles_in_it() {
    let template = template(
        "create schema apart; create table apart.t (x int);
         do $$ begin
             execute format('alter database %I set search_path = apart, \"$user\", public', current_database());
             execute format('alter role postgres in database %I set application_name = %L', current_database(), 'it''s');
         end $$;",
    );
    let database = template.database().unwrap();
    assert_eq!(ask(&database, "select count(*) from t"), "0");
    assert_eq!(
        ask(&database, "show search_path"),
        "apart, \"$user\", public"
    );
    assert_eq!(ask(&database, "show application_name"), "it's");
    let other = Server::shared().unwrap().database().unwrap();
    assert_eq!(ask(&other, "show search_path"), "\"$user\", public");
}

#[test]
fn ten_threads_build_one_template_and_clone_it_at_once() {
    let server = Server::shared().unwrap();
    let builds = AtomicU32::new(0);
    let clone = || {
        let build = |url: &str| {
            builds.fetch_add(1, Ordering::Relaxed);
            scratch::load(
                url,
                &[file("create table only_one ()", Transaction::PerFile)],
            )
        };
        let database = server.template("ten threads", build)?.database()?;
        assert_eq!(ask(&database, "select to_regclass('only_one')"), "only_one");
        Ok::<String, ScratchError>(database.name().to_owned())
    };
    let mut names: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(clone)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap().unwrap())
            .collect()
    });
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 10);
    assert_eq!(builds.into_inner(), 1);
}

#[test]
fn a_template_that_failed_is_tried_again() {
    let server = Server::shared().unwrap();
    let bad = |url: &str| scratch::load(url, &[file("create", Transaction::PerFile)]);
    assert!(server.template("tried again", bad).is_err());
    let good = |_: &str| Ok::<(), ScratchError>(());
    assert!(server.template("tried again", good).is_ok());
}

#[test]
fn a_dropped_database_is_gone_even_while_connected() {
    let server = Server::shared().unwrap();
    let database = server.database().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let name = database.name().to_owned();
    // Inside of a caller's runtime, where blocking on another would panic.
    let client = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        drop(database);
        client
    });
    let count = format!("select count(*) from pg_database where datname = '{name}'");
    assert_eq!(ask(&server.database().unwrap(), &count), "0");
    drop(client);
}

#[test]
fn text_is_unicode_and_sorts_by_code_point() {
    let database = Server::shared().unwrap().database().unwrap();
    assert_eq!(ask(&database, "select upper('straße é')"), "STRAßE É");
    assert_eq!(
        ask(
            &database,
            "select string_agg(x, '' order by x) from unnest('{a,B,é}'::text[]) x"
        ),
        "Baé"
    );
    assert_eq!(ask(&database, "show timezone"), "UTC");
}

#[test]
fn a_directory_without_binaries_is_an_error_that_names_it() {
    let error = Server::builder()
        .bin_dir("/nonexistent/bin")
        .start()
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("/nonexistent/bin (from the option bin_dir) does not hold"),
        "{error}"
    );
}

#[test]
fn a_server_that_does_not_start_says_why() {
    let error = Server::builder()
        .setting("shared_buffers", "nonsense")
        .start()
        .unwrap_err()
        .to_string();
    assert!(error.contains("could not start the server"), "{error}");
    assert!(error.contains("shared_buffers"), "{error}");
}

#[test]
fn a_cluster_is_kept_for_the_next_start_and_remade_when_damaged() {
    let cache = tempfile::tempdir().unwrap();
    let start = || {
        Server::builder()
            .cache_dir(cache.path().join("howdah"))
            .start()
            .unwrap()
    };
    let kept = || {
        fs::read_dir(cache.path().join("howdah"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path()
    };
    drop(start());
    let control = kept().join("data/global/pg_control");
    let length = fs::metadata(&control).unwrap().len();
    // As long as it was, so that only the server can tell that it is broken.
    fs::write(&control, vec![0; length as usize]).unwrap();
    let server = start();
    assert_eq!(ask(&server.database().unwrap(), "select 1"), "1");
    assert_ne!(fs::read(&control).unwrap(), vec![0; length as usize]);
}

#[test]
fn a_missing_extension_is_named_with_its_package() {
    let server = Server::shared().unwrap();
    server.require_extension("plpgsql").unwrap();
    let error = server.require_extension("no_such_extension").unwrap_err();
    // What a test that unwraps it shows.
    let debug = format!("{error:?}");
    let error = error.to_string();
    assert_eq!(debug, format!("\n{error}"));
    assert!(
        error.contains("does not have the extension \"no_such_extension\"\nhelp: "),
        "{error}"
    );
    let refused = refused("create extension no_such_extension");
    assert!(refused.hint.unwrap().contains("no_such_extension"));
}

#[test]
fn a_dump_with_owners_is_told_to_leave_them_out() {
    let refused = refused("create table t (); alter table t owner to \"the app\"");
    assert!(refused.hint.unwrap().contains("pg_dump --no-owner"));
}
