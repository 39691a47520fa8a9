//! What is read of the catalog does not depend on who reads it and when: the settings of the session, what other
//! sessions hold and do, and names that hide those of PostgreSQL.

use howdah_codegen::catalog::Catalog;
use howdah_codegen::inspect::inspect;
use howdah_codegen::scratch::Database;
use tokio_postgres::{Client, NoTls};

use super::support::{database_with, pool};
use crate::waiting::wait_until;

fn catalog_of(database: &Database) -> Catalog {
    inspect(database.url(), &[]).unwrap().catalog
}

async fn session(database: &Database) -> Client {
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

/// The definitions of the constraints, indexes' predicates and generated columns of table `t`.
fn definitions(catalog: &Catalog) -> Vec<String> {
    let table = catalog.relations.iter().find(|r| r.name.name == "t");
    let table = table.unwrap();
    let constraints = table.constraints.iter().map(|c| c.definition.clone());
    let indexes = table
        .unique_indexes
        .iter()
        .filter_map(|i| i.predicate.clone());
    constraints.chain(indexes).collect()
}

#[test]
fn definitions_are_the_same_whatever_the_settings_are() {
    const TABLE: &str = "
        create type color as enum ('red');
        create table t (
            at timestamptz check (at > '2020-01-01 00:00:00+00'), day date check (day < '2024-12-31'),
            took interval check (took < '1 day -02:03:04'), part float8 check (part < 0.1::float4),
            raw bytea check (raw <> '\\x00ff'), hue color check (hue <> 'red')
        );
        create unique index on t (at) where part > 0.25";
    const SETTINGS: [&str; 7] = [
        "timezone = 'Asia/Tokyo'",
        "datestyle = 'sql, dmy'",
        "intervalstyle = 'sql_standard'",
        "quote_all_identifiers = on",
        "extra_float_digits = -10",
        "bytea_output = 'escape'",
        "statement_timeout = 1",
    ];
    let plain = definitions(&catalog_of(&database_with(TABLE)));
    assert_eq!(plain.len(), 7);
    for setting in SETTINGS {
        let set = format!(
            "do $$ begin execute format('alter database %I set {}', current_database()); end $$",
            setting.replace('\'', "''")
        );
        let database = database_with(&format!("{TABLE}; {set}"));
        assert_eq!(definitions(&catalog_of(&database)), plain, "{setting}");
    }
}

#[tokio::test]
async fn temporary_children_of_other_sessions_change_nothing() {
    let database = database_with("create table t (a int not null)");
    let other = session(&database).await;
    let child = "create temp table c (b int) inherits (t)";
    other.batch_execute(child).await.unwrap();
    let answer = inspect(database.url(), &["select a from t"]).unwrap();
    assert!(!answer.answers[0].as_ref().unwrap().columns[0].nullable);
}

#[tokio::test]
async fn the_catalog_is_of_one_moment() {
    let (pool, database) = pool().await;
    pool.batch_execute("create table t (a int, b int)")
        .await
        .unwrap();
    let other = session(&database).await;
    // Columns are read before triggers, and constraints after.
    other
        .batch_execute("begin; lock table pg_trigger in access exclusive mode")
        .await
        .unwrap();
    let url = database.url().to_owned();
    let read = tokio::task::spawn_blocking(move || inspect(&url, &[]).unwrap().catalog);
    wait_until("the catalog is being read", async || {
        let waiting =
            "select count(*) from pg_locks where not granted and relation = 'pg_trigger'::regclass
            and database = (select oid from pg_database where datname = current_database())";
        let row = other.query_one(waiting, &[]).await.unwrap();
        row.get::<_, i64>(0) > 0
    })
    .await;
    other
        .batch_execute("alter table t add c int, add check (c > 0); commit")
        .await
        .unwrap();
    let catalog = read.await.unwrap();
    let table = catalog.relations.iter().find(|r| r.name.name == "t");
    let table = table.unwrap();
    assert_eq!((table.columns.len(), table.constraints.len()), (2, 0));
}

#[test]
fn functions_of_a_user_are_not_built_in_even_in_that_schema() {
    let database = database_with(
        "create schema other; create type other.text as enum ('a');
        create function pg_catalog.lower(other.text) returns text language plpgsql as 'begin return null; end'",
    );
    let answers = inspect(database.url(), &["select lower('a'::other.text)"]).unwrap();
    assert!(answers.answers[0].as_ref().unwrap().columns[0].nullable);
}

#[test]
fn tables_that_hide_those_of_the_catalog_are_read_like_others() {
    let database = database_with(
        "create schema hiding; create table hiding.pg_class (id int primary key);
        create function hiding.to_json(anyelement) returns json language sql as 'select null::json';
        do $$ begin
            execute format('alter database %I set search_path = hiding, public, pg_catalog', current_database());
        end $$",
    );
    let found = inspect(database.url(), &["select id from pg_class"]).unwrap();
    assert!(!found.answers[0].as_ref().unwrap().columns[0].nullable);
    assert_eq!(found.catalog.search_path, ["hiding", "public"]);
}

#[test]
fn expressions_are_not_read_where_functions_of_the_user_hide_those_that_are_built_in() {
    let database = database_with(
        "create table words (id int primary key, word text not null,
            number int generated always as (nullif(length(word), 0)) stored);
        create schema hiding;
        create function hiding.length(text) returns int language sql immutable as 'select 1';
        create table sizes (id int primary key, word text not null,
            size int generated always as (pg_catalog.length(word)) stored);",
    );
    let nullable = |path: &str| {
        let url = format!("{}?options=-csearch_path%3D{path}", database.url());
        let found = inspect(
            &url,
            &[
                "select size from public.sizes",
                "select number from public.words",
            ],
        );
        let found = found.unwrap();
        let nullable = |at: usize| found.answers[at].as_ref().unwrap().columns[0].nullable;
        [nullable(0), nullable(1)]
    };
    assert_eq!(nullable("public"), [false, true]);
    assert_eq!(nullable("hiding%2Cpg_catalog%2Cpublic"), [true, true]);
}

/// PostgreSQL, from version 15 at least to 18, looks for a partition's columns by the numbers of those of the partitioned table.
#[test]
fn partitions_whose_columns_have_other_numbers_are_read() {
    let database = database_with(
        "create table other (a int, b int, primary key (a, b));
         create table parted (x int, y int, a int, b int) partition by hash (a);
         alter table parted drop column x, drop column y;
         create table t (b int, a int);
         do $$ declare
             -- As version 14 has it.
             columns text := case when current_setting('server_version_num')::int < 150000 then '' else '(b)' end;
         begin
             execute 'alter table parted add constraint refers foreign key (a, b) references other on delete set null ' || columns;
         end $$;
         alter table parted attach partition t for values with (modulus 1, remainder 0)",
    );
    let [definition] = &definitions(&catalog_of(&database))[..] else {
        panic!("one constraint");
    };
    let expected = "FOREIGN KEY (a, b) REFERENCES other(a, b) ON DELETE SET NULL";
    assert!(definition.starts_with(expected), "{definition}");
}
