//! What operators see of queries, and what they must not.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use howdah::{Many, Param, Pool, Query, Statement, Value, query};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::support::pool;

/// All that was said, as `name=value` in the order in which it was.
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
    static STATEMENT: Statement = Statement::new(
        "numbers::up_to",
        "select n from generate_series(1, $1::text::int4) n",
    );
    Query::new(&STATEMENT, vec![Param::new(most)])
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
async fn slow_queries_and_notices_are_events() {
    let (_, database) = pool().await;
    let (seen, _guard) = Seen::begin();
    let pool = Pool::builder(database.url())
        .unwrap()
        .slow_query(Duration::from_millis(400))
        .build()
        .unwrap();
    numbers("1").fetch(&pool).await.unwrap();
    assert!(!seen.has("message=slow query"));
    query("select pg_sleep(0.45)").execute(&pool).await.unwrap();
    assert!(seen.has("message=slow query"), "{:?}", seen.all());
    pool.batch_execute("do $$ begin raise notice 'well %', 'now'; end $$")
        .await
        .unwrap();
    assert!(seen.has("message=well now"), "{:?}", seen.all());
}
