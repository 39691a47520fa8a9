//! Rows whose columns are not known before the statement runs.

use std::collections::BTreeMap;

use howdah::{
    AnyRow, Connection, ErrorKind, Executor, Opaque, PgRow, Pool, Type, copy_out_query, query,
};

use super::support::pool;

const SQL: &str = "select 7 as n, null::text as note, 'é' as \"Näme\", 1 as twice, 2 as twice, '{1,null}'::int[] as list";

/// What each column is, as a tool would print it.
fn shown(row: &AnyRow) -> Vec<String> {
    let columns = row.columns().enumerate();
    let shown = columns.map(|(i, (name, ty))| match *ty {
        _ if row.is_null(i).unwrap() => format!("{name}: null"),
        Type::INT4 => format!("{name}: {}", row.get::<i32>(i).unwrap()),
        Type::TEXT => format!("{name}: {}", row.get::<&str>(i).unwrap()),
        _ => format!("{name}: {:?}", row.get::<Opaque>(i).unwrap()),
    });
    shown.collect()
}

const SHOWN: [&str; 6] = [
    "n: 7",
    "note: null",
    "Näme: é",
    "twice: 1",
    "twice: 2",
    "list: Opaque(integer[], 32 bytes)",
];

#[tokio::test]
async fn a_row_of_unknown_columns_has_their_names_types_and_values() {
    let (pool, _database) = pool().await;
    let rows = query(SQL).fetch_all::<AnyRow>(&pool).await.unwrap();
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), [SHOWN]);
    assert_eq!(
        rows[0].get::<Vec<Option<i32>>>("list").unwrap(),
        [Some(1), None]
    );
    assert_eq!(rows[0].get::<Option<String>>("note").unwrap(), None);
    assert!(format!("{:?}", rows[0]).starts_with(r#"AnyRow {"n": "integer", "note": "text""#));
}

#[tokio::test]
async fn a_row_of_unknown_columns_is_read_however_rows_come() {
    let (pool, database) = pool().await;
    let mut stream = query(SQL).stream::<AnyRow>(&pool).await.unwrap();
    assert_eq!(shown(&stream.next().await.unwrap().unwrap()), SHOWN);
    drop(stream);
    let once = query(SQL)
        .once([])
        .fetch_all::<AnyRow>(&pool)
        .await
        .unwrap();
    assert_eq!(shown(&once[0]), SHOWN);

    pool.transaction(async |tx| {
        let mut cursor = query(SQL).cursor::<AnyRow>().open(tx).await?;
        assert_eq!(shown(&cursor.fetch(2).await?[0]), SHOWN);
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();

    let copied = copy_out_query(SQL.replace("1 as twice, 2 as twice", "1 as once, 2 as again"));
    let copied = copied.rows::<AnyRow, _>(&pool).await.unwrap();
    let copied = copied.collect().await.unwrap();
    assert_eq!(shown(&copied[0])[3..5], ["once: 1", "again: 2"]);

    let pooler = Pool::builder(database.url()).unwrap().single_statements();
    let pooler = pooler.build().unwrap();
    let row = query(SQL).fetch_one::<AnyRow>(&pooler).await.unwrap();
    assert_eq!(shown(&row), SHOWN);
}

#[tokio::test]
async fn columns_are_known_without_rows_and_after_they_changed() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table things (id int4)")
        .await
        .unwrap();
    let connection: Connection = pool.get().await.unwrap();
    async fn names(executor: &impl Executor) -> BTreeMap<String, Type> {
        let rows = query("select * from things")
            .fetch_rows(executor)
            .await
            .unwrap();
        let columns = rows
            .columns()
            .map(|(name, ty)| (name.to_owned(), ty.clone()));
        columns.collect()
    }
    let before = BTreeMap::from([("id".to_owned(), Type::INT4)]);
    assert_eq!(names(&connection).await, before);
    pool.batch_execute("alter table things add note text")
        .await
        .unwrap();
    assert_eq!(names(&connection).await["note"], Type::TEXT);
}

#[tokio::test]
async fn what_a_row_of_unknown_columns_cannot_give_is_said() {
    let (pool, _database) = pool().await;
    let row = query(SQL).fetch_one::<AnyRow>(&pool).await.unwrap();
    for (error, message) in [
        (
            row.get::<i64>("n").unwrap_err(),
            "column `n`: the column is integer, but `i64` holds bigint: read it as `i32`; in SQL of your own, `::bigint` has the server convert it",
        ),
        (
            row.get::<String>(1).unwrap_err(),
            "column `note`: unexpected null, `String` cannot hold it: use `Option<String>`",
        ),
        (
            row.get::<i32>("twice").unwrap_err(),
            "column `twice`: the result has more than one column of this name: give its place instead",
        ),
        (
            row.is_null("missing").unwrap_err(),
            "column `missing`: the result has no column of this name; it has `n`, `note`, `Näme`, `twice`, `twice`, `list`",
        ),
        (
            row.get::<i32>(6).unwrap_err(),
            "there is no column 6, counted from 0; the row has 6",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }

    #[derive(Debug, PgRow)]
    struct Part {
        #[expect(dead_code, reason = "it is never there")]
        n: i32,
        #[pg(flatten)]
        #[expect(dead_code, reason = "it is never there")]
        rest: AnyRow,
    }
    let error = query(SQL).fetch_one::<Part>(&pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    assert!(
        error.to_string().contains("cannot be part of another row"),
        "{error}"
    );
}
