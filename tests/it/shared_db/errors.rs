//! The contents of errors: query, column or parameter, the server's code, constraint and position, and never a value.

use std::{collections::HashMap, error::Error as StdError, time::Duration};

use howdah::{
    Accepts, AnyRow, BytesMut, Connection, Decode, Encode, EncodeError, ErrorKind, Exec, Executor,
    IsNull, Json, Listener, Many, Param, PgInsert, PgRow, Pool, Query, Record, Type, Value,
    copy::Format, copy_in, copy_out, copy_out_query, notify_json, query,
};

use super::pg_schema::{self as schema, SQL};
use super::support::pool;

#[tokio::test]
async fn an_unexpected_null_names_query_column_type_and_way_out() {
    let (pool, _database) = pool().await;
    let error =
        Query::<Many<Value<String>>>::new("places::find_place", "select null::text as note", [])
            .fetch(&pool)
            .await
            .unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `places::find_place`, column `note`: unexpected null, `String` cannot hold it: use `Option<String>`"
    );
    assert_eq!(
        (error.query(), error.column()),
        (Some("places::find_place"), Some("note"))
    );
}

#[tokio::test]
async fn a_document_that_does_not_fit_has_its_place_and_is_not_quoted() {
    let (pool, _database) = pool().await;
    let sql = r#"select '{"name": "Ann", "age": "secret"}'::json as person"#;
    let read = query(sql).fetch_one::<Value<Json<HashMap<String, String>>>>(&pool);
    assert_eq!(read.await.unwrap().0.len(), 2);
    let read = query(sql).fetch_one::<Value<Json<HashMap<String, i32>>>>(&pool);
    let error = read.await.map(drop).unwrap_err();
    let message = error.to_string();
    assert!(
        message.ends_with(
            "column `person`: the JSON does not fit at line 1, column 14, `Json<HashMap<String, i32>>` cannot hold it"
        ),
        "{message}"
    );
    let reason = error.source().unwrap().to_string();
    assert!(reason.starts_with("invalid type: string"), "{reason}");
}

#[tokio::test]
async fn a_violated_constraint_is_named_and_the_value_is_not() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table users (email text constraint one_email unique)")
        .await
        .unwrap();
    let add = || {
        query("insert into users values ($1)")
            .bind("secret@example.com")
            .execute(&pool)
    };
    add().await.unwrap();
    let error = add().await.unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.sqlstate(), Some("23505"));
    assert_eq!(error.constraint(), Some("one_email"));
    assert_eq!(error.table(), Some("users"));
    assert!(error.detail().unwrap().contains("secret@example.com"));
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
    assert!(error.source().is_none());
}

/// An error and its sources, as reports of errors show them.
fn report(error: &howdah::Error) -> Vec<String> {
    let first: &dyn StdError = error;
    let chain = std::iter::successors(Some(first), |error| (*error).source());
    chain.map(ToString::to_string).collect()
}

#[derive(Debug)]
struct Vault;

impl std::fmt::Display for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the vault is closed")
    }
}

impl StdError for Vault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&std::fmt::Error)
    }
}

struct Locked;

impl TryFrom<i32> for Locked {
    type Error = Vault;

    fn try_from(_: i32) -> Result<Self, Vault> {
        Err(Vault)
    }
}

#[derive(PgRow)]
#[expect(dead_code)]
struct Converted {
    #[pg(try_from = i32)]
    n: Locked,
}

#[derive(PgRow)]
#[expect(dead_code)]
struct Outer {
    inner: Record<Converted>,
}

