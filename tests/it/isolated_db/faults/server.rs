//! Faults of the server: backends and the whole of it killed, restarts, no room for another connection.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use howdah::{ErrorKind, Pool, TransactionOptions, Value, query};
use howdah_codegen::scratch::{Database, Server};

use super::bank::{self, Outcome};

/// A server that can be killed and started again.
struct Mortal {
    again: Option<Child>,
    data: PathBuf,
    uid: u32,
    gid: u32,
    postgres: PathBuf,
    database: Database,
}

impl Mortal {
    async fn start() -> Self {
        let server = Server::builder()
            .setting("max_connections", "12")
            .setting("synchronous_commit", "on")
            .start()
            .unwrap();
        let database = server.database().unwrap();
        let home = std::fs::metadata(server.socket_dir()).unwrap();
        let pool = Pool::connect(database.url()).await.unwrap();
        let bin = query("select setting from pg_config where name = 'BINDIR'")
            .fetch_one::<Value<String>>(&pool)
            .await
            .unwrap();
        Self {
            again: None,
            data: server.socket_dir().join("data"),
            uid: home.uid(),
            gid: home.gid(),
            postgres: PathBuf::from(bin).join("postgres"),
            database,
        }
    }

    fn postmaster(&self) -> String {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap();
        file.lines().next().unwrap().to_owned()
    }

    /// Ends the server without a word to anyone, its processes with it.
    fn kill(&mut self) {
        let postmaster = self.postmaster();
        let children = children(&postmaster);
        kill("KILL", &postmaster);
        if let Some(mut again) = self.again.take() {
            again.wait().unwrap();
        }
        while children.iter().any(|child| runs(child)) {
            std::thread::sleep(Duration::from_millis(1));
        }
        // Nobody has waited for the process yet, so that it seems to be there.
        for lock in ["postmaster.pid", "../.s.PGSQL.5432.lock"] {
            let _ = std::fs::remove_file(self.data.join(lock));
        }
    }

    /// Starts the server on the same data.
    fn start_again(&mut self) {
        let socket = self.data.parent().unwrap().join(".s.PGSQL.5432");
        self.again = Some(self.spawn());
        let began = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            let log = std::fs::read_to_string(self.data.join("../again.log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(20), "{log}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn spawn(&self) -> Child {
        let home = self.data.parent().unwrap();
        let mut command = Command::new(&self.postgres);
        command
            .args(["-D".as_ref(), self.data.as_os_str()])
            .args(["-k".as_ref(), home.as_os_str()])
            .args(["-c", "listen_addresses=", "-c", "max_connections=12"])
            .args(["-c", "synchronous_commit=on"])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(home.join("again.log")).unwrap());
        if self.uid != std::fs::metadata("/proc/self").unwrap().uid() {
            command.uid(self.uid).gid(self.gid);
        }
        command.spawn().unwrap()
    }

    fn pool(&self) -> Pool {
        Pool::builder(self.database.url())
            .unwrap()
            .max_size(4)
            .build()
            .unwrap()
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        if let Some(again) = &mut self.again {
            kill("QUIT", &again.id().to_string());
            let _ = again.wait();
        }
    }
}

/// The second and third words of a process's state in `/proc`, after its name: how it is, and its parent.
fn state(pid: &str) -> Option<(String, String)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    Some((words.next()?.to_owned(), words.next()?.to_owned()))
}

fn runs(pid: &str) -> bool {
    state(pid).is_some_and(|(how, _)| how != "Z")
}

fn children(parent: &str) -> Vec<String> {
    let all = std::fs::read_dir("/proc").unwrap();
    all.filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|pid| state(pid).is_some_and(|(_, of)| of == parent))
        .collect()
}

fn kill(signal: &str, pid: &str) {
    let script = "kill -s \"$1\" \"$2\"";
    Command::new("sh")
        .args(["-c", script, "sh", signal, pid])
        .status()
        .unwrap();
}

fn options() -> TransactionOptions {
    TransactionOptions::new()
        .timeout(Duration::from_secs(5))
        .retry(3)
}

/// Transfers by some tasks at once, until `end` is done.
async fn transfers(pool: &Pool, end: impl Future<Output = ()>) -> Vec<(i64, Outcome)> {
    let stop = std::sync::atomic::AtomicBool::new(false);
    let next = std::sync::atomic::AtomicI64::new(0);
    let worker = async || {
        let mut outcomes = Vec::new();
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            let id = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            outcomes.push((id, bank::transfer(pool, &options(), id).await));
            tokio::task::yield_now().await;
        }
        outcomes
    };
    let workers = futures_util::future::join_all((0..4).map(|_| worker()));
    let (outcomes, ()) = tokio::join!(workers, async {
        end.await;
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    outcomes.concat()
}

async fn terminate_all(books: &Pool) {
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    query(sql).fetch_one::<Value<i64>>(books).await.unwrap();
}

#[tokio::test]
async fn terminated_backends_cost_nothing_but_themselves() {
    let database = Server::shared().unwrap().database().unwrap();
    let books = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    bank::open(&books).await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(4)
        .build()
        .unwrap();
    let outcomes = transfers(&pool, async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(15)).await;
            terminate_all(&books).await;
        }
    })
    .await;
    assert!(
        outcomes
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Done)
    );
    bank::is_whole(&pool, "terminated").await;
    bank::audit(&books, &outcomes, "terminated").await;
}

#[tokio::test]
async fn a_crash_and_a_restart_lose_nothing_that_was_acknowledged() {
    let mut mortal = Mortal::start().await;
    let pool = mortal.pool();
    bank::open(&pool).await;
    let backend = query("select pg_backend_pid()")
        .fetch_one::<Value<i32>>(&pool)
        .await
        .unwrap();
    // A backend that is killed takes all others with it, and the server recovers.
    let mut outcomes = transfers(&pool, async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        kill("KILL", &backend.to_string());
        tokio::time::sleep(Duration::from_millis(50)).await;
    })
    .await;
    bank::is_whole(&pool, "killed backend").await;

    let before = outcomes.len() as i64 + 1_000_000;
    mortal.kill();
    outcomes.push((before, bank::transfer(&pool, &options(), before).await));
    assert_ne!(outcomes.last().unwrap().1, Outcome::Done);
    mortal.start_again();
    bank::is_whole(&pool, "killed server").await;
    outcomes.push((
        before + 1,
        bank::transfer(&pool, &options(), before + 1).await,
    ));
    assert_eq!(outcomes.last().unwrap().1, Outcome::Done);
    bank::audit(&pool, &outcomes, "killed server").await;
}

#[tokio::test]
async fn a_server_without_room_says_so_and_is_used_once_it_has_some() {
    let mortal = Mortal::start().await;
    let role = mortal.pool();
    role.batch_execute("create role guest login connection limit 1")
        .await
        .unwrap();
    let url = mortal.database.url().replace("postgres@", "guest@");
    let pool = Pool::builder(&url).unwrap().max_size(2).build().unwrap();
    let first = pool.get().await.unwrap();
    let refused = pool.get().await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.sqlstate()),
        (ErrorKind::Database, Some("53300")),
        "{refused}"
    );
    drop(first);
    query("select 1").execute(&pool).await.unwrap();
    assert_eq!(pool.status().size, 1);
}
