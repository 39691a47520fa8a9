//! PostgreSQL has faults of its own. A query that brings the server down is counted, and what else there is to run is run.

use howdah_codegen::scratch::Server;

use super::schema::{Definition, Relation};
use super::server::{Bench, Outcome, Role};
use super::types::Type;

#[test]
fn a_crash_of_the_server_is_told_from_a_refusal_and_survived() {
    let bench = Bench::on(&Server::start().unwrap());
    let definition = |sql: &str, relation| Definition {
        sql: sql.to_owned(),
        relation,
    };
    let table = Relation {
        name: "t".to_owned(),
        columns: vec![("k".to_owned(), Type::Int)],
        is_writable: true,
        keys: Vec::new(),
        required: Vec::new(),
    };
    let definitions = bench.build(&[
        definition("create table t (k int not null)", Some(table)),
        definition(
            "create function crash() returns int language plpgsql as
                $$ begin copy (select 1) to program 'kill -9 $PPID'; return 1; end $$",
            None,
        ),
        definition("do $$ begin perform crash(); end $$", None),
        definition("create view v as select k from t", None),
    ]);
    assert_eq!(definitions.len(), 3);
    let rows = ["insert into t values (1)", "insert into t select crash()"];
    let rows = bench.fill(&definitions, &rows.map(str::to_owned));
    assert_eq!(rows, ["insert into t values (1)"]);
    let run = |sql| match bench.rows(sql, &[]) {
        Outcome::Rows(rows) => rows.len().to_string(),
        Outcome::Failed => "refused".to_owned(),
        Outcome::Crashed => "crashed".to_owned(),
    };
    assert_eq!(run("select k from v"), "1");
    assert_eq!(run("select crash() from t"), "crashed");
    assert_eq!(run("select k / 0 from v"), "refused");
    assert_eq!(run("select k from v"), "1");
    bench.become_role(Role::Ordinary);
    // What another session has done takes this one's connection too.
    let other = Bench::on(bench.server());
    assert!(matches!(
        other.rows("copy (select 1) to program 'kill -9 $PPID'", &[]),
        Outcome::Crashed
    ));
    assert_eq!(run("select k from v"), "crashed");
    assert_eq!(run("select crash()"), "refused");
    let answers = bench.inspect(Role::Ordinary, &["select k from v"]).answers;
    assert!(!answers[0].as_ref().unwrap().columns[0].nullable);
}