#[tokio::test]
async fn a_report_with_all_sources_says_everything_once() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int unique)")
        .await
        .unwrap();
    let (reader, writer) = tokio::io::duplex(1);
    drop(reader);
    let gone = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    let unreached = format!("host=127.0.0.1 port={port} user=me sslmode=disable");
    let rows = futures_util::stream::iter([Err::<(i32,), _>(Vault)]);
    let bytes = futures_util::stream::iter([Err(Vault)]);
    let read = query("select 1 as n").fetch_one::<Converted>(&pool).await;
    let nested = query("select row(1) as inner")
        .fetch_one::<Outer>(&pool)
        .await;
    let keys = HashMap::from([((1, 2), 3)]);
    let errors = [
        query("select secret").execute(&pool).await.unwrap_err(),
        read.map(drop).unwrap_err(),
        nested.map(drop).unwrap_err(),
        Pool::connect(&unreached).await.unwrap_err(),
        notify_json("orders", &keys).map(drop).unwrap_err(),
        copy_in("t").from_stream(rows, &pool).await.unwrap_err(),
        copy_in("t")
            .from_bytes(Format::Binary, bytes, &pool)
            .await
            .unwrap_err(),
        copy_out("t")
            .to_writer(Format::Binary, writer, &pool)
            .await
            .unwrap_err(),
    ];
    for error in &errors {
        let report = report(error);
        for (i, said) in report.iter().enumerate() {
            assert!(
                !report[..i].iter().any(|before| before.contains(said)),
                "{report:#?}"
            );
        }
    }
    // What the text tells can still be found.
    let [queried, .., streamed, copied, written] = &errors;
    assert_eq!(queried.database().unwrap().code().code(), "42703");
    assert!(streamed.downcast_ref::<Vault>().is_some() && copied.downcast_ref::<Vault>().is_some());
    let written = written.downcast_ref().map(std::io::Error::kind);
    assert_eq!(written, Some(std::io::ErrorKind::BrokenPipe));
    // An error of another connection is not one of this.
    let other = query("select secret").execute(&pool).await.unwrap_err();
    let rows = futures_util::stream::iter([Err::<(i32,), _>(other)]);
    let error = copy_in("t").from_stream(rows, &pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), None);
    assert!(error.downcast_ref::<howdah::Error>().is_some());
}

#[tokio::test]
async fn the_position_is_given_by_line_and_column() {
    let (pool, _database) = pool().await;
    let error = query("select 'é',\n  nme from pg_class")
        .execute(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
    assert_eq!(error.position(), Some((2, 3)));
}

#[tokio::test]
async fn a_text_for_a_parameter_of_another_type_says_how_to_have_it_converted() {
    let (pool, _database) = pool().await;
    let error = query("select $1::regclass::oid").bind("pg_class");
    let error = error.fetch_one::<Value<u32>>(&pool).await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.ends_with("; `$1::text::regclass` has the server convert it"),
        "{message}"
    );
    let found = query("select $1::text::regclass::oid").bind("pg_class");
    assert_eq!(found.fetch_one::<Value<u32>>(&pool).await.unwrap(), 1259);

    let error = query("select $1::date").bind(1_i64);
    let error = error.execute(&pool).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with(": bind it as `chrono::NaiveDate`"),
        "{error}"
    );
}

