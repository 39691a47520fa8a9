//! Text and CSV as bytes, in and out.

use futures_util::{StreamExt, stream};
use howdah::{
    Pool, Value,
    copy::{Csv, Format, Text},
    copy_in, copy_out, copy_out_query, query,
};

use crate::shared_db::support::pool;

type Row = (i32, Option<String>, Option<String>);

async fn rows(pool: &Pool) -> Vec<Row> {
    let rows = query("select * from t order by a").fetch_all::<Row>(pool);
    rows.await.unwrap()
}

fn row(a: i32, b: Option<&str>, c: Option<&str>) -> Row {
    (a, b.map(str::to_owned), c.map(str::to_owned))
}

async fn table() -> (Pool, howdah_codegen::scratch::Database) {
    let (pool, database) = pool().await;
    pool.batch_execute("create table t (a int primary key, b text, c text)")
        .await
        .unwrap();
    (pool, database)
}

#[tokio::test]
async fn lines_with_values_that_cannot_be_read_are_left_out() {
    let (_pool, database) = table().await;
    let (notices, mut told) = tokio::sync::mpsc::unbounded_channel();
    let pool = Pool::builder(database.url())
        .unwrap()
        .on_notice(move |notice| drop(notices.send(notice.message.clone())))
        .build()
        .unwrap();
    let version = query("select current_setting('server_version_num')::int");
    let version = version.fetch_one::<Value<i32>>(&pool).await.unwrap();
    let copy = copy_in("t").columns(["a", "b"]).ignore_errors();
    let copied = copy.from_reader(Csv::new(), &b"1,one\nx,two\n3,three\n"[..], &pool);
    if version < 170_000 {
        assert_eq!(copied.await.unwrap_err().sqlstate(), Some("42601"));
        return;
    }
    assert_eq!(copied.await.unwrap(), 2);
    let expected = [row(1, Some("one"), None), row(3, Some("three"), None)];
    assert_eq!(rows(&pool).await, expected);
    let notice = told.recv().await.unwrap();
    assert!(notice.starts_with("1 row was skipped"), "{notice}");
}

#[tokio::test]
async fn csv_with_every_option_goes_in_and_out() {
    let (pool, _database) = table().await;
    let version = query("select current_setting('server_version_num')::int");
    let version = version.fetch_one::<Value<i32>>(&pool).await.unwrap();
    let format = match version {
        150_000.. => Csv::new().matching_header(),
        _ => Csv::new().header(),
    };
    let format = format
        .delimiter(';')
        .quote('\'')
        .escape('\\')
        .null("nil")
        .encoding("LATIN1")
        .force_null(["b"])
        .force_not_null(["c"]);
    // `é` in Latin 1 is no UTF-8.
    let file = b"a;b;c\n1;'it\\'s; a caf\xe9';nil\n2;'nil';x\n";
    let copied = copy_in("t").from_reader(format, &file[..], &pool).await;
    assert_eq!(copied.unwrap(), 2);
    let expected = [
        row(1, Some("it's; a café"), Some("nil")),
        row(2, None, Some("x")),
    ];
    assert_eq!(rows(&pool).await, expected);

    let mut written = Vec::new();
    let format = Csv::new().header().null("-").force_quote([""; 0]);
    let bytes = copy_out_query("select a, b, c from t order by a;")
        .to_writer(format, &mut written, &pool)
        .await
        .unwrap();
    let expected = "a,b,c\n\"1\",\"it's; a café\",\"nil\"\n\"2\",-,\"x\"\n";
    assert_eq!(String::from_utf8(written).unwrap(), expected);
    assert_eq!(bytes, expected.len() as u64);
}

#[tokio::test]
async fn text_goes_out_and_in_again() {
    let (pool, _database) = table().await;
    let nasty = "tab\t line\n back\\slash \\N \"quotes\" , end";
    copy_in("t")
        .from_rows([(1, Some(nasty), None::<&str>), (2, None, Some(""))], &pool)
        .await
        .unwrap();
    let before = rows(&pool).await;
    for format in [
        Format::from(Text::new()),
        Text::new().delimiter('|').null("?").into(),
        Csv::new().into(),
        Format::Binary,
    ] {
        let mut out = copy_out("t").bytes(format.clone(), &pool).await.unwrap();
        let mut pieces = Vec::new();
        while let Some(piece) = out.next().await {
            pieces.push(piece.unwrap());
        }
        pool.batch_execute("truncate t").await.unwrap();
        // In other pieces than it came out.
        let all = pieces.concat();
        let pieces: Vec<_> = all
            .chunks(7)
            .map(|piece| Ok(piece.to_vec().into()))
            .collect();
        let pieces = stream::iter(pieces).map(|piece: Result<_, std::io::Error>| piece);
        let copied = copy_in("t").from_bytes(format, pieces, &pool).await;
        assert_eq!(copied.unwrap(), 2);
        assert_eq!(rows(&pool).await, before);
    }
}

#[tokio::test]
async fn a_file_goes_in_in_chunks() {
    let (pool, _database) = table().await;
    let mut file = String::new();
    for n in 0..100_000 {
        file.push_str(&format!("{n},name {n},\n"));
    }
    let mut seen = Vec::new();
    let copied = copy_in("t")
        .on_progress(|progress| seen.push(progress))
        .from_reader(Csv::new(), file.as_bytes(), &pool)
        .await;
    assert_eq!(copied.unwrap(), 100_000);
    assert_eq!(seen.last().map(|last| last.bytes), Some(file.len() as u64));
    assert!(seen.len() > 2 && seen[0].bytes <= 1024 * 1024, "{seen:?}");
}
