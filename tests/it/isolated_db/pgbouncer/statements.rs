//! Each statement on another server: there are no transactions, and no server knows the statements of another.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, future::join_all};
use howdah::{
    Accepts, BytesMut, Decode, DecodeError, DynamicQuery, Encode, EncodeError, Error, ErrorKind,
    Executor, IsNull, Many, Multirange, One, PgComposite, PgEnum, PgRow, Pool, Range, Type, Value,
    batch, copy_in, copy_out, query,
};
use howdah_codegen::inspect::inspect;

use super::Bouncer;
use crate::waiting::poll_and_drop;

async fn start() -> (Bouncer, Pool) {
    let bouncer = Bouncer::start_in("statement").await;
    bouncer.use_both_servers().await;
    let pool = bouncer.builder().single_statements().build().unwrap();
    (bouncer, pool)
}

/// An enum of the database, as a parameter and as a column.
#[derive(Debug, PartialEq)]
struct Mood;

impl Encode for Mood {
    const ACCEPTS: &'static Accepts = &Accepts::User {
        schema: "public",
        name: "mood",
    };

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(b"good");
        Ok(IsNull::No)
    }
}

impl Decode<'_> for Mood {
    const ACCEPTS: &'static Accepts = <Self as Encode>::ACCEPTS;

    fn decode(_: &Type, _: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

#[tokio::test]
async fn queries_of_many_tasks_run() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute(
        "create table t (id int4 primary key, tags text[], at timestamptz default 'epoch', price numeric);
         insert into t select n, array['tag ' || n], 'epoch', n / 4.0 from generate_series(1, 100) n",
    )
    .await
    .unwrap();
    type Row = (Option<Vec<String>>, Option<rust_decimal::Decimal>, String);
    let one = async |id: i32| {
        let sql = "select tags || $2, price, $3::text || ';'::text from t where id = any($1)";
        let sql = sql.replace("';'::text", "'!'");
        let found = query(sql).bind(vec![id]).bind(["é"]).bind("☆");
        found.fetch_one::<Row>(&pool).await
    };
    for _ in 0..2 {
        for (id, row) in (1..=100).zip(join_all((1..=100).map(one)).await) {
            let (tags, price, star) = row.unwrap();
            assert_eq!(tags.unwrap(), [format!("tag {id}"), "é".to_owned()]);
            assert_eq!(
                price.unwrap(),
                rust_decimal::Decimal::new(i64::from(id) * 25, 2)
            );
            assert_eq!(star, "☆!");
        }
    }
    let multiplexed = pool.multiplexed(1);
    let below = || query("select id from t where id < $1 order by id").bind(4);
    let all = below().fetch_all::<Value<i32>>(&multiplexed).await.unwrap();
    assert_eq!(all, [1, 2, 3]);
    let stream = below().stream::<Value<i32>>(&pool).await.unwrap();
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap(), [1, 2, 3]);
    let rows = below().fetch_rows(&pool).await.unwrap();
    assert_eq!(rows.read::<(i32,)>().unwrap().len(), 3);
    let none = query("select id from t where id = $1").bind(0);
    assert_eq!(none.fetch_opt::<Value<i32>>(&pool).await.unwrap(), None);
    let none = query("select id from t where id = 0")
        .fetch_rows(&pool)
        .await
        .unwrap();
    assert_eq!(none.read::<(i32,)>().unwrap().len(), 0);
    let soon = pool.within(Duration::from_millis(50));
    let late = query("select pg_sleep(60)")
        .execute(&soon)
        .await
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Timeout);
    for _ in 0..8 {
        let left = query("select count(*) from pg_prepared_statements");
        assert_eq!(left.fetch_one::<Value<i64>>(&pool).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn what_writes_is_applied_once() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute("create table t (id int4, note text)")
        .await
        .unwrap();
    query("create unique index t_key on t (id)")
        .execute(&pool)
        .await
        .unwrap();
    let insert = |id: i32| {
        query("insert into t values ($1, $2) returning id")
            .bind(id)
            .bind("a")
    };
    let added = insert(1).fetch_one::<Value<i32>>(&pool).await.unwrap();
    assert_eq!(added, 1);
    let update = query("update t set note = $2 where id = $1")
        .bind(1)
        .bind(None::<&str>);
    assert_eq!(update.execute(&pool).await.unwrap(), 1);
    let batch = batch(
        (2..20)
            .map(|id| insert(id).yields::<One<Value<i32>>>())
            .collect::<Vec<_>>(),
    );
    assert_eq!(
        batch.fetch(&pool).await.unwrap(),
        (2..20).collect::<Vec<_>>()
    );
    let notify = query("select pg_notify($1, $2)").bind("orders").bind("{}");
    notify.execute(&pool).await.unwrap();
    let count = query("select count(*) from t");
    assert_eq!(count.fetch_one::<Value<i64>>(&pool).await.unwrap(), 19);
    super::can_insert_many(&pool).await;
}

#[tokio::test]
async fn parameters_are_of_any_type_and_are_what_the_server_says() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute(
        "create extension citext;
         create type mood as enum ('good');
         create domain positive as int4 check (value > 0);
         create domain moods as mood[];
         create table t (name citext, mood mood, all_moods moods, n positive, d date);
         insert into t values ('Ada', 'good', '{good}', 1, '2000-01-01')",
    )
    .await
    .unwrap();
    // Not as text, of which the case would count.
    let found =
        query("select n from t where name = $1 and mood = $2 and all_moods = $3 and n = $4");
    let found = found.bind("ADA").bind(Mood).bind(vec![Mood]).bind(1);
    assert_eq!(found.fetch_one::<Value<i32>>(&pool).await.unwrap(), 1);
    let named = query("select n from t where name = any($1)").bind(["ADA"]);
    assert_eq!(named.fetch_one::<Value<i32>>(&pool).await.unwrap(), 1);

    let now = chrono::DateTime::<chrono::Utc>::UNIX_EPOCH;
    let error = query("update t set d = $1").bind(now).execute(&pool).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::Mapping, Some(1)));
    let error = query("update t set\n d = $1 + $2 * nothing")
        .bind(1)
        .bind(1)
        .execute(&pool)
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.sqlstate(), Some("42703"));
    assert_eq!(error.position(), Some((2, 16)));
}