#[tokio::test]
async fn an_array_where_one_value_is_asked_for_says_how_to_compare_with_each() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create type mood as enum ('calm', 'glad')")
        .await
        .unwrap();
    let ids = query("select 1 where 7::bigint in ($1)").bind([7_i64]);
    let message = ids.execute(&pool).await.unwrap_err().to_string();
    assert!(
        message.ends_with("; `= any($1)` compares with each of its elements"),
        "{message}"
    );
    let moods = query("select 1 where mood 'calm' = any($1)").bind(["calm"]);
    let message = moods.execute(&pool).await.unwrap_err().to_string();
    assert!(
        message.ends_with("; `$1::text[]::public.mood[]` has the server convert it"),
        "{message}"
    );
    let moods = query("select 1 where mood 'calm' = any($1::text[]::public.mood[])");
    assert_eq!(moods.bind(["calm"]).execute(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn a_column_that_a_cast_would_make_fit_says_which() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create type mood as enum ('calm', 'glad')")
        .await
        .unwrap();
    async fn message<T>(pool: &Pool, sql: &'static str) -> String
    where
        T: for<'r> Decode<'r> + Send + 'static,
    {
        let read = query(sql).fetch_one::<Value<T>>(pool).await;
        let error = read.map(drop).unwrap_err().to_string();
        let row = query(sql).fetch_one::<AnyRow>(pool).await.unwrap();
        let any = row.get::<T>(0).map(drop).unwrap_err().to_string();
        assert!(error.ends_with(&any), "{error}\n{any}");
        error
    }
    for (message, cast) in [
        (message::<String>(&pool, "select mood 'calm'").await, "text"),
        (
            message::<Vec<String>>(&pool, "select array[mood 'calm']").await,
            "text[]",
        ),
        (
            message::<i64>(&pool, "select sum(7::bigint)").await,
            "bigint",
        ),
        (
            message::<Option<f64>>(&pool, "select avg(7)").await,
            "double precision",
        ),
    ] {
        let end = format!("; in SQL of your own, `::{cast}` has the server convert it");
        assert!(message.ends_with(&end), "{message}");
    }
    for (message, usual) in [
        (message::<bool>(&pool, "select 1").await, "i32"),
        (
            message::<Option<i32>>(&pool, "select count(*)").await,
            "Option<i64>",
        ),
        (
            message::<f64>(&pool, "select 1.5").await,
            "rust_decimal::Decimal",
        ),
        (
            message::<String>(&pool, "select gen_random_uuid()").await,
            "uuid::Uuid",
        ),
        (
            message::<Vec<i64>>(&pool, "select array[1]").await,
            "Vec<i32>",
        ),
    ] {
        let advice = format!(": read it as `{usual}`");
        assert!(message.contains(&advice), "{message}");
    }
}

/// What `howdah generate` wrote had the right types when it did.
#[tokio::test]
async fn a_generated_query_whose_types_have_changed_is_to_be_generated_again() {
    let (pool, _database) = pool().await;
    let advice =
        "; the schema is not the one that the query was generated for: run `howdah generate`";
    let sql = "select 1 as id where $1::uuid is null";
    let query = |param| Query::<Many<Value<i64>>>::new("jobs::open", sql, [param]);
    let wrong_column = query(Param::new(None::<uuid::Uuid>)).fetch(&pool).await;
    let wrong_param = query(Param::new(7_i64)).fetch(&pool).await;
    for (refused, says) in [
        (
            wrong_column,
            "the column is integer, but `i64` holds bigint",
        ),
        (
            wrong_param,
            "the parameter is uuid, but its value can be sent as bigint",
        ),
    ] {
        let message = refused.unwrap_err().to_string();
        assert!(message.ends_with(&format!("{says}{advice}")), "{message}");
    }
}

#[tokio::test]
async fn what_may_succeed_later_is_told_from_what_will_not() {
    let (pool, database) = pool().await;
    for (state, is_transient) in [
        ("53300", true),
        ("57P03", true),
        ("40001", true),
        ("40P01", true),
        ("23505", false),
        ("57014", false),
        ("P0001", false),
    ] {
        let raise = format!("do $$ begin raise exception using errcode = '{state}'; end $$");
        let error = query(raise).execute(&pool).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some(state));
        assert_eq!(error.is_transient(), is_transient, "{error}");
    }
    let end = "select pg_terminate_backend(pg_backend_pid())";
    assert!(query(end).execute(&pool).await.unwrap_err().is_transient());
    let busy = Pool::builder(database.url()).unwrap().max_size(1);
    let busy = busy
        .wait_timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    let _held = busy.get().await.unwrap();
    assert!(busy.get().await.unwrap_err().is_transient());
    let unknown = query("select 1 as a").fetch_one::<Value<String>>(&pool);
    assert!(!unknown.await.unwrap_err().is_transient());
}

#[tokio::test]
async fn a_number_for_a_parameter_of_another_number_says_how_to_write_it() {
    let (pool, _database) = pool().await;
    for (ty, says) in [
        ("integer", "a literal of this type is `42_i32`"),
        ("bigint", "a literal of this type is `42_i64`"),
        ("smallint", "a literal of this type is `42_i16`"),
        ("double precision", "a literal of this type is `42_f64`"),
        ("numeric", "`$1::integer` has the server convert it"),
    ] {
        let asked = query(format!("select 1::{ty} = $1"));
        let asked = match ty {
            "integer" => asked.bind(42_i64),
            _ => asked.bind(42_i32),
        };
        let error = asked.execute(&pool).await.unwrap_err();
        let message = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Mapping);
        let parameter = format!("the parameter is {ty}, but");
        assert!(message.contains(&parameter), "{message}");
        assert!(message.ends_with(&format!("; {says}")), "{message}");
    }
}

#[tokio::test]
async fn a_statement_that_takes_no_parameters_says_so() {
    let (pool, _database) = pool().await;
    let sql = "create table t (n int default $1)";
    let error = query(sql).bind(1).execute(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "query `{sql}`: the SQL has 0 parameters, but 1 is given; CREATE, ALTER, DROP, GRANT and the like take none: the \
             documentation of `howdah::query` shows how the server writes values into them"
        )
    );
    let error = query("select 1").bind(1).execute(&pool).await.unwrap_err();
    assert!(
        error.to_string().ends_with("0 parameters, but 1 is given"),
        "{error}"
    );
}

