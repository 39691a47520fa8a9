//! Compares the lexer with PostgreSQL's own: howdah splits any text that the server accepts into the same statements,
//! and agrees with the server about texts without an end.
//!
//! The seeds are fixed; `PROPTEST_CASES=100000` makes a long run.

use howdah_codegen::{
    scratch::{Database, Server},
    source::{Lexer, Quoted, TokenKind, split_statements},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

mod sql;

/// A connection to a database of its own, and the runtime that drives it.
struct Session {
    runtime: Runtime,
    client: Client,
    _database: Database,
}

/// What a statement returned: the names of its columns, and its rows as text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Session {
    fn open() -> Session {
        let server = Server::shared().expect("PostgreSQL starts");
        let database = server.database().expect("the server gives a database");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
                .await
                .expect("the database can be reached");
            tokio::spawn(connection);
            client
        });
        Session {
            runtime,
            client,
            _database: database,
        }
    }

    /// Runs all statements of `text`, as psql would send them.
    fn run(&self, text: &str) -> Result<Vec<Outcome>, tokio_postgres::Error> {
        let messages = self.runtime.block_on(self.client.simple_query(text))?;
        let mut outcomes = Vec::new();
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        for message in messages {
            match message {
                SimpleQueryMessage::RowDescription(description) => {
                    columns = description
                        .iter()
                        .map(|column| column.name().to_owned())
                        .collect();
                }
                SimpleQueryMessage::Row(row) => {
                    rows.push(
                        (0..row.len())
                            .map(|index| row.get(index).map(str::to_owned))
                            .collect(),
                    );
                }
                SimpleQueryMessage::CommandComplete(_) => outcomes.push(Outcome {
                    columns: std::mem::take(&mut columns),
                    rows: std::mem::take(&mut rows),
                }),
                _ => {}
            }
        }
        Ok(outcomes)
    }

    /// Fails unless the pieces of `text`, each on its own, have the same results as the whole text.
    fn assert_split(&self, text: &str, whole: &[Outcome]) -> TestCaseResult {
        let pieces = split_statements(text);
        if pieces.is_empty() {
            // A text without a statement has an answer too: one that says so.
            prop_assert_eq!(whole, [Outcome::default()]);
            return Ok(());
        }
        let mut outcomes = Vec::new();
        for piece in &pieces {
            let piece = &text[piece.clone()];
            let outcome = self
                .run(piece)
                .map_err(|error| TestCaseError::fail(format!("{piece}: {error}")))?;
            prop_assert_eq!(outcome.len(), 1, "not one statement: {}", piece);
            outcomes.extend(outcome);
        }
        prop_assert_eq!(outcomes.as_slice(), whole);
        Ok(())
    }
}

/// Runs `test` on many values of `strategy`, the same ones each time.
fn for_all<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(strategy, test) {
        panic!("{error}");
    }
}

#[test]
fn statements_are_split_as_the_server_splits_them() {
    let session = Session::open();
    for_all(&sql::statements(), |text| {
        let whole = session.run(&text).map_err(|error| {
            TestCaseError::fail(format!("the test's SQL is wrong: {error:?}\n{text}"))
        })?;
        session.assert_split(&text, &whole)
    });
}

/// What is unterminated in `text`, by howdah.
fn unterminated(text: &str) -> Option<Quoted> {
    Lexer::new(text).find_map(|token| match token.kind {
        TokenKind::Unterminated(quoted) => Some(quoted),
        _ => None,
    })
}

/// What is unterminated, by the server's error.
fn unterminated_by_server(error: &tokio_postgres::Error) -> Option<Quoted> {
    let message = error.as_db_error()?.message();
    let what = message.strip_prefix("unterminated ")?;
    [
        ("/* comment", Quoted::BlockComment),
        ("quoted string", Quoted::String),
        ("bit string literal", Quoted::String),
        ("hexadecimal string literal", Quoted::String),
        ("quoted identifier", Quoted::Identifier),
        ("dollar-quoted string", Quoted::DollarString),
    ]
    .into_iter()
    .find(|(name, _)| what.starts_with(name))
    .map(|(_, quoted)| quoted)
}

#[test]
fn damaged_statements_are_read_as_the_server_reads_them() {
    let session = Session::open();
    for_all(&sql::damaged_statements(), |text| {
        match session.run(&text) {
            Ok(whole) => {
                prop_assert_eq!(unterminated(&text), None, "{}", text);
                session.assert_split(&text, &whole)
            }
            Err(error) => {
                if let Some(quoted) = unterminated_by_server(&error) {
                    prop_assert_eq!(unterminated(&text), Some(quoted), "{}", text);
                }
                Ok(())
            }
        }
    });
}

#[test]
fn definitions_with_semicolons_inside_are_one_statement() {
    let definitions = [
        "create table t (a int, \"end\" int)",
        "create or replace function f(x int default (1)) returns int language sql begin atomic\n\
         select case x when 1 then case when true then 2 end else 3 end as end;\n\
         select t.end from t; -- end;\n select 4;\nend",
        "create function begin() returns int return case when true then 1 end",
        "create procedure p(inout a int) begin atomic; insert into t values (1, 2); select max(t.a) from t; end",
        "create rule r as on delete to t do also (select 1; insert into t select 3; select ';')",
        "create function g() returns int language plpgsql as $body$begin return (select 1); end; $body$",
        "do $$ begin perform f(); end; $$",
        "begin",
        "select case when true then 1 end",
        "end",
    ];
    let session = Session::open();
    let text = definitions.join(";\n;");
    let whole = session
        .run(&text)
        .expect("the server accepts all of them at once");
    let pieces: Vec<&str> = split_statements(&text)
        .into_iter()
        .map(|span| &text[span])
        .collect();
    assert_eq!(pieces, definitions);
    assert_eq!(whole.len(), pieces.len());
}
