//! The errors of COPY, and that it leaves nothing behind.

use futures_util::{StreamExt, stream};
use howdah::{
    Accepts, BytesMut, Encode, EncodeError, Error, ErrorKind, IsNull, Pool, Type, Value, copy::Csv,
    copy_in, copy_out, copy_out_query, query,
};

use crate::shared_db::{proxy::Proxy, support::pool};

/// A number that no column can hold when it is odd.
struct Even(i64);

impl Encode for Even {
    const ACCEPTS: &'static Accepts = <i64 as Encode>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match self.0 % 2 {
            0 => self.0.encode(ty, out),
            _ => Err(EncodeError::new("it is odd")),
        }
    }
}

/// A pool of one connection, so that whatever is left behind meets the next user.
async fn table() -> (Pool, howdah_codegen::scratch::Database) {
    let (_pool, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute("create table t (id int8 primary key, name varchar(5), twice int8)")
        .await
        .unwrap();
    (pool, database)
}

async fn count(pool: &Pool) -> i64 {
    let count = query("select count(*) from t").fetch_one::<Value<i64>>(pool);
    count.await.unwrap()
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_names_row_and_column() {
    let (pool, _database) = table().await;
    let rows = (1..=20_000_i64).map(|n| (n, Even(n * 2 + i64::from(n == 19_999))));
    let error = copy_in("t")
        .columns(["id", "twice"])
        .from_rows(rows, &pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert_eq!((error.row(), error.column()), (Some(19_999), Some("twice")));
    let message = error.to_string();
    assert!(
        message.contains("COPY \"t\"") && message.contains("row 19999, column `twice`: "),
        "{message}"
    );
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn a_row_that_the_server_refuses_is_named() {
    let (pool, _database) = table().await;
    let rows = (0..5_000_i64).map(|n| (n.min(3_000),));
    let error = copy_in("t")
        .columns(["id"])
        .from_rows(rows, &pool)
        .await
        .unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.row(), Some(3_002));
    assert_eq!(count(&pool).await, 0);

    let error = copy_in("t")
        .columns(["id", "name"])
        .from_rows([(1_i64, "short"), (2, "private")], &pool)
        .await
        .unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(2), Some("name")));
    // The server's context quotes the value.
    assert!(!error.to_string().contains("private"), "{error}");
}

#[tokio::test]
async fn a_line_that_the_server_refuses_is_named() {
    let (pool, _database) = table().await;
    let csv = "id,name\n1,a\n2,b\nsecret,c\n";
    let error = copy_in("t")
        .columns(["id", "name"])
        .from_reader(Csv::new().header(), csv.as_bytes(), &pool)
        .await
        .unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(4), Some("id")));
    assert_eq!(error.sqlstate(), Some("22P02"));
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn a_source_that_fails_leaves_nothing() {
    let (pool, _database) = table().await;
    let broken = || std::io::Error::other("the disk is gone");
    let rows = stream::iter((0..50_000_i64).map(|n| Ok((n,)))).chain(stream::iter([Err(broken())]));
    let error = copy_in("t")
        .columns(["id"])
        .from_stream(rows, &pool)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::Io, Some(50_001)));
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    let bytes = stream::iter([Ok("1,a,2\n".into()), Err(broken())]);
    let error = copy_in("t")
        .from_bytes(Csv::new(), bytes, &pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn rows_that_do_not_fit_are_refused_before_any_is_sent() {
    let (pool, _database) = table().await;
    let message = async |columns: &[&str], pool| {
        let rows = [(1_i64, 2.5_f64)];
        let copied = copy_in("t")
            .columns(columns.to_vec())
            .from_rows(rows, pool)
            .await;
        let error = copied.unwrap_err();
        (error.kind(), error.to_string())
    };
    let (kind, said) = message(&["id", "name"], &pool).await;
    assert_eq!(kind, ErrorKind::Mapping);
    assert!(
        said.ends_with(
            "column `name`: the column is character varying, but the value can be sent as double precision"
        ),
        "{said}"
    );
    assert!(said.starts_with("query `COPY \"t\" "), "{said}");
    let (kind, said) = message(&["id"], &pool).await;
    assert_eq!(kind, ErrorKind::Mapping);
    assert!(
        said.ends_with("1 columns are named, but a row has 2 values"),
        "{said}"
    );
    let (kind, said) = message(&["id", "nme"], &pool).await;
    assert_eq!(kind, ErrorKind::Database);
    assert!(said.contains("column \"nme\""), "{said}");
}

#[tokio::test]
async fn an_error_of_the_server_has_the_table() {
    let (pool, _database) = table().await;
    let name = String::from("t");
    let csv = async |text: &'static str| {
        let copied = copy_in(name.clone()).from_reader(Csv::new(), text.as_bytes(), &pool);
        copied.await.unwrap_err()
    };
    for (text, code, column) in [
        ("1,a,2\nx,b,3\n", "22P02", Some("id")),
        ("1,a,2\n2,b\n", "22P04", None),
        ("1,a,2\n1,b,3\n", "23505", None),
    ] {
        let error = csv(text).await;
        assert_eq!(error.sqlstate(), Some(code));
        assert_eq!(
            (error.table(), error.row(), error.column()),
            (Some("t"), Some(2), column)
        );
    }
    let unsent = copy_in("t")
        .columns(["id", "name"])
        .from_rows([(1_i64, "\0")], &pool);
    assert_eq!(unsent.await.unwrap_err().table(), None);
}

