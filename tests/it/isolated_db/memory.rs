//! The rows of a stream, a cursor or COPY are not kept: four hundred thousand rows take the memory of a thousand. Each
//! is tested in a separate process, whose peak memory the system reports.

use std::fs;
use std::process::Command;
use std::time::Duration;

use futures_util::{TryStreamExt, stream};
use howdah::copy::{Csv, Format};
use howdah::{Pool, copy_in, copy_out, copy_out_query, query};
use howdah_codegen::scratch::Server;

const FEW: u32 = 1_000;
const MANY: u32 = 400_000;

/// The allowed difference, in kilobytes. All rows together are more than forty megabytes.
const ROOM: u64 = 6_000;

/// The connection string, in the process that is measured.
const URL: &str = "HOWDAH_TEST_MEMORY_URL";

/// The growth of the memory, in kilobytes, if `work` has many rows instead of few. It is measured in a separate
/// process, which runs this program with this test alone.
async fn growth(test: &str, work: impl AsyncFn(&Pool, u32)) -> Option<u64> {
    let Ok(url) = std::env::var(URL) else {
        let database = Server::shared().unwrap().database().unwrap();
        let measured = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &format!("isolated_db::memory::{test}"),
                "--nocapture",
            ])
            .env(URL, database.url())
            .output()
            .unwrap();
        let output = String::from_utf8(measured.stdout).unwrap();
        assert!(measured.status.success(), "{output}");
        let grown = output.lines().find_map(|line| line.split_once("grown by "));
        return Some(grown.expect(&output).1.trim().parse().unwrap());
    };
    let pool = Pool::connect(&url).await.unwrap();
    pool.batch_execute(
        "create unlogged table source (n int4, words text); create unlogged table target (n int4, words text)",
    )
    .await
    .unwrap();
    for rows in [FEW, MANY] {
        let fill =
            "insert into source select n, repeat('x', 100) from generate_series(1, $1::int4) n";
        query("truncate source, target")
            .execute(&pool)
            .await
            .unwrap();
        query(fill).bind(rows as i32).execute(&pool).await.unwrap();
        if rows == MANY {
            fs::write("/proc/self/clear_refs", "5").unwrap();
            let before = status("VmRSS:");
            work(&pool, rows).await;
            println!("\ngrown by {}", status("VmHWM:") - before);
        } else {
            work(&pool, rows).await;
        }
    }
    None
}

/// A number of kilobytes that the system tells of this process.
fn status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

/// Checks that `work` takes no more memory for many rows than for few.
async fn is_constant(test: &str, work: impl AsyncFn(&Pool, u32)) {
    if let Some(grown) = growth(test, work).await {
        assert!(grown < ROOM, "{test}: {grown} kB");
    }
}

const SQL: &str = "select n, words from source";

type Row = (i32, String);

async fn count(pool: &Pool) -> i64 {
    query("select count(*) from target")
        .fetch_one::<(i64,)>(pool)
        .await
        .unwrap()
        .0
}

/// This shows that the other tests here can fail.
#[tokio::test]
async fn rows_that_are_kept_are_measured() {
    let kept = growth("rows_that_are_kept_are_measured", async |pool, rows| {
        let all = query(SQL).fetch_rows(pool).await.unwrap();
        assert_eq!(all.len(), rows as usize);
    });
    if let Some(grown) = kept.await {
        assert!(grown > 40_000, "{grown} kB");
    }
}

#[tokio::test]
async fn a_stream_takes_constant_memory_and_waits_for_who_reads_it() {
    is_constant(
        "a_stream_takes_constant_memory_and_waits_for_who_reads_it",
        async |pool, rows| {
            let mut stream = query(SQL).stream::<Row>(pool).await.unwrap();
            let mut seen = 0;
            while let Some(row) = stream.next().await {
                row.unwrap();
                seen += 1;
                if seen % 100_000 == 1 {
                    // Time enough for the rest to arrive.
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            }
            assert_eq!(seen, rows);
        },
    )
    .await;
}

#[tokio::test]
async fn a_cursor_takes_constant_memory() {
    is_constant("a_cursor_takes_constant_memory", async |pool, rows| {
        let mut connection = pool.get().await.unwrap();
        let tx = connection.begin().await.unwrap();
        let cursor = query(SQL).cursor::<Row>().open(&tx).await.unwrap();
        let seen = cursor.into_stream(500).try_fold(0, async |n, _| Ok(n + 1));
        assert_eq!(seen.await.unwrap(), rows);
    })
    .await;
}

#[tokio::test]
async fn copy_out_takes_constant_memory() {
    is_constant("copy_out_takes_constant_memory", async |pool, rows| {
        let all = copy_out_query(SQL).rows::<Row, _>(pool).await.unwrap();
        assert_eq!(all.try_fold(0, async |n, _| Ok(n + 1)).await.unwrap(), rows);
        let bytes = copy_out("source").bytes(Csv::new(), pool).await.unwrap();
        let length = bytes.try_fold(0, async |n, piece| Ok(n + piece.len()));
        assert!(length.await.unwrap() > rows as usize * 100);
        let mut nowhere = tokio::io::sink();
        let written = copy_out("source").to_writer(Format::Binary, &mut nowhere, pool);
        assert!(written.await.unwrap() > u64::from(rows) * 100);
    })
    .await;
}

#[tokio::test]
async fn copy_in_takes_constant_memory() {
    is_constant("copy_in_takes_constant_memory", async |pool, rows| {
        let row = |n: u32| (n as i32, "x".repeat(100));
        let from_rows = copy_in("target").from_rows((0..rows).map(row), pool);
        assert_eq!(from_rows.await.unwrap(), u64::from(rows));
        let stream = stream::iter((0..rows).map(row).map(Ok::<_, std::io::Error>));
        let from_stream = copy_in("target").from_stream(stream, pool);
        assert_eq!(from_stream.await.unwrap(), u64::from(rows));
        let line = |n: u32| Ok::<_, std::io::Error>(format!("{n},{}\n", "x".repeat(100)).into());
        let lines = stream::iter((0..rows).map(line));
        let from_bytes = copy_in("target").from_bytes(Csv::new(), lines, pool);
        assert_eq!(from_bytes.await.unwrap(), u64::from(rows));
        assert_eq!(count(pool).await, i64::from(rows) * 3);
    })
    .await;
}

#[tokio::test]
async fn a_copy_from_one_database_into_another_takes_constant_memory() {
    is_constant(
        "a_copy_from_one_database_into_another_takes_constant_memory",
        async |pool, rows| {
            let copied = copy_out("source").into_table(pool, copy_in("target"), pool);
            assert_eq!(copied.await.unwrap(), u64::from(rows));
        },
    )
    .await;
}
