//! What operators see of queries, and what they must not see.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use howdah::copy::Csv;
use howdah::{
    Many, Param, Pool, Query, TransactionOptions, Value, batch, copy_in, copy_out, query,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Instrument, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::support::pool;

mod measures;
mod recorder;

/// All recorded fields, as `name=value` in order.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn begin() -> (Self, DefaultGuard) {
        let seen = Self::default();
        let subscriber = tracing_subscriber::registry().with(seen.clone());
        (seen, tracing::subscriber::set_default(subscriber))
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn count(&self, what: &str) -> usize {
        self.all().iter().filter(|said| *said == what).count()
    }

    fn has(&self, what: &str) -> bool {
        self.all().iter().any(|said| said == what)
    }
}

struct Fields<'s>(&'s Seen);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let said = format!("{}={value:?}", field.name());
        self.0.0.lock().unwrap().push(said);
    }
}

impl<S: Subscriber> Layer<S> for Seen {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().target().starts_with("howdah") {
            attributes.record(&mut Fields(self));
        }
    }

    fn on_record(&self, _: &Id, record: &Record<'_>, _: Context<'_, S>) {
        record.record(&mut Fields(self));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("howdah") {
            event.record(&mut Fields(self));
        }
    }
}

fn numbers(most: &str) -> Query<'_, Many<Value<i32>>> {
    Query::new(
        "numbers::up_to",
        "select n from generate_series(1, $1::text::int4) n",
        [Param::new(most)],
    )
}

#[tokio::test]
async fn a_query_is_a_span_without_values() {
    let (pool, _database) = pool().await;
    let (seen, _guard) = Seen::begin();
    numbers("31337").fetch(&pool).await.unwrap();
    for said in [
        "otel.name=\"numbers::up_to\"",
        "otel.kind=\"client\"",
        "db.system.name=\"postgresql\"",
        "db.query.summary=\"numbers::up_to\"",
        "db.query.text=\"select n from generate_series(1, $1::text::int4) n\"",
        "db.response.returned_rows=31337",
    ] {
        assert!(seen.has(said), "{said}: {:?}", seen.all());
    }
    let (seen, _guard) = Seen::begin();
    numbers("secret").fetch(&pool).await.unwrap_err();
    for said in [
        "otel.status_code=\"ERROR\"",
        "db.response.status_code=\"22P02\"",
        "error.type=\"22P02\"",
    ] {
        assert!(seen.has(said), "{said}: {:?}", seen.all());
    }
    assert!(!seen.all().join(" ").contains("secret"), "{:?}", seen.all());
}

#[tokio::test]
async fn a_commit_is_a_span() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int unique deferrable initially deferred)")
        .await
        .unwrap();
    let (seen, _guard) = Seen::begin();
    let commit = "otel.name=\"COMMIT\"";
    // Nothing is sent.
    pool.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(seen.count(commit), 0);
    let insert = async || {
        let mut tx = pool.begin().await.unwrap();
        let savepoint = tx.savepoint().await.unwrap();
        let insert = query("insert into t values (1)");
        insert.execute(&savepoint).await.unwrap();
        savepoint.commit().await.unwrap();
        tx.commit().await
    };
    insert().await.unwrap();
    assert_eq!(seen.count(commit), 1, "{:?}", seen.all());
    assert!(!seen.has("otel.status_code=\"ERROR\""));
    insert().await.unwrap_err();
    assert_eq!(seen.count(commit), 2);
    assert!(seen.has("error.type=\"23505\""), "{:?}", seen.all());
}