#[tokio::test]
async fn changes_of_the_schema_are_seen() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute("create table t (n int8); insert into t values (1)")
        .await
        .unwrap();
    let equal = |n: i64| query("select n from t where $1 = 1::int8").bind(n);
    assert_eq!(equal(1).fetch_one::<Value<i64>>(&pool).await.unwrap(), 1);
    pool.batch_execute("alter table t alter column n type float8")
        .await
        .unwrap();
    let error = equal(1).fetch_one::<Value<i64>>(&pool).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Mapping, Some("n"))
    );
    assert_eq!(equal(1).fetch_one::<Value<f64>>(&pool).await.unwrap(), 1.0);
}

fn refusal<T>(result: Result<T, Error>) -> String {
    let error = result.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    let message = error.to_string();
    assert!(message.contains("`single_statements`"), "{message}");
    message
}

#[tokio::test]
async fn what_needs_a_session_is_refused_before_it_is_sent() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute("create type mood as enum ('good'); create table t (id int4, mood mood)")
        .await
        .unwrap();
    let insert = || query("insert into t values (1, 'good')");
    refusal(
        pool.transaction(async |tx| insert().execute(tx).await)
            .await,
    );
    refusal(pool.get().await.unwrap().begin().await);
    refusal(
        query("select 1")
            .cursor::<Value<i32>>()
            .open_held(&pool)
            .await,
    );
    refusal(copy_in("t").columns(["id"]).from_rows([(1,)], &pool).await);
    refusal(
        copy_out("t")
            .rows::<(i32, String), _>(&pool)
            .await
            .map(drop),
    );
    refusal(pool.lock("t").await.map(drop));
    refusal(pool.listener().channel("c").connect().await.map(drop));
    for sql in [
        "set a.b = 'c'",
        "begin",
        "listen c",
        "select pg_advisory_lock(1)",
        "create temp table x ()",
    ] {
        refusal(query(sql).execute(&pool).await);
    }
    let message = refusal(
        query("insert into t values ($1); drop table t")
            .bind(1)
            .execute(&pool)
            .await,
    );
    assert!(message.contains('`'), "{message}");
    refusal(query("call nothing($1)").bind(1).execute(&pool).await);

    assert_eq!(insert().execute(&pool).await.unwrap(), 1);
    let count = query("select count(*) from t");
    assert_eq!(count.fetch_one::<Value<i64>>(&pool).await.unwrap(), 1);
}

const TYPES: &str = "create type mood as enum ('good', 'bad');
    create domain positive as int4 check (value > 0);
    create type pair as (first mood, second positive);
    create type moods as range (subtype = mood);
    create table t (id int4, mood mood, moods mood[], pair pair, pairs pair[], span moods, spans moods_multirange[]);
    insert into t select n, 'good', '{good,bad}', '(good,1)', '{\"(bad,2)\"}', '[good,bad]', '{\"{[good,good]}\"}'
    from generate_series(1, 1000) n";

#[derive(Debug, PartialEq, PartialOrd, PgEnum)]
#[pg(schema = "public", name = "mood")]
enum Feeling {
    #[pg(rename = "good")]
    Good,
    #[pg(rename = "bad")]
    Bad,
}

#[derive(Debug, PartialEq, PgComposite)]
#[pg(schema = "public", name = "pair")]
struct Pair {
    first: Feeling,
    second: i32,
}

#[derive(Debug, PartialEq, PgRow)]
struct All {
    mood: Feeling,
    moods: Vec<Feeling>,
    pair: Pair,
    pairs: Vec<Pair>,
    span: Range<Feeling>,
    spans: Vec<Multirange<Feeling>>,
}

fn all() -> DynamicQuery<'static> {
    query("select mood, moods, pair, pairs, span, spans from t where id <= $1")
}

