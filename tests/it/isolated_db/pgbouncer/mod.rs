//! PgBouncer in front of a server, with each transaction or statement on a free one of two server connections.

mod statements;
mod transactions;

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use howdah::{PgInsert, PgRow, Pool, PoolBuilder, query};
use howdah_codegen::scratch::{Database, Server};

use crate::shared_db::pg_schema;

struct Bouncer {
    home: tempfile::TempDir,
    process: Child,
    database: Database,
}

impl Bouncer {
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

    fn url(&self) -> String {
        format!(
            "host={} port=6432 user=postgres dbname={}",
            self.home.path().display(),
            self.database.name()
        )
    }

    fn builder(&self) -> PoolBuilder {
        Pool::builder(&self.url()).unwrap().max_size(4)
    }

    /// PgBouncer opens another server connection only if the others are busy.
    async fn use_both_servers(&self) {
        let pool = self.builder().build().unwrap();
        let sleep = || pool.batch_execute("select pg_sleep(0.1)");
        tokio::try_join!(sleep(), sleep()).unwrap();
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

/// Few rows and many, which would be copied where a connection has one server.
async fn can_insert_many(pool: &Pool) {
    pool.batch_execute(pg_schema::SQL).await.unwrap();
    query("insert into places (id, name) overriding system value values (1, 'here')")
        .execute(pool)
        .await
        .unwrap();
    for count in [1, 3, 1_000, 1_001] {
        let reviews: Vec<_> = (0..count)
            .map(|n| Review {
                place: 1,
                stars: (n % 5) as i16,
                words: Some(format!("{n} ☆")),
            })
            .collect();
        let inserted = Review::insert_many(&reviews).execute(pool).await.unwrap();
        assert_eq!(inserted, count);
    }
    let found = query("select count(*), count(distinct words) from reviews where place = 1");
    let found = found.fetch_one::<(i64, i64)>(pool).await.unwrap();
    assert_eq!(found, (2_005, 1_001));
}

#[derive(Debug, PartialEq, PgInsert, PgRow)]
#[pg(table = pg_schema::reviews)]
struct Review {
    place: i64,
    stars: i16,
    words: Option<String>,
}