#[tokio::test]
async fn what_begins_and_ends_transactions_is_a_span_if_it_is_a_round_trip() {
    let (pool, _database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let names = || {
        let all = seen.all();
        let names = all
            .iter()
            .filter_map(|said| said.strip_prefix("otel.name="));
        names.map(|name| name.replace('"', "")).collect::<Vec<_>>()
    };
    // BEGIN goes with the first statement.
    let mut tx = pool.begin().await.unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    savepoint.rollback().await.unwrap();
    let savepoint = tx.savepoint().await.unwrap();
    savepoint.commit().await.unwrap();
    tx.rollback().await.unwrap();
    let ends = [
        "SAVEPOINT",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE SAVEPOINT",
        "ROLLBACK",
    ];
    assert_eq!(names(), ends);
    let undone = "db.query.text=\"ROLLBACK TO SAVEPOINT howdah_1; RELEASE SAVEPOINT howdah_1\"";
    assert!(seen.has(undone), "{:?}", seen.all());
    let options = TransactionOptions::new().setting("app.user", "swordfish");
    let tx = pool.begin_with(&options).await.unwrap();
    assert_eq!(names()[5..], ["BEGIN"]);
    tx.commit().await.unwrap();
    assert!(!seen.all().join(" ").contains("swordfish"));
}

#[tokio::test]
async fn a_copy_is_a_span() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int unique)")
        .await
        .unwrap();
    let (seen, _guard) = Seen::begin();
    let spans = || seen.count("otel.name=\"COPY\"");
    let rows = || copy_in("t").columns(["n"]).from_rows([(1,), (2,)], &pool);
    assert_eq!(rows().await.unwrap(), 2);
    assert_eq!(spans(), 1, "{:?}", seen.all());
    assert!(
        seen.all().join(" ").contains("db.query.text=\"COPY "),
        "{:?}",
        seen.all()
    );
    assert!(seen.has("db.response.returned_rows=2"));
    rows().await.unwrap_err();
    assert_eq!(spans(), 2);
    assert!(seen.has("error.type=\"23505\""));
    let bytes = copy_in("t").from_reader(Csv::new(), &b"3\n"[..], &pool);
    assert_eq!(bytes.await.unwrap(), 1);
    assert_eq!(spans(), 3);

    let mut written = Vec::new();
    copy_out("t")
        .to_writer(Csv::new(), &mut written, &pool)
        .await
        .unwrap();
    assert_eq!(written, b"1\n2\n3\n");
    assert_eq!(spans(), 4);
    let rows = copy_out("t").rows::<Value<i32>, _>(&pool).await.unwrap();
    assert_eq!(rows.collect().await.unwrap(), [1, 2, 3]);
    assert_eq!(spans(), 5);
    pool.batch_execute("create table other (n int)")
        .await
        .unwrap();
    copy_out("t")
        .into_table(&pool, copy_in("other"), &pool)
        .await
        .unwrap();
    assert_eq!(spans(), 6);
    assert!(seen.has("db.response.returned_rows=3"));
}

#[tokio::test]
async fn the_steps_of_a_cursor_and_the_queries_of_a_batch_are_spans() {
    let (pool, _database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let spans = || seen.count("otel.name=\"numbers::up_to\"");
    let tx = pool.begin().await.unwrap();
    let mut cursor = numbers("3").cursor().open(&tx).await.unwrap();
    assert_eq!(spans(), 1, "{:?}", seen.all());
    assert_eq!(cursor.fetch(2).await.unwrap(), [1, 2]);
    assert_eq!(cursor.skip(5).await.unwrap(), 1);
    assert_eq!(spans(), 3);
    assert!(seen.has("db.response.returned_rows=2"));
    drop(cursor);
    let failing: Query<'_, Many<Value<i32>>> = Query::new(
        "numbers::failing",
        "select 1 / (2 - n) from generate_series(1, 3) n",
        [],
    );
    let mut cursor = failing.cursor().open(&tx).await.unwrap();
    cursor.fetch(3).await.unwrap_err();
    assert_eq!(seen.count("otel.name=\"numbers::failing\""), 2);
    assert!(seen.has("error.type=\"22012\""));
    batch((numbers("1"), numbers("2")))
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(spans(), 5);
}

