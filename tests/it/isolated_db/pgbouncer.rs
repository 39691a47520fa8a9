//! PgBouncer in front of a server, each transaction on whichever of two server connections is free.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use howdah::{Error, Executor, Pool, PoolBuilder, Value, copy_in, query};
use howdah_codegen::scratch::{Database, Server};

struct Bouncer {
    home: tempfile::TempDir,
    process: Child,
    database: Database,
}

impl Bouncer {
    async fn start() -> Self {
        Self::start_in("transaction").await
    }

    /// In this `pool_mode`.
    async fn start_in(mode: &str) -> Self {
        let server = Server::shared().unwrap();
        let database = server.database().unwrap();
        let home = tempfile::tempdir().unwrap();
        let config = format!(
            "[databases]\n* = host={} port=5432 user=postgres\n[pgbouncer]\nlisten_port = 6432\nlisten_addr =\n\
             unix_socket_dir = {}\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = 2\n\
             server_round_robin = 1\nserver_reset_query =\n",
            server.socket_dir().display(),
            home.path().display()
        );
        let file = home.path().join("pgbouncer.ini");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new(program());
        command
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(home.path().join("log")).unwrap());
        // It refuses to run as root, and needs the right to the server's socket.
        let owner = std::fs::metadata(server.socket_dir()).unwrap();
        if owner.uid() != home.path().metadata().unwrap().uid() {
            for path in [home.path(), &file] {
                chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
            }
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().unwrap();
        let bouncer = Self {
            home,
            process,
            database,
        };
        let began = Instant::now();
        while std::os::unix::net::UnixStream::connect(bouncer.home.path().join(".s.PGSQL.6432"))
            .is_err()
        {
            let log = std::fs::read_to_string(bouncer.home.path().join("log")).unwrap();
            assert!(began.elapsed() < Duration::from_secs(20), "{log}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bouncer
    }

    fn builder(&self) -> PoolBuilder {
        let url = format!(
            "host={} port=6432 user=postgres dbname={}",
            self.home.path().display(),
            self.database.name()
        );
        Pool::builder(&url)
            .unwrap()
            .max_size(4)
            .unnamed_statements()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let places = [
        "/usr/sbin/pgbouncer",
        "/usr/bin/pgbouncer",
        "/usr/local/bin/pgbouncer",
        "/opt/homebrew/bin/pgbouncer",
    ];
    let found = places.iter().map(Path::new).find(|path| path.exists());
    found
        .expect("pgbouncer is needed: `cargo xtask test` installs it")
        .to_owned()
}

async fn kept(direct: &Pool) -> i64 {
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'";
    query(sql).fetch_one::<Value<i64>>(direct).await.unwrap()
}

#[tokio::test]
async fn queries_of_many_tasks_share_the_servers_of_a_pooler() {
    let bouncer = Bouncer::start().await;
    let pool = bouncer.builder().build().unwrap();
    pool.batch_execute(
        "create type mood as enum ('good', 'bad');
         create table t (id int4 primary key, tags text[], mood mood);
         insert into t select n, array['tag ' || n], 'good' from generate_series(1, 100) n",
    )
    .await
    .unwrap();
    let one = async |id: i32| {
        let sql = "select tags[1], mood::text, $2::text from t where id = $1";
        query(sql)
            .bind(id)
            .bind("é")
            .fetch_one::<(String, String, String)>(&pool)
            .await
    };
    // More tasks than connections to PgBouncer, and more of these than servers.
    for round in 0..3 {
        let all = futures_util::future::join_all((1..=100).map(one)).await;
        for (id, row) in (1..=100).zip(all) {
            let expected = (format!("tag {id}"), "good".to_owned(), "é".to_owned());
            assert_eq!(row.unwrap(), expected, "round {round}");
        }
    }
    // Nothing was left on the servers, for others to stumble over.
    for _ in 0..8 {
        let left = query(
            "select count(*) from pg_prepared_statements where not from_sql and statement like '%from t where%'",
        );
        assert_eq!(left.fetch_one::<Value<i64>>(&pool).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn transactions_copy_and_cancels_go_through_a_pooler() {
    let bouncer = Bouncer::start().await;
    let pool = bouncer
        .builder()
        .query_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    pool.batch_execute("create table t (id int4)")
        .await
        .unwrap();
    let insert = async |id: i32| {
        pool.transaction(async |tx| {
            query("insert into t values ($1)")
                .bind(id)
                .execute(tx)
                .await?;
            copy_in("t")
                .columns(["id"])
                .from_rows([(id + 100,)], tx)
                .await?;
            query("insert into t values ($1)")
                .bind(id + 200)
                .execute(tx)
                .await
        })
        .await
    };
    let all: Result<Vec<u64>, Error> =
        futures_util::future::try_join_all((0..20).map(insert)).await;
    all.unwrap();
    let count = query("select count(*) from t")
        .fetch_one::<Value<i64>>(&pool)
        .await;
    assert_eq!(count.unwrap(), 60);

    let began = Instant::now();
    let soon = pool.within(Duration::from_millis(50));
    query("select pg_sleep(60)")
        .execute(&soon)
        .await
        .unwrap_err();
    for _ in 0..4 {
        query("select 1").execute(&pool).await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    let direct = Pool::connect(bouncer.database.url()).await.unwrap();
    assert_eq!(kept(&direct).await, 0);
}

/// PgBouncer ends the connection at a BEGIN, and the types of a query are learnt in a transaction.
#[tokio::test]
async fn a_pooler_of_single_statements_is_refused_by_name() {
    let bouncer = Bouncer::start_in("statement").await;
    let pool = bouncer.builder().build().unwrap();
    for _ in 0..8 {
        let error = query("select $1::int4").bind(1).execute(&pool).await;
        let error = error.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("transaction blocks not allowed in statement pooling mode"),
            "{error}"
        );
    }
    // A script needs no types.
    pool.batch_execute("create table t (id int4)")
        .await
        .unwrap();
    let status = pool.status();
    assert_eq!(status.size, status.idle);
}