#[tokio::test]
async fn rows_of_another_shape_are_not_read() {
    let (pool, _database) = table().await;
    let error = copy_out_query("select 1, 'a'::text")
        .rows::<(i32, i32), _>(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    let error = copy_out_query("select $1::int")
        .rows::<(i32,), _>(&pool)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("COPY takes no parameters"),
        "{error}"
    );
    let bytes = copy_out_query("select $1::int").bytes(Csv::new(), &pool);
    let message = bytes.await.map(drop).unwrap_err().to_string();
    let end = "; COPY takes no parameters: the documentation of `howdah::query` shows how the server writes values into SQL";
    assert!(message.ends_with(end), "{message}");
    let mut rows = copy_out_query("select 10 / (3 - n) from generate_series(1, 5) n")
        .rows::<Value<i32>, _>(&pool)
        .await
        .unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 5);
    assert_eq!(rows.next().await.unwrap().unwrap(), 10);
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(error.sqlstate(), Some("22012"));
    assert!(rows.next().await.is_none());
    drop(rows);
    assert_eq!(count(&pool).await, 0);
}

#[tokio::test]
async fn a_failed_copy_fails_its_transaction() {
    let (pool, _database) = table().await;
    let swallowed: Result<(), Error> = pool
        .transaction(async |tx| {
            query("insert into t values (1)").execute(tx).await?;
            let copied = copy_in("t")
                .columns(["twice"])
                .from_rows([(Even(1),)], tx)
                .await;
            assert_eq!(copied.unwrap_err().kind(), ErrorKind::Encode);
            Ok(())
        })
        .await;
    assert_eq!(swallowed.unwrap_err().kind(), ErrorKind::TransactionAborted);
    let kept = pool
        .transaction(async |tx| {
            query("insert into t values (1)").execute(tx).await?;
            let undone = tx
                .transaction(async |tx| {
                    copy_in("t").columns(["id"]).from_rows([(1_i64,)], tx).await
                })
                .await;
            assert!(undone.unwrap_err().is_unique_violation());
            copy_in("t").columns(["id"]).from_rows([(2_i64,)], tx).await
        })
        .await;
    assert_eq!(kept.unwrap(), 1);
    assert_eq!(count(&pool).await, 2);
}

