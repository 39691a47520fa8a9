//! Calls every function of the table of total functions with every kind of argument, looking for a null.
//!
//! `HOWDAH_TOTAL_CALLS` sets how many argument lists each function is given at most (in each round, for polymorphic ones).
//! It runs on a server of its own, since PostGIS can be made to crash; `HOWDAH_PG_BIN` chooses one of another version.

use std::collections::HashMap;

use howdah_codegen::analyze::total::{self, Entry};
use howdah_codegen::scratch::{Database, Server};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

const EXTENSIONS: &str = "btree_gin btree_gist citext cube earthdistance fuzzystrmatch hstore intagg intarray isn lo \
    ltree pg_trgm pgcrypto postgis postgis_raster seg tablefunc unaccent uuid-ossp xml2";

/// Functions known to give null, found by the same way of looking.
const NOT_TOTAL: &str = "array_length(anyarray,int4) array_position(anycompatiblearray,anycompatible) array_upper(anyarray,int4) \
    bool(jsonb) current_setting(text,bool) extract(text,timestamptz) jsonb_array_elements_text(jsonb) jsonb_object_field(jsonb,text) \
    jsonb_path_query_first(jsonb,jsonpath,jsonb,bool) lower(anymultirange) lower(anyrange) obj_description(oid,name) path_add(path,path) \
    pg_get_indexdef(oid) regexp_match(text,text) scale(numeric) substring(text,text) \
    to_char(timestamp,text) to_number(text,text) to_regclass(text) unnest(anyarray) upper(anyrange) \
    fetchval(hstore,text) svals(hstore) lca(ltree,ltree) st_distance(geometry,geometry) st_geometryn(geometry,int4) \
    st_pointn(geometry,int4) st_x(geometry) \
    st_askml(text) st_segmentize(geometry,float8) stddev(int4) lag(anyelement) nth_value(anyelement,int4) corr(float8,float8)";

struct Session {
    runtime: Runtime,
    client: Client,
    _database: Database,
    _server: Server,
}

/// What a function on the server is.
struct Function {
    oid: u32,
    identity: String,
    arguments: usize,
}

/// What came of calling it.
#[derive(Debug, Default)]
struct Outcome {
    calls: i64,
    nulls: Vec<i64>,
    example: String,
}

/// How a function is to be called.
#[derive(Default)]
struct Call {
    outputs: Vec<String>,
    maybe_null: Vec<usize>,
    constant: Option<(usize, String)>,
}

impl Session {
    fn open(extensions: &str) -> Self {
        let server = Server::start().unwrap();
        let database = server.database().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
                .await
                .unwrap();
            tokio::spawn(connection);
            client
        });
        let session = Self {
            runtime,
            client,
            _database: database,
            _server: server,
        };
        session.run("set client_min_messages = error; set statement_timeout = '60s'");
        for extension in extensions.split_whitespace() {
            // Servers other than the installed one may come without PostGIS.
            let may_lack =
                extension.starts_with("postgis") && std::env::var_os("HOWDAH_PG_BIN").is_some();
            let sql = format!("create extension \"{extension}\"");
            let created = session.runtime.block_on(session.client.batch_execute(&sql));
            assert!(created.is_ok() || may_lack, "{extension}: {created:?}");
        }
        session.run(include_str!("harness.sql"));
        for (name, values) in sections(include_str!("pools.txt")) {
            session
                .runtime
                .block_on(
                    session
                        .client
                        .query_one("select pg_temp.fill_pool($1, $2)", &[&name, &values]),
                )
                .unwrap();
        }
        session.run("select pg_temp.fill_derived_pools(); analyze");
        session
    }

    fn run(&self, sql: &str) {
        self.runtime
            .block_on(self.client.batch_execute(sql))
            .unwrap();
    }

    /// The functions of the server by extension and identity.
    fn functions(&self) -> HashMap<(String, String), Function> {
        let rows = self.runtime.block_on(self.client.query(
            "select coalesce(e.extname, 'pg_catalog')::text, p.oid, p.pronargs,
                 p.proname || '(' || array_to_string(array(select t.typname from unnest(p.proargtypes) with ordinality a(oid, at)
                     join pg_type t on t.oid = a.oid order by at), ',') || ')'
             from pg_proc p left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
                 left join pg_extension e on e.oid = d.refobjid
             where e.oid is not null or p.pronamespace = 'pg_catalog'::regnamespace",
            &[],
        )).unwrap();
        rows.iter()
            .map(|row| {
                let arguments: i16 = row.get(2);
                let function = Function {
                    oid: row.get(1),
                    identity: row.get(3),
                    arguments: arguments.unsigned_abs().into(),
                };
                ((row.get(0), row.get(3)), function)
            })
            .collect()
    }

    /// What is wrong with `expression` as an example of a result that is not null.
    fn fault_of_example(&self, expression: &str) -> Option<String> {
        let sql = format!("select num_nulls(({expression}))");
        match self.runtime.block_on(self.client.query_one(&sql, &[])) {
            Ok(row) if row.get::<_, i32>(0) == 0 => None,
            Ok(_) => Some(format!("{expression} gave null")),
            Err(error) => Some(format!("{expression}: {error:?}")),
        }
    }

    fn call(&self, function: &Function, call: &Call) -> Outcome {
        let cap: i32 =
            std::env::var("HOWDAH_TOTAL_CALLS").map_or(600, |calls| calls.parse().unwrap());
        let maybe_null: Vec<i32> = call
            .maybe_null
            .iter()
            .map(|&at| i32::try_from(at).unwrap())
            .collect();
        let constant_at = call
            .constant
            .as_ref()
            .map(|(at, _)| i32::try_from(*at).unwrap());
        let constant = call
            .constant
            .as_ref()
            .map(|(_, value)| format!("'{value}'"));
        let row = self
            .runtime
            .block_on(self.client.query_one(
                "select * from pg_temp.probe($1, $2, $3, $4, $5, $6)",
                &[
                    &function.oid,
                    &cap,
                    &call.outputs,
                    &maybe_null,
                    &constant_at,
                    &constant,
                ],
            ))
            .unwrap_or_else(|error| panic!("calling {}: {error:?}", function.identity));
        let example: Option<String> = row.get(3);
        Outcome {
            calls: row.get(0),
            nulls: row.get(1),
            example: example.unwrap_or_default(),
        }
    }
}

