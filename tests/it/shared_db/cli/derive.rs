//! `howdah derive`.

use super::App;

#[test]
fn derive_prints_a_struct_that_is_ready_to_be_pasted() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create type mood as enum ('happy', 'sad');
         create table \"Odd table\" (
             id bigint generated always as identity primary key, name text not null, tags text[] not null,
             mood mood, \"odd Name\" int not null default 1, type text
         );
         comment on table \"Odd table\" is 'What is odd.';
         create schema other;
         create table other.pairs (a uuid default gen_random_uuid(), b int default 1, primary key (a, b));
         create table other.\"a.b \"\"c\"\"\" (id int);",
    );
    let schema = ["--schema", "schema.sql"];
    let run = |tables: &[&str]| app.run(&[&["derive"], tables, &schema].concat());
    let (code, stdout, stderr) = run(&["Odd table", "other.pairs"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(
        stdout,
        r#"use crate::queries::{schema, types};

/// A row of `public."Odd table"`.
///
/// What is odd.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::odd_table)]
pub struct OddTable {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `text`, not null.
    pub name: String,
    /// `text[]`, not null.
    pub tags: Vec<Option<String>>,
    /// `mood`, nullable.
    pub mood: Option<types::Mood>,
    /// `integer`, not null.
    #[pg(rename = "odd Name")]
    pub odd_name: i32,
    /// `text`, nullable.
    pub r#type: Option<String>,
}

/// A row of `other.pairs`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::other_pairs)]
pub struct OtherPairs {
    /// `uuid`, not null.
    #[pg(key, generated)]
    pub a: uuid::Uuid,
    /// `integer`, not null.
    #[pg(key)]
    pub b: i32,
}
"#
    );
    // A name with dots or quotes in it is written as in SQL.
    let (code, stdout, stderr) = run(&[r#"other."a.b ""c""""#]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(
        stdout.contains("#[pg(table = schema::other_a_b_c)]"),
        "{stdout}"
    );
}

#[test]
fn derive_prints_what_can_be_written_through_views() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create table people (id bigint generated always as identity primary key, name text not null, age int not null);
         create table pairs (a uuid default gen_random_uuid(), b int default 1, primary key (a, b));
         create view shown as select id, name from people;
         create view all_pairs as select b as second, a as first, a::text as shown from pairs;
         create view counts as select count(*) as n from pairs;
         create view logged as select count(*) as n from pairs;
         create function nothing() returns trigger language plpgsql as 'begin return null; end';
         create trigger instead instead of insert on logged for each row execute function nothing();",
    );
    let views = ["shown", "all_pairs", "counts", "logged"];
    let schema = ["--schema", "schema.sql"];
    let (code, stdout, stderr) = app.run(&[&["derive"], &views[..], &schema].concat());
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(
        stdout,
        r#"use crate::queries::schema;

/// A row of `public.shown`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgUpdate)]
#[pg(table = schema::shown)]
pub struct Shown {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.all_pairs`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::all_pairs)]
pub struct AllPairs {
    /// `integer`, not null.
    #[pg(key)]
    pub second: i32,
    /// `uuid`, not null.
    #[pg(key, generated)]
    pub first: uuid::Uuid,
    /// `text`, nullable.
    #[pg(generated)]
    pub shown: Option<String>,
}

/// A row of `public.counts`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect)]
#[pg(table = schema::counts)]
pub struct Counts {
    /// `bigint`, not null.
    pub n: i64,
}

/// A row of `public.logged`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert)]
#[pg(table = schema::logged)]
pub struct Logged {
    /// `bigint`, nullable.
    pub n: Option<i64>,
}
"#
    );
}

#[test]
fn derive_prints_no_writing_of_what_cannot_be_sent() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create extension seg;
         create table spans (id int primary key, span seg, owners aclitem[] not null);
         create table bare ();
         create type stay as (span seg, n int);
         create table stays (id bigint generated always as identity primary key, stay stay);",
    );
    let (code, stdout, stderr) = app.run(&["derive", "bare", "--schema", "schema.sql"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(
        stderr,
        "error: `bare` has no columns, of which a struct could have fields\n"
    );
    let (code, stdout, stderr) = app.run(&["derive", "spans", "stays", "--schema", "schema.sql"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(
        stdout,
        r#"use crate::queries::{schema, types};

/// A row of `public.spans`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::spans)]
pub struct Spans {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `seg`, nullable.
    pub span: Option<String>,
    /// `aclitem[]`, not null.
    pub owners: Vec<Option<String>>,
}

/// A row of `public.stays`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect)]
#[pg(table = schema::stays)]
pub struct Stays {
    /// `bigint`, not null.
    #[pg(key)]
    pub id: i64,
    /// `stay`, nullable.
    pub stay: Option<types::Stay>,
}
"#
    );
}

/// The struct is one that compiles: it hides none of the types in it, and key words are written as Rust has them.
#[test]
fn derive_prints_names_that_rust_can_have() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create table match (id int primary key);
         create table self (id int primary key);
         create table option (id int primary key, note text, \"sure!\" text);",
    );
    let (code, stdout, stderr) = app.run(&[
        "derive",
        "match",
        "self",
        "option",
        "--schema",
        "schema.sql",
    ]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for expected in [
        "#[pg(table = schema::r#match)]\npub struct Match {",
        "#[pg(table = schema::self_)]\npub struct SelfRow {",
        "pub struct OptionRow {",
        "pub note: Option<String>,",
        // In a table, this is no mark.
        "pub sure: Option<String>,",
    ] {
        assert!(stdout.contains(expected), "{expected}\nin {stdout}");
    }
}

#[test]
fn derive_names_the_tables_that_do_not_exist() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create table places (id int primary key); create schema app; create table app.orders (id int);",
    );
    let (code, stdout, stderr) = app.run(&["derive", "place", "--schema", "schema.sql"]);
    let expected = "\
error: relation \"place\" does not exist
 |
 = help: did you mean `places`?
";
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (2, "", expected));

    let tables = ["nosuch", "places", "app.order"];
    let (code, stdout, stderr) =
        app.run(&[&["derive"][..], &tables, &["--schema", "schema.sql"]].concat());
    let expected = "\
error: relation \"nosuch\" does not exist

error: relation \"app.order\" does not exist
 |
 = help: did you mean `orders`?

2 errors
";
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (2, "", expected));
}
