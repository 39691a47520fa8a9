//! The position of an error in the data, in every format and however late the server finds it.

use howdah::{
    Error, Pool, Value,
    copy::{Csv, Format, Text},
    copy_in, copy_out_query, query,
};
use howdah_codegen::scratch::Database;

use crate::shared_db::support::pool;

const ROWS: i32 = 3_000;

/// A table with every way to refuse a row: a check, a key, a trigger before and after, and what is found only at the end.
async fn table() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(
        r#"create table parent (id int4 primary key);
           insert into parent values (1);
           create table "odd ""name" (id int4 primary key, small int2 not null check (small < 100),
                parent int4 references parent, late int4 unique deferrable initially deferred);
           create function refuse() returns trigger language plpgsql as
               $$begin
                   if new.small = 13 then raise exception 'unlucky'; end if;
                   return new;
               end$$;
           create trigger refuse before insert on "odd ""name" for each row execute function refuse()"#,
    )
    .await
    .unwrap();
    (pool, database)
}

type Line = (i32, Option<i32>, Option<i32>, i32);

/// Rows of which one is as given, with the number of that.
fn lines(bad: Line) -> (Vec<Line>, u64) {
    let mut lines: Vec<_> = (1..=ROWS).map(|n| (n, Some(1), Some(1), n)).collect();
    lines[2_345] = bad;
    (lines, 2_346)
}

fn written(lines: &[Line], null: &str, delimiter: &str) -> Vec<u8> {
    let mut file = String::new();
    for (id, small, parent, late) in lines {
        let value = |value: &Option<i32>| value.map_or(null.to_owned(), |v| v.to_string());
        let cells = [
            id.to_string(),
            value(small),
            value(parent),
            late.to_string(),
        ];
        file.push_str(&cells.join(delimiter));
        file.push('\n');
    }
    file.into_bytes()
}

/// The same in binary, where a small number has two bytes.
fn binary(lines: &[Line]) -> Vec<u8> {
    let mut file = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for (id, small, parent, late) in lines {
        file.extend(4_i16.to_be_bytes());
        let long = |value: &i32| value.to_be_bytes().to_vec();
        let short = |value: &i32| (*value as i16).to_be_bytes().to_vec();
        let values = [
            Some(long(id)),
            small.as_ref().map(short),
            parent.as_ref().map(long),
            Some(long(late)),
        ];
        for value in values {
            let length = value.as_ref().map_or(-1, |value| value.len() as i32);
            file.extend(length.to_be_bytes());
            file.extend(value.unwrap_or_default());
        }
    }
    file.extend((-1_i16).to_be_bytes());
    file
}

/// Copies in every way, and returns what was said of each, after seeing that nothing was kept.
async fn copied(pool: &Pool, lines: &[Line]) -> Vec<Error> {
    let table = || copy_in("odd \"name");
    let text = written(lines, "\\N", "\t");
    let csv = written(lines, "", ",");
    let binary = binary(lines);
    let typed = lines
        .iter()
        .map(|(id, small, parent, late)| (*id, small.map(|small| small as i16), *parent, *late));
    let results = [
        table().from_reader(Text::new(), &text[..], pool).await,
        table().from_reader(Csv::new(), &csv[..], pool).await,
        table().from_reader(Format::Binary, &binary[..], pool).await,
        table().from_rows(typed, pool).await,
    ];
    let count = query(r#"select count(*) from "odd ""name""#).fetch_one::<Value<i64>>(pool);
    assert_eq!(count.await.unwrap(), 0);
    results.map(Result::unwrap_err).into()
}

#[tokio::test]
async fn a_row_that_is_refused_is_named_in_every_format() {
    let (pool, _database) = table().await;
    for (bad, state) in [
        // A check, a key, a null, and what a trigger says.
        ((2_346, Some(100), Some(1), 2_346), "23514"),
        ((17, Some(1), Some(1), 2_346), "23505"),
        ((2_346, None, Some(1), 2_346), "23502"),
        ((2_346, Some(13), Some(1), 2_346), "P0001"),
    ] {
        let (lines, number) = lines(bad);
        for (i, error) in copied(&pool, &lines).await.into_iter().enumerate() {
            assert_eq!(error.sqlstate(), Some(state), "{i}: {error}");
            assert_eq!(error.row(), Some(number), "{i}, {state}: {error}");
        }
    }
    let (mut all, number) = lines((2_346, Some(1), Some(1), 2_346));
    let text = written(&all, "\\N", "\t");
    let text = String::from_utf8(text)
        .unwrap()
        .replace("\n2346\t1", "\n2346\tone");
    let copy = copy_in("odd \"name").from_reader(Text::new(), text.as_bytes(), &pool);
    let error = copy.await.unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(number), Some("small")));
    // In binary, a value of the wrong length.
    all.truncate(10);
    let mut bytes = binary(&all);
    let last = bytes.len() - 2 - 8;
    bytes[last..last + 4].copy_from_slice(&3_i32.to_be_bytes());
    let copy = copy_in("odd \"name").from_reader(Format::Binary, &bytes[..], &pool);
    let error = copy.await.unwrap_err();
    assert_eq!(error.row(), Some(10), "{error}");
}

#[tokio::test]
async fn what_is_found_at_the_end_names_the_constraint() {
    let (pool, _database) = table().await;
    for (bad, state, constraint) in [
        // Foreign keys are looked up once all rows are there, deferred ones when the transaction ends.
        (
            (2_346, Some(1), Some(2), 2_346),
            "23503",
            "odd \"name_parent_fkey",
        ),
        (
            (2_346, Some(1), Some(1), 17),
            "23505",
            "odd \"name_late_key",
        ),
    ] {
        let (lines, _) = lines(bad);
        for (i, error) in copied(&pool, &lines).await.into_iter().enumerate() {
            assert_eq!(error.sqlstate(), Some(state), "{i}: {error}");
            assert_eq!(error.constraint(), Some(constraint), "{i}: {error}");
            // The server does not say which row, but its key.
            assert_eq!(error.row(), None, "{i}: {error}");
            assert!(error.detail().unwrap().starts_with("Key ("), "{i}");
        }
    }
    // Within a transaction it is the COMMIT that fails.
    let (lines, _) = lines((2_346, Some(1), Some(1), 17));
    let done: Result<u64, Error> = pool
        .transaction(async |tx| {
            let csv = written(&lines, "", ",");
            let copied = copy_in("odd \"name")
                .from_reader(Csv::new(), &csv[..], tx)
                .await;
            assert_eq!(copied.as_ref().ok(), Some(&(ROWS as u64)));
            copied
        })
        .await;
    assert!(done.unwrap_err().is_unique_violation());
}

#[tokio::test]
async fn a_copy_out_that_does_not_commit_says_so() {
    let (pool, _database) = table().await;
    let sql = r#"insert into "odd ""name" select n, 1, 1, n / 2 from generate_series(1, 10) n returning id"#;
    let mut out = copy_out_query(sql).bytes(Csv::new(), &pool).await.unwrap();
    let mut rows = 0;
    let error = loop {
        match out.next().await.expect("an error") {
            Ok(_) => rows += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(rows, 10);
    assert_eq!(error.constraint(), Some("odd \"name_late_key"));
    assert!(out.next().await.is_none());
    let into = copy_out_query(sql).into_table(&pool, copy_in("parent"), &pool);
    assert!(into.await.unwrap_err().is_unique_violation());
    let count = query("select count(*) from parent").fetch_one::<Value<i64>>(&pool);
    assert_eq!(count.await.unwrap(), 1);
}