#[tokio::test]
async fn parameters_as_others_write_them_say_how_they_are_written() {
    let (pool, _database) = pool().await;
    let end = "; parameters are written `$1`, `$2` and so on";
    for (sql, said) in [
        ("select 'é' from pg_class where oid = :id", true),
        ("select 1 from pg_class where oid = %s", true),
        ("select 1 from pg_class where oid = %(id)s", true),
        ("select 1 from pg_class where oid = %", false),
        ("select 1 from pg_class where oid = : id", false),
        ("select 1 from pg_class whre oid = 1", false),
    ] {
        let error = query(sql).execute(&pool).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("42601"), "{error}");
        assert_eq!(error.to_string().ends_with(end), said, "{error}");
    }
}

#[tokio::test]
async fn more_parameters_than_a_statement_can_have_are_an_error_that_says_so() {
    let (pool, _database) = pool().await;
    let connection = pool.get().await.unwrap();
    let sum = |parameters: i32| {
        let mut sum = query("select cardinality(array[");
        for i in 0..parameters {
            sum = sum
                .push(if i == 0 { "" } else { ", " })
                .push_bind(i)
                .push("::int");
        }
        sum.push("])").fetch_one::<Value<i32>>(&connection)
    };
    assert_eq!(sum(65_535).await.unwrap(), 65_535);
    let error = sum(65_536).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    let end = "65536 parameters, and a statement has 65535 at most: send arrays, for `= any($1)` or `unnest($1::bigint[])`";
    assert!(error.to_string().ends_with(end), "{error}");
    assert_eq!(sum(2).await.unwrap(), 2);
}

#[tokio::test]
async fn a_script_with_a_statement_that_runs_alone_says_so() {
    let (pool, _database) = pool().await;
    let error = pool.batch_execute("vacuum; vacuum").await.unwrap_err();
    let end = "; the statements of a script are one transaction: run this one by itself";
    assert!(error.to_string().ends_with(end), "{error}");
    pool.batch_execute("vacuum").await.unwrap();
    let error = pool.transaction(async |tx| tx.batch_execute("vacuum").await);
    let error = error.await.unwrap_err().to_string();
    assert!(error.ends_with("(SQLSTATE 25001)"), "{error}");
}