#[tokio::test]
async fn slow_queries_and_notices_are_events() {
    let (_, database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let limited = |limit| {
        let builder = Pool::builder(database.url()).unwrap();
        builder.slow_query(limit).build().unwrap()
    };
    let patient = limited(Duration::from_secs(3600));
    numbers("1").fetch(&patient).await.unwrap();
    assert!(!seen.has("message=slow query"));
    let pool = limited(Duration::from_millis(20));
    let slow = "select pg_sleep(0.03)";
    query(slow).execute(&pool).await.unwrap();
    assert_eq!(seen.count("message=slow query"), 1, "{:?}", seen.all());
    // Once of the span, once of the event.
    assert_eq!(seen.count(&format!("db.query.text={slow:?}")), 2);
    // On a connection, a transaction or a standby it is the same.
    let connection = pool.get().await.unwrap();
    query(slow).execute(&connection).await.unwrap();
    query(slow).execute(&pool.replica()).await.unwrap();
    assert_eq!(seen.count("message=slow query"), 3, "{:?}", seen.all());
    pool.batch_execute("do $$ begin raise notice 'well %', 'now'; end $$")
        .await
        .unwrap();
    assert!(seen.has("message=well now"), "{:?}", seen.all());
}

const REPEATED: &str = "message=query repeated: one query could do the work of many, or a batch could send them together";

#[tokio::test]
async fn a_query_that_is_repeated_is_an_event_once() {
    let (_, database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let pool = Pool::builder(database.url())
        .unwrap()
        .repeated_query(5)
        .build()
        .unwrap();
    // Nothing says that these belong together.
    for _ in 0..20 {
        numbers("1").fetch(&pool).await.unwrap();
    }
    assert_eq!(seen.count(REPEATED), 0);

    // Within a span they do: this is a request, and each has the same place.
    let request = async |times: usize| {
        let work = async {
            for _ in 0..times {
                numbers("1").fetch(&pool).await.unwrap();
            }
        };
        work.instrument(tracing::info_span!("request")).await;
    };
    for _ in 0..3 {
        request(4).await;
    }
    assert_eq!(seen.count(REPEATED), 0);
    for _ in 0..3 {
        request(9).await;
    }
    assert_eq!(seen.count(REPEATED), 1);
    for said in ["query=\"numbers::up_to\"", "times=5", "scope=\"request\""] {
        assert!(seen.has(said), "{said}: {:?}", seen.all());
    }
}

#[tokio::test]
async fn queries_repeated_on_a_connection_are_told_from_batches() {
    let (_, database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let pool = Pool::builder(database.url())
        .unwrap()
        .repeated_query(5)
        .build()
        .unwrap();
    // That is how it should be done.
    let all = (0..20).map(|_| numbers("1")).collect::<Vec<_>>();
    batch(all).fetch(&pool).await.unwrap();
    // Each of these holds the connection anew.
    for _ in 0..3 {
        let connection = pool.get().await.unwrap();
        for _ in 0..3 {
            numbers("1").fetch(&connection).await.unwrap();
        }
    }
    assert_eq!(seen.count(REPEATED), 0);
    let done: Result<(), howdah::Error> = pool
        .transaction(async |tx| {
            for n in 0..10_i32 {
                query("select $1::int4").bind(n).execute(tx).await?;
                numbers("1").fetch(tx).await?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
    assert_eq!(seen.count(REPEATED), 2, "{:?}", seen.all());
    assert_eq!(seen.count("scope=\"connection\""), 2);
}

#[tokio::test]
async fn no_secret_is_seen() {
    let (_, database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let url = database.url().replace("postgres@", "postgres:hunter2@");
    assert_ne!(url, database.url());
    let pool = Pool::builder(&url)
        .unwrap()
        .slow_query(Duration::ZERO)
        .repeated_query(2)
        .build()
        .unwrap();
    let done: Result<(), howdah::Error> = pool
        .transaction(async |tx| {
            for value in ["swordfish", "swordfish"] {
                query("select $1::text").bind(value).execute(tx).await?;
            }
            query("create temp table t (secret text unique)")
                .execute(tx)
                .await?;
            for _ in 0..2 {
                query("insert into t values ($1)")
                    .bind("swordfish")
                    .execute(tx)
                    .await?;
            }
            Ok(())
        })
        .await;
    let error = done.unwrap_err();
    // The server does say it, in what nobody is shown unless they ask.
    assert!(error.detail().unwrap().contains("swordfish"));
    let wrong = url.replace(database.name(), "no_such_database");
    let refused = Pool::connect(&wrong).await.unwrap_err();
    assert!(seen.has(REPEATED) && seen.has("message=slow query"));
    assert!(seen.has("db.response.status_code=\"23505\""));
    let said = seen.all().join("\n");
    for shown in [
        said,
        format!("{error} {error:?} {refused} {refused:?} {pool:?}"),
    ] {
        for secret in ["hunter2", "swordfish"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_standby_that_is_passed_over_is_told_of_once_and_without_its_password() {
    let (_, database) = pool().await;
    // A port that nobody listens on.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let gone = format!("postgres://me:secret@127.0.0.1:{port}/app?sslmode=disable");
    let builder = Pool::builder(database.url()).unwrap();
    let pool = builder.replica(&gone).unwrap().build().unwrap();
    let (seen, _guard) = Seen::begin();
    for _ in 0..5 {
        query("select 1").execute(&pool.replica()).await.unwrap();
    }
    let message = "message=a standby is passed over until it can be reached again";
    assert_eq!(seen.count(message), 1, "{:?}", seen.all());
    let all = seen.all().join("\n");
    assert!(
        all.contains(&format!("standby=\"127.0.0.1:{port}/app\"")),
        "{all}"
    );
    assert!(!all.contains("secret"), "{all}");
}