/// The `[name]` sections of `text` with their lines.
fn sections(text: &str) -> Vec<(String, Vec<String>)> {
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match (
            line.strip_prefix('[').and_then(|l| l.strip_suffix(']')),
            sections.last_mut(),
        ) {
            (Some(name), _) => sections.push((name.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => panic!("`{line}` stands before the first section"),
        }
    }
    sections
}

/// The ways to call a function that its entry makes a promise about.
fn promised(entry: &Entry, arguments: usize) -> Vec<Call> {
    let all_but = |kept: &[usize]| (0..arguments).filter(|at| !kept.contains(at)).collect();
    match entry.condition.split_whitespace().collect::<Vec<_>>()[..] {
        [] | ["always" | "input" | "arguments" | "frame"] => vec![Call::default()],
        ["even", "null"] | ["rows"] => vec![Call {
            maybe_null: all_but(&[]),
            ..Call::default()
        }],
        ["any"] => (0..arguments)
            .map(|kept| Call {
                maybe_null: all_but(&[kept]),
                ..Call::default()
            })
            .collect(),
        ["rows", ref columns @ ..] => vec![Call {
            outputs: columns
                .iter()
                .filter(|c| !c.ends_with('?'))
                .map(|&c| c.to_owned())
                .collect(),
            ..Call::default()
        }],
        ["when", at, "in", ref values @ ..] => values
            .iter()
            // An argument that a call leaves out.
            .filter(|&&value| value != "default")
            .map(|&value| Call {
                constant: Some((at.parse().unwrap(), value.to_owned())),
                ..Call::default()
            })
            .collect(),
        ref kept => {
            let kept: Vec<usize> = kept.iter().map(|at| at.parse().unwrap()).collect();
            vec![Call {
                maybe_null: all_but(&kept),
                ..Call::default()
            }]
        }
    }
}

/// Calls every function of the table that the server has, or only those of an extension; returns how many those are.
fn call_all(session: &Session, extension: Option<&str>) -> usize {
    let functions = session.functions();
    let examples: HashMap<String, Vec<String>> =
        sections(include_str!("examples.txt")).into_iter().collect();
    let (mut calls, mut entries, mut wrong) = (0, 0, Vec::new());
    for entry in total::functions().chain(total::aggregates()) {
        let entry = entry.unwrap();
        if extension.is_some_and(|extension| entry.extension != extension) {
            continue;
        }
        let Some(function) =
            functions.get(&(entry.extension.to_owned(), entry.identity.to_owned()))
        else {
            continue;
        };
        entries += 1;
        if let Some(expressions) = examples.get(entry.identity) {
            wrong.extend(
                expressions
                    .iter()
                    .filter_map(|e| session.fault_of_example(e)),
            );
            continue;
        }
        for call in promised(&entry, function.arguments) {
            let outcome = session.call(function, &call);
            calls += outcome.calls;
            if outcome.nulls.iter().any(|&nulls| nulls > 0) {
                wrong.push(format!(
                    "{} gave null for {}",
                    entry.identity, outcome.example
                ));
            }
            if outcome.calls == 0 {
                wrong.push(format!(
                    "{} was never called: every argument list is an error",
                    entry.identity
                ));
            }
        }
    }
    println!("{calls} calls of {entries} functions");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    entries
}

#[test]
fn no_total_function_gives_null() {
    let entries = call_all(&Session::open(EXTENSIONS), None);
    assert!(entries > 1700, "only {entries} functions were found");
}

#[test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
fn no_total_function_of_pgvector_gives_null() {
    let entries = call_all(&Session::open("vector"), Some("vector"));
    assert_eq!(entries, 90);
}

#[test]
fn the_search_finds_the_nulls_of_functions_that_are_not_total() {
    let session = Session::open(EXTENSIONS);
    let functions = session.functions();
    for identity in NOT_TOTAL.split_whitespace() {
        let found = functions.iter().find(|((_, name), _)| name == identity);
        let Some(((extension, _), function)) = found else {
            // Versions differ; what version 15 has must be there.
            assert!(
                std::env::var_os("HOWDAH_PG_BIN").is_some(),
                "{identity} is not on the server"
            );
            continue;
        };
        let extension = Some(extension.as_str()).filter(|&name| name != "pg_catalog");
        assert!(
            !matches!(
                total::totality(extension, identity),
                Some(total::Totality::Always)
            ),
            "{identity}"
        );
        assert_eq!(total::aggregate(extension, identity), None, "{identity}");
        let outcome = session.call(function, &Call::default());
        // A cast that version 14 refuses is null only from 18 on.
        let refused = identity == "bool(jsonb)";
        assert!(
            outcome.nulls[0] > 0 || refused,
            "{identity} never gave null: {outcome:?}"
        );
    }
}