fn is_right(all: &All) {
    assert_eq!(all.mood, Feeling::Good);
    assert_eq!(all.moods, [Feeling::Good, Feeling::Bad]);
    let pair = |first, second| Pair { first, second };
    assert_eq!(all.pair, pair(Feeling::Good, 1));
    assert_eq!(all.pairs, [pair(Feeling::Bad, 2)]);
    assert_eq!(all.span, Range::from(Feeling::Good..=Feeling::Bad));
    assert_eq!(all.spans.len(), 1);
}

/// A thousand rows are more than is read ahead.
#[tokio::test]
async fn results_of_any_length_have_columns_of_a_users_types() {
    let (bouncer, pool) = start().await;
    pool.batch_execute(TYPES).await.unwrap();
    let fresh = || bouncer.builder().single_statements().build().unwrap();
    for count in [1, 1_000] {
        let found = all().bind(count).fetch_all::<All>(&fresh()).await.unwrap();
        assert_eq!(found.len(), count as usize);
        found.iter().for_each(is_right);
        let pool = fresh();
        let stream = all().bind(count).stream::<All>(&pool).await.unwrap();
        let found: Vec<_> = stream.try_collect().await.unwrap();
        assert_eq!(found.len(), count as usize);
        found.iter().for_each(is_right);
        let rows = all().bind(count).fetch_rows(&fresh()).await.unwrap();
        rows.read::<All>()
            .unwrap()
            .for_each(|row| is_right(&row.unwrap()));
        let whole = query("select t from t where id <= $1").bind(count);
        let whole = whole.fetch_rows(&fresh()).await.unwrap();
        assert_eq!(whole.len(), count as usize);
    }
    for _ in 0..20 {
        let found = batch(vec![
            all().bind(3).yields::<Many<All>>(),
            all().bind(500).yields(),
        ]);
        let found = found.fetch(&pool).await.unwrap();
        assert_eq!((found[0].len(), found[1].len()), (3, 500));
    }
    let multiplexed = pool.multiplexed(1);
    let shared = async |count| all().bind(count).fetch_all::<All>(&multiplexed).await;
    let (few, many) = tokio::try_join!(shared(2), shared(900)).unwrap();
    assert_eq!((few.len(), many.len()), (2, 900));
}

/// It runs once, and its types are looked up afterwards.
#[tokio::test]
async fn what_returns_a_users_type_is_applied_once() {
    let (_bouncer, pool) = start().await;
    pool.batch_execute("create type mood as enum ('good'); create table t (id int4, mood mood)")
        .await
        .unwrap();
    for id in 0..20 {
        let sql = "insert into t values ($1, 'good') returning mood";
        let mood = query(sql).bind(id).fetch_one::<Value<Mood>>(&pool).await;
        assert_eq!(mood.unwrap(), Mood);
        if id % 5 == 4 {
            let again = "drop type mood cascade; create type mood as enum ('good'); alter table t add mood mood";
            pool.batch_execute(again).await.unwrap();
        }
    }
    let counts = query("select count(*), count(distinct id) from t");
    assert_eq!(
        counts.fetch_one::<(i64, i64)>(&pool).await.unwrap(),
        (20, 20)
    );
    let error = query("select 'good'::mood")
        .fetch_one::<Value<i32>>(&pool)
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    assert!(error.to_string().contains("public.mood"), "{error}");
    // A row that cannot be read is an error once, and then the stream ends.
    pool.batch_execute("create type other as enum ('good')")
        .await
        .unwrap();
    let others = query("select 'good'::other from generate_series(1, 3)");
    let stream = others.stream::<Value<i32>>(&pool).await.unwrap();
    let items: Vec<_> = stream.collect().await;
    assert!(items[0].is_err());
    assert_eq!(items.len(), 1);
}

/// A lookup that is dropped leaves the connection usable.
#[tokio::test]
async fn asking_for_types_can_be_dropped_at_any_point() {
    let (bouncer, pool) = start().await;
    pool.batch_execute(TYPES).await.unwrap();
    for polls in 1..60 {
        let fresh = bouncer
            .builder()
            .max_size(1)
            .single_statements()
            .build()
            .unwrap();
        let one = all().bind(1).fetch_all::<All>(&fresh);
        let done = poll_and_drop(async { drop(one.await.unwrap()) }, polls).await;
        let found = all().bind(2).fetch_all::<All>(&fresh).await.unwrap();
        assert_eq!(found.len(), 2);
        let status = fresh.status();
        assert_eq!((status.size, status.idle), (1, 1), "{polls} polls");
        if done {
            return;
        }
    }
    panic!("never done");
}

/// All of it in one statement, as BEGIN is refused.
#[tokio::test]
async fn the_catalog_is_read() {
    let (bouncer, pool) = start().await;
    let create = query("create table places (id int primary key, name text)");
    create.execute(&pool).await.unwrap();
    let url = bouncer.url();
    let read = tokio::task::spawn_blocking(move || inspect(&url, &[]).unwrap().catalog);
    let relations = read.await.unwrap().relations;
    let columns = relations
        .iter()
        .map(|relation| (relation.name.name.as_str(), relation.columns.len()));
    assert_eq!(columns.collect::<Vec<_>>(), [("places", 2)]);
}