#[tokio::test]
async fn a_query_of_several_statements_says_what_runs_them() {
    let (pool, _database) = pool().await;
    let error = query("select 1; select 2")
        .execute(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`batch_execute`"), "{error}");
    let error = query("select 1 1").execute(&pool).await.unwrap_err();
    assert!(!error.to_string().contains("`batch_execute`"), "{error}");
}

#[tokio::test]
async fn the_position_in_a_script_is_that_of_the_statement_which_failed() {
    let (pool, _database) = pool().await;
    let connection = pool.get().await.unwrap();
    for (script, position) in [
        ("select 'é';\nselec 2;\nselect 3", Some((2, 1))),
        ("select 1;\n  select nme from pg_class", Some((2, 10))),
        ("select 1;\nselect 1 / 0", None),
    ] {
        let error = connection.batch_execute(script).await.unwrap_err();
        assert_eq!(error.position(), position, "{error}");
        let error = pool.transaction(async |tx| tx.batch_execute(script).await);
        assert_eq!(error.await.unwrap_err().position(), position);
    }
}

#[tokio::test]
async fn what_unwrap_shows_has_the_place_and_the_servers_hint() {
    let (pool, _database) = pool().await;
    let wrong = "select temperature,\n  temperatur from (select 20 as temperature) as t";
    let error = query(wrong).execute(&pool).await.unwrap_err();
    let shown = format!("{error:?}");
    assert!(
        shown.starts_with("Error(Database: query `select temperature,"),
        "{shown}"
    );
    let end = "column \"temperatur\" does not exist (SQLSTATE 42703), at line 2, column 3; hint: Perhaps you meant to \
               reference the column \"t.temperature\".)";
    assert!(shown.ends_with(end), "{shown}");
    let plain = query("select 1 / 0").execute(&pool).await.unwrap_err();
    assert_eq!(
        format!("{plain:?}"),
        "Error(Database: query `select 1 / 0`: division by zero (SQLSTATE 22012))"
    );
}

#[tokio::test]
async fn parameters_that_do_not_fit_are_named() {
    let (pool, _database) = pool().await;
    let run = |params| async {
        Query::<Exec>::with_params("places::by_id", "select $1::int8 + $2::int4", params)
            .fetch(&pool)
            .await
            .unwrap_err()
    };
    let error = run(vec![Param::new(1_i64), Param::new("two")]).await;
    assert_eq!(error.param(), Some(2));
    assert!(
        error
            .to_string()
            .starts_with("query `places::by_id`, parameter $2: the parameter is integer"),
        "{error}"
    );
    let error = run(vec![Param::new(1_i64)]).await;
    assert_eq!(
        error.to_string(),
        "query `places::by_id`: the SQL has 2 parameters, but 1 is given"
    );

    let error = query("select $1::text")
        .bind("zero\0byte")
        .execute(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert!(error.to_string().ends_with("parameter $1: the value cannot be sent as text: text in PostgreSQL cannot hold a zero byte"), "{error}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error_without_password() {
    let (_, database) = pool().await;
    let url = format!(
        "{} password=secret port=1",
        "host=127.0.0.1 user=me sslmode=disable"
    );
    let error = Pool::connect(&url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(!format!("{error:?}").contains("secret"));
    let pool = Pool::connect(database.url()).await.unwrap();
    assert!(format!("{pool:?}").contains(database.name()));
}

#[tokio::test]
async fn no_debug_output_shows_a_password() {
    let (_pool, database) = pool().await;
    let url = database.url().replace("postgres@", "postgres:secret@");
    assert!(url.contains(":secret@"));
    let builder = || Pool::builder(&url).unwrap().replica(&url).unwrap();
    let pool = builder().build().unwrap();
    let mut connection = pool.get().await.unwrap();
    let alone = Connection::connect(&url).await.unwrap();
    let listener = Listener::builder(&url).unwrap().channel("c");
    let shown = [
        format!("{:?}", builder()),
        format!("{pool:?}"),
        format!("{:?}", pool.replica()),
        format!("{:?}", pool.multiplexed(1)),
        format!("{:?}", pool.within(Duration::from_secs(1))),
        format!("{:?}", pool.listener()),
        format!("{listener:?}"),
        format!("{:?}", listener.connect().await.unwrap()),
        format!("{:?}", pool.lock("key").await.unwrap()),
        format!("{connection:?}"),
        format!("{alone:?}"),
        format!("{:?}", connection.begin().await.unwrap()),
        format!(
            "{:?}",
            copy_out_query("select 1")
                .bytes(Format::Binary, &pool)
                .await
                .unwrap()
        ),
        format!(
            "{:?}",
            query("select 1").stream::<Value<i32>>(&pool).await.unwrap()
        ),
    ];
    for shown in shown {
        assert!(!shown.contains("secret"), "{shown}");
        // Nor as a list of bytes.
        assert!(!shown.contains("115, 101, 99"), "{shown}");
    }
}

/// What can never be sent, and says why.
struct Unsendable;

impl Encode for Unsendable {
    const ACCEPTS: &'static Accepts = <i16 as Encode>::ACCEPTS;

    fn encode(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Err(EncodeError::new("it is worn out").caused_by("the cause"))
    }
}

#[derive(PgInsert)]
#[pg(table = schema::reviews)]
struct WornOut {
    place: i64,
    stars: Unsendable,
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_keeps_its_cause() {
    let (pool, _database) = pool().await;
    pool.batch_execute(SQL).await.unwrap();
    let row = WornOut {
        place: 1,
        stars: Unsendable,
    };
    let rows = [row];
    let asked = query("select $1::int2").bind(Unsendable).execute(&pool);
    let inserted = WornOut::insert_many(&rows).execute(&pool);
    let copied = copy_in("reviews").columns(["stars"]);
    let copied = copied.from_rows([(Unsendable,)], &pool);
    for refused in [asked.await, inserted.await, copied.await] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        let message = "the value cannot be sent as smallint: it is worn out";
        assert!(error.to_string().ends_with(message), "{error}");
        assert_eq!(error.source().unwrap().to_string(), "the cause");
    }
}
