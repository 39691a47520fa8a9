//! A primary and its standby: reads that are routed, reads that wait for their own writes, and failover.

use std::time::{Duration, Instant};

use howdah::{Many, Pool, Query, Value, query};

use super::bank::{self, Outcome};
use super::ledger::{self, Pools};
use super::mortal::{Mortal, Standby};
use super::server::more_entries;
use crate::waiting::wait_until;

struct Pair {
    primary: Mortal,
    standby: Standby,
}

impl Pair {
    async fn start() -> Self {
        let primary = Mortal::start().await;
        let standby = primary.standby();
        let pair = Self { primary, standby };
        // Once it follows, the primary acknowledges nothing that it does not have.
        let admin = pair.primary.pool();
        for sql in [
            "alter system set synchronous_standby_names = '*'",
            "select pg_reload_conf()",
        ] {
            query(sql).execute(&admin).await.unwrap();
        }
        let sql = "select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')";
        wait_until("it follows", async || {
            query(sql).fetch_one::<Value<i64>>(&admin).await.unwrap() == 1
        })
        .await;
        pair
    }

    fn url(&self, options: &str) -> String {
        format!(
            "host={},{} user=postgres dbname={} {options}",
            self.primary.home().display(),
            self.standby.home().display(),
            self.primary.database.name()
        )
    }

    fn standby_url(&self) -> String {
        format!(
            "host={} user=postgres dbname={}",
            self.standby.home().display(),
            self.primary.database.name()
        )
    }
}

fn on_standby() -> Query<'static, Many<Value<bool>>> {
    Query::reading("on_standby", "select pg_is_in_recovery()", [])
}

#[tokio::test]
async fn reads_go_where_they_are_sent() {
    let pair = Pair::start().await;
    let asked = "select pg_is_in_recovery()";
    for (wanted, standby) in [
        ("any", false),
        ("primary", false),
        ("read-write", false),
        ("standby", true),
        ("read-only", true),
        ("prefer-standby", true),
    ] {
        let pool = Pool::connect(&pair.url(&format!("target_session_attrs={wanted}")))
            .await
            .unwrap();
        assert_eq!(
            query(asked).fetch_one::<Value<bool>>(&pool).await.unwrap(),
            standby,
            "{wanted}"
        );
    }
    let build = || {
        Pool::builder(pair.primary.database.url())
            .unwrap()
            .replica(&pair.standby_url())
            .unwrap()
    };
    let pool = build().build().unwrap();
    // By choice; and by nature only where that is asked for.
    assert!(
        query(asked)
            .fetch_one::<Value<bool>>(&pool.replica())
            .await
            .unwrap()
    );
    assert_eq!(on_standby().fetch(&pool).await.unwrap(), [false]);
    let by_nature = build().reads_on_replicas().build().unwrap();
    assert_eq!(on_standby().fetch(&by_nature).await.unwrap(), [true]);
    assert!(
        !query(asked)
            .fetch_one::<Value<bool>>(&by_nature)
            .await
            .unwrap()
    );

    pool.batch_execute("create table seen (n int4)")
        .await
        .unwrap();
    for n in 0..20 {
        query("insert into seen values ($1)")
            .bind(n)
            .execute(&pool)
            .await
            .unwrap();
        let written = pool.written().await.unwrap();
        let count = query("select count(*) from seen")
            .fetch_one::<Value<i64>>(&pool.replica().after(written))
            .await;
        assert_eq!(count.unwrap(), i64::from(n) + 1);
    }
    // A standby that does not follow any more is passed over.
    query("select pg_wal_replay_pause()")
        .execute(&pool.replica())
        .await
        .unwrap();
    query("insert into seen values (0)")
        .execute(&pool)
        .await
        .unwrap();
    let written = pool.written().await.unwrap();
    let late = pool
        .replica()
        .after(written)
        .patience(Duration::from_millis(50));
    assert!(!query(asked).fetch_one::<Value<bool>>(&late).await.unwrap());

    let gone = Pool::builder(pair.primary.database.url())
        .unwrap()
        .replica("host=/nowhere user=postgres")
        .unwrap()
        .build()
        .unwrap();
    assert!(
        !query(asked)
            .fetch_one::<Value<bool>>(&gone.replica())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_promoted_standby_is_found_and_has_all_that_was_acknowledged() {
    let mut pair = Pair::start().await;
    let pool = Pool::builder(&pair.url("target_session_attrs=read-write"))
        .unwrap()
        .max_size(3)
        .build()
        .unwrap();
    bank::open(&pool).await;
    let pools = Pools::new(&pair.url("target_session_attrs=read-write"));
    let mut written = ledger::work(&pools, async {
        more_entries(&pool, 1_000).await;
        pair.primary.kill();
    })
    .await;
    assert!(
        written
            .iter()
            .any(|written| written.outcome == Outcome::Done)
    );
    let standby = Pool::connect(&pair.standby_url()).await.unwrap();
    for sql in [
        "select pg_promote()",
        "alter system set synchronous_standby_names = ''",
        "select pg_reload_conf()",
    ] {
        query(sql).execute(&standby).await.unwrap();
    }
    // It has all that there is, and is not waited for.
    let reads = Pool::builder(&pair.standby_url())
        .unwrap()
        .replica(&pair.standby_url())
        .unwrap()
        .build()
        .unwrap();
    reads.batch_execute("create table later ()").await.unwrap();
    let later = reads.written().await.unwrap();
    let (started, patience) = (Instant::now(), Duration::from_secs(60));
    let patient = reads.replica().after(later).patience(patience);
    assert!(!on_standby().fetch(&patient).await.unwrap()[0]);
    assert!(started.elapsed() < patience / 2);
    pools.are_whole("failover").await;
    written.extend(ledger::work_undisturbed(&pools).await);
    ledger::audit(&pool, &written, "failover").await;
}