#[tokio::test]
async fn a_copy_that_cannot_begin_never_mixes_up_answers() {
    let (pool, _database) = table().await;
    let role = format!("howdah_copy_{}", std::process::id());
    let setup = format!(
        "create table kept (id int8); alter table kept enable row level security;
         create role {role}; grant all on kept to {role}"
    );
    pool.batch_execute(&setup).await.unwrap();
    let connection = pool.get().await.unwrap();
    connection
        .batch_execute(&format!("set role {role}"))
        .await
        .unwrap();
    // Sent while the COPY waits for the answer.
    let asked = (0..8).map(async |task| {
        for n in 0..50 {
            let sent = task * 100 + n;
            let found = query("select $1::int4")
                .bind(sent)
                .fetch_one::<Value<i32>>(&connection);
            assert_eq!(found.await.unwrap(), sent);
        }
    });
    let asked = futures_util::future::join_all(asked);
    let copy = copy_in("kept").from_rows([(1_i64,)], &connection);
    let (copied, _) = tokio::join!(copy, asked);
    assert_eq!(copied.unwrap_err().sqlstate(), Some("0A000"));
    connection.batch_execute("reset role").await.unwrap();
    drop(connection);
    assert_eq!(count(&pool).await, 0);
    pool.batch_execute(&format!("drop table kept; drop role {role}"))
        .await
        .unwrap();
}

/// The server waits for data that does not exist, or sends data that is not wanted.
#[tokio::test]
async fn a_query_that_copies_is_refused_and_its_connection_goes_on() {
    let (pool, _database) = table().await;
    let session = query("select pg_backend_pid()")
        .fetch_one::<Value<i32>>(&pool)
        .await
        .unwrap();
    for sql in ["copy t from stdin", "copy t to stdout"] {
        let refused = [
            query(sql).execute(&pool).await.map(drop),
            query(sql).once([]).execute(&pool).await.map(drop),
            pool.batch_execute(sql).await,
        ];
        for error in refused.map(Result::unwrap_err) {
            assert_eq!(error.kind(), ErrorKind::Configuration, "{sql}: {error}");
            assert!(error.to_string().contains("`copy_in`"), "{error}");
            let now = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&pool);
            assert_eq!(now.await.unwrap(), session);
        }
    }
}

/// The server may take requests of others after such a script for the data.
#[tokio::test]
async fn a_script_that_copies_among_others_mixes_up_no_answers() {
    let (pool, _database) = table().await;
    for _ in 0..20 {
        let connection = pool.get().await.unwrap();
        let copying = connection.batch_execute("copy t from stdin");
        let ask = async |sent: i32| {
            let asked = query("select $1::int4").bind(sent);
            asked.fetch_one::<Value<i32>>(&connection).await
        };
        let others = async { tokio::join!(ask(1), connection.batch_execute("select 1"), ask(2)) };
        let (copied, others) = tokio::join!(copying, others);
        assert_eq!(copied.unwrap_err().kind(), ErrorKind::Configuration);
        for (asked, got) in [(1, others.0), (2, others.2)] {
            match got {
                Ok(got) => assert_eq!(got, asked),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Connection, "{error}"),
            }
        }
    }
}

/// Requests during the data wait for its end, even if that is a failure.
#[tokio::test]
async fn what_is_asked_while_data_is_copied_is_answered_behind_it() {
    let (pool, _database) = table().await;
    for fails in [false, true] {
        let connection = pool.get().await.unwrap();
        let (sender, receiver) = tokio::sync::mpsc::channel::<Result<(i64,), String>>(1);
        let rows = stream::unfold(receiver, |mut receiver| async {
            Some((receiver.recv().await?, receiver))
        });
        let copy = copy_in("t").columns(["id"]).from_stream(rows, &connection);
        let asked = async {
            // There is room for the third once the COPY has taken the first.
            let first = if fails { 10 } else { 0 };
            for row in first..first + 3 {
                sender.send(Ok((row,))).await.unwrap();
            }
            let count = query("select count(*) from t").fetch_one::<Value<i64>>(&connection);
            // `join` asks for the count first.
            let rest = async {
                if fails {
                    sender.send(Err("no more".into())).await.unwrap();
                }
                drop(sender);
            };
            let (count, ()) = tokio::join!(count, rest);
            count.unwrap()
        };
        let (copied, counted) = tokio::join!(copy, asked);
        assert_eq!(copied.is_err(), fails);
        assert_eq!(counted, 3, "those of the COPY before, where this one fails");
    }
}

