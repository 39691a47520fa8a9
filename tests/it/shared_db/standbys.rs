//! Standbys that give no connection: they are skipped, tried again from time to time, and used once they are back.
//! Tests that need a real standby are among those of faults.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};
use std::time::{Duration, Instant};

use howdah::{ErrorKind, Executor, Pool, Value, query};
use howdah_codegen::scratch::Server;
use tokio::net::TcpListener;

use super::{proxy::Proxy, support::pool};
use crate::waiting::wait_until;

/// A port where connections are accepted and nothing is ever answered, and how many there were.
async fn silence() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tried = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tried);
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((socket, _)) = listener.accept().await {
            open.push(socket);
            count.fetch_add(1, Relaxed);
        }
    });
    (port, tried)
}

async fn read(executor: &impl Executor) -> Result<i32, howdah::Error> {
    query("select 1").fetch_one::<Value<i32>>(executor).await
}

#[tokio::test]
async fn a_standby_that_does_not_answer_is_tried_once_and_then_now_and_then() {
    let (_, database) = pool().await;
    let (port, tried) = silence().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .replica(&format!(
            "postgres://me@127.0.0.1:{port}/app?sslmode=disable"
        ))
        .unwrap()
        .connect_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(read(&pool.replica()).await.unwrap(), 1);
    }
    // Once more in each second at the most.
    let seconds = began.elapsed().as_secs() as usize;
    let tried = tried.load(Relaxed);
    assert!((1..=1 + seconds).contains(&tried), "{tried}");
    let standby = &pool.status().standbys[0];
    assert_eq!(standby.failures as usize, tried);
    assert_eq!(standby.place, format!("127.0.0.1:{port}/app"));
    assert_eq!(standby.connections.size, 0);
}

/// A deadline that passes while the standby keeps silent costs one query, and not each.
#[tokio::test]
async fn a_wait_for_a_standby_that_is_given_up_counts() {
    let (_, database) = pool().await;
    let (port, _) = silence().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .replica(&format!(
            "postgres://me@127.0.0.1:{port}/app?sslmode=disable"
        ))
        .unwrap()
        .build()
        .unwrap();
    let replica = pool.replica();
    let late = read(&replica.within(Duration::from_millis(200))).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(pool.status().standbys[0].failures, 1);
    assert_eq!(read(&replica).await.unwrap(), 1);
}

#[tokio::test]
async fn a_standby_that_is_back_is_used_again() {
    let (_, database) = pool().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "host={} user=postgres dbname={} application_name=standby",
        folder.path().display(),
        database.name()
    );
    let pool = Pool::builder(database.url())
        .unwrap()
        .replica(&url)
        .unwrap()
        .build()
        .unwrap();
    let is_on_standby = async || {
        let replica = pool.replica();
        let name = query("show application_name").fetch_one::<Value<String>>(&replica);
        name.await.unwrap() == "standby"
    };
    assert!(!is_on_standby().await);
    assert_eq!(pool.status().standbys[0].failures, 1);
    let socket = ".s.PGSQL.5432";
    let server = Server::shared().unwrap().socket_dir().join(socket);
    std::os::unix::fs::symlink(server, folder.path().join(socket)).unwrap();
    wait_until("the standby is read from", &is_on_standby).await;
    assert_eq!(pool.status().standbys[0].failures, 0);
}

/// Who does not wait for it any longer leaves no question on its connection.
#[tokio::test]
async fn a_standby_that_does_not_say_how_far_it_is_keeps_no_connection() {
    let (primary, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::builder(database.url()).unwrap();
    let pool = pool.replica(&proxy.url()).unwrap();
    let pool = pool.recovery_timeout(Duration::from_millis(100));
    let pool = pool.build().unwrap();
    let written = primary.written().await.unwrap();
    assert_eq!(read(&pool.replica()).await.unwrap(), 1);
    let connections = || pool.status().standbys[0].connections.size;
    assert_eq!(connections(), 1);
    proxy.hold_back_until(1_000);
    let replica = pool.replica().after(written);
    let replica = replica.patience(Duration::from_millis(50));
    assert_eq!(read(&replica).await.unwrap(), 1);
    wait_until("it is closed", async || connections() == 0).await;
}