/// The server may have read what follows the statement when a trigger refuses the COPY, or not. The next request gets
/// its own answer, and not the rest of the COPY's.
#[tokio::test]
async fn a_copy_that_a_trigger_refuses_never_mixes_up_answers() {
    let (pool, _database) = table().await;
    pool.batch_execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
         create trigger refuses before insert on t for each statement execute function refuse();
         create view v as select * from t",
    )
    .await
    .unwrap();
    let connection = pool.get().await.unwrap();
    let ask = async |sent: i32| {
        let asked = query("select $1::int4").bind(sent);
        assert_eq!(
            asked.fetch_one::<Value<i32>>(&connection).await.unwrap(),
            sent
        );
    };
    for lines in [0, 10, 100_000] {
        for table in ["t", "v"] {
            let csv = "1,a,2\n".repeat(lines);
            let copy = copy_in(table).from_reader(Csv::new(), csv.as_bytes(), &connection);
            let asked = async {
                for sent in 0..50 {
                    ask(sent).await;
                }
            };
            let (copied, ()) = tokio::join!(copy, asked);
            copied.unwrap_err();
            for sent in 50..100 {
                ask(sent).await;
            }
        }
    }
}

/// And the query is named, not the statement around it.
#[tokio::test]
async fn the_position_of_an_error_is_that_in_the_query() {
    let (pool, _database) = table().await;
    let wrong = || copy_out_query("select 1,\n  naem from t");
    let rows = wrong().rows::<(i32, i32), _>(&pool).await.map(drop);
    let bytes = wrong().bytes(Csv::new(), &pool).await.map(drop);
    let written = wrong().to_writer(Csv::new(), Vec::new(), &pool).await;
    for refused in [rows, bytes, written.map(drop)] {
        let error = refused.unwrap_err();
        assert_eq!(error.position(), Some((2, 3)), "{error:?}");
        assert_eq!(error.query(), Some("select 1, naem from t"));
    }
}

#[tokio::test]
async fn a_semicolon_may_stand_before_comments() {
    let (pool, _database) = table().await;
    for sql in [
        "select 1; -- note; all",
        "select 1 -- note;\n; /* a /* b */ ; */ -- c",
        "select 1 ; ",
        "select 1 -- it's $1;",
    ] {
        let rows = copy_out_query(sql).rows::<Value<i32>, _>(&pool).await;
        assert_eq!(rows.unwrap().collect().await.unwrap(), [1], "{sql}");
    }
    let text = copy_out_query("select ';--'::text as a, '/*;*/'::text as \"b;--\"");
    let text = text.rows::<(String, String), _>(&pool).await.unwrap();
    let text = text.collect().await.unwrap();
    assert_eq!(text, [(";--".to_owned(), "/*;*/".to_owned())]);
}

/// The types of the columns are asked for right before the COPY, in which there are then more columns.
#[tokio::test]
async fn nothing_follows_rows_of_a_table_that_has_changed() {
    let (_pool, database) = table().await;
    let direct = Pool::connect(database.url()).await.unwrap();
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::builder(&proxy.url()).unwrap().max_size(1);
    let pool = pool.build().unwrap();
    let insert = "insert into t select n, 'a', n from generate_series(1, 3) n";
    query(insert).execute(&pool).await.unwrap();

    // The first answer comes only when the table has changed.
    proxy.hold_back_until(2);
    let copying = copy_out("t").rows::<(i64, String, i64), _>(&pool);
    let changing = async {
        let described = "select exists (select from pg_stat_activity where state = 'idle' and query ilike 'select * from \"t\"%')";
        while !query(described)
            .fetch_one::<Value<bool>>(&direct)
            .await
            .unwrap()
        {}
        direct
            .batch_execute("alter table t add extra int4")
            .await
            .unwrap();
        proxy.hold_back_until(0);
    };
    let (rows, ()) = tokio::join!(copying, changing);
    let mut rows = rows.unwrap();
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(rows.next().await.is_none());
}
