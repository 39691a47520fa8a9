//! Listeners: notifications are received, and possible gaps are reported.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use howdah::{
    ErrorKind, Event, GapCause, Listener, Notification, Pool, Value, notify, notify_json, query,
};

use super::support::pool;
use crate::waiting::in_time;

/// What would wait for ever fails.
async fn heard(listener: &mut Listener) -> Notification {
    match in_time(listener.recv()).await.unwrap() {
        Event::Notification(notification) => notification,
        event => panic!("{event:?}"),
    }
}

async fn send(pool: &Pool, channel: &str, payload: &str) {
    notify(channel, payload).execute(pool).await.unwrap();
}

/// Ends the connections that listen, and waits until there are none of them.
async fn kill(pool: &Pool, database: &str) {
    let sql = "select pg_terminate_backend(pid, 10000) from pg_stat_activity
               where datname = $1 and pid <> pg_backend_pid() and query ilike '%listen%'";
    let killed = query(sql).bind(database).fetch_all::<Value<bool>>(pool);
    let killed = killed.await.unwrap();
    assert_eq!(killed, [true]);
}

#[tokio::test]
async fn channels_come_and_go_on_one_connection() {
    let (pool, database) = pool().await;
    let mut listener = Listener::builder(database.url())
        .unwrap()
        .channel("The \"first")
        .connect()
        .await
        .unwrap();
    listener.listen("second").await.unwrap();
    send(&pool, "The \"first", "1").await;
    send(&pool, "second", "").await;
    send(&pool, "third", "3").await;
    listener.unlisten("second").await;
    listener.listen("third").await.unwrap();
    send(&pool, "second", "4").await;
    send(&pool, "third", "5").await;
    let mut said = Vec::new();
    for _ in 0..3 {
        let Notification {
            channel, payload, ..
        } = heard(&mut listener).await;
        said.push((channel, payload));
    }
    let expected = [("The \"first", "1"), ("second", ""), ("third", "5")];
    assert_eq!(
        said,
        expected.map(|(channel, payload)| (channel.to_owned(), payload.to_owned()))
    );
    assert_eq!(
        listener.channels().collect::<Vec<_>>(),
        ["The \"first", "third"]
    );
    let long = listener.listen(&"x".repeat(64)).await.unwrap_err();
    assert_eq!(long.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn json_is_sent_and_read() {
    let (pool, database) = pool().await;
    let mut listener = Listener::connect(database.url()).await.unwrap();
    listener.listen("json").await.unwrap();
    pool.transaction(async |tx| {
        notify_json("json", &(1, "zwei", [3.5]))?
            .execute(tx)
            .await?;
        notify("json", "{").execute(tx).await
    })
    .await
    .unwrap();
    let first = heard(&mut listener).await;
    assert_eq!(
        first.json::<(i32, String, Vec<f64>)>().unwrap(),
        (1, "zwei".to_owned(), vec![3.5])
    );
    let error = heard(&mut listener).await.json::<i32>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("channel `json`"), "{error}");
}

#[tokio::test]
async fn a_listener_whose_connection_breaks_says_so_and_goes_on() {
    let (pool, database) = pool().await;
    let mut listener = Listener::connect(database.url()).await.unwrap();
    listener.listen("a").await.unwrap();
    listener.listen("b").await.unwrap();
    for round in 0..3 {
        send(&pool, "a", "before").await;
        assert_eq!(heard(&mut listener).await.payload, "before");
        kill(&pool, database.name()).await;
        send(&pool, "a", "lost").await;
        let event = in_time(listener.recv()).await.unwrap();
        assert_eq!(event, Event::Gap(GapCause::Reconnected), "round {round}");
        // All channels are listened to by the time it is said.
        send(&pool, "b", "after").await;
        assert_eq!(heard(&mut listener).await.payload, "after");
    }
}

/// LISTEN would always fail, and each connection would be given up because of it.
#[tokio::test]
async fn a_name_that_no_channel_can_have_is_refused() {
    let (pool, database) = pool().await;
    let builder = Listener::builder(database.url()).unwrap();
    let mut listener = builder
        .ask_when_quiet_for(Duration::MAX)
        .connect()
        .await
        .unwrap();
    for name in ["", &"x".repeat(64), "a\0b"] {
        let error = listener.listen(name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{name:?}");
    }
    listener.listen("a").await.unwrap();
    send(&pool, "a", "heard").await;
    assert_eq!(heard(&mut listener).await.payload, "heard");
}

#[tokio::test]
async fn channels_change_while_there_is_no_connection() {
    let (pool, database) = pool().await;
    let mut listener = Listener::connect(database.url()).await.unwrap();
    listener.listen("a").await.unwrap();
    kill(&pool, database.name()).await;
    listener.listen("b").await.unwrap();
    listener.unlisten("a").await;
    let event = in_time(listener.recv()).await.unwrap();
    assert_eq!(event, Event::Gap(GapCause::Reconnected));
    send(&pool, "a", "unheard").await;
    send(&pool, "b", "heard").await;
    assert_eq!(heard(&mut listener).await.payload, "heard");
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_nothing() {
    let (pool, database) = pool().await;
    let mut listener = Listener::connect(database.url()).await.unwrap();
    // The first poll sends it; nobody waits for the answer.
    assert!(listener.listen("a").now_or_never().is_none());
    assert!(listener.recv().now_or_never().is_none());
    let sending = tokio::spawn({
        let pool = pool.clone();
        async move {
            // Until the first is heard, which may be sent before there is anybody to hear it.
            for n in 0.. {
                send(&pool, "a", &n.to_string()).await;
            }
        }
    });
    let mut last = None;
    while last.is_none_or(|last| last < 500) {
        // Dropped again and again before its end.
        tokio::select! {
            biased;
            event = listener.recv() => {
                let Event::Notification(notification) = event.unwrap() else {
                    panic!("nothing was missed");
                };
                let n: i32 = notification.payload.parse().unwrap();
                assert!(last.is_none_or(|last| n == last + 1), "{n} after {last:?}");
                last = Some(n);
            }
            () = tokio::task::yield_now() => {}
        }
    }
    sending.abort();
}

#[tokio::test]
async fn what_nobody_takes_waits_on_the_server_in_order() {
    let (pool, database) = pool().await;
    let mut listener = Listener::builder(database.url())
        .unwrap()
        .channel("many")
        .buffer(8)
        .connect()
        .await
        .unwrap();
    let sql = "select pg_notify('many', n || repeat('x', 1000)) from generate_series(1, 5000) n";
    query(sql).execute(&pool).await.unwrap();
    for n in 1..=5_000 {
        let payload = heard(&mut listener).await.payload;
        assert_eq!(payload.trim_end_matches('x'), n.to_string());
    }
}

#[tokio::test]
async fn what_comes_in_the_way_of_an_answer_is_kept_or_said_to_be_missed() {
    let (pool, database) = pool().await;
    for (count, missed) in [(5, false), (500, true)] {
        let mut listener = Listener::builder(database.url())
            .unwrap()
            .channel("many")
            .buffer(8)
            .connect()
            .await
            .unwrap();
        let sql = "select pg_notify('many', n::text) from generate_series(1, $1::int) n";
        query(sql).bind(count).execute(&pool).await.unwrap();
        listener.listen("other").await.unwrap();
        send(&pool, "other", "end").await;
        let mut events = Vec::new();
        let mut stream = Box::pin(listener.into_stream());
        loop {
            match in_time(stream.next()).await.unwrap().unwrap() {
                Event::Notification(notification) if notification.payload == "end" => break,
                event => events.push(event),
            }
        }
        let gaps = events
            .iter()
            .filter(|event| matches!(event, Event::Gap(GapCause::Overflowed)));
        assert_eq!(gaps.count() > 0, missed, "{count}");
        assert_eq!(events.len() == count as usize, !missed);
        assert!(events.len() <= 500);
    }
}

#[tokio::test]
async fn a_listener_gives_up_where_asked() {
    let (other, _other) = pool().await;
    let (_pool, database) = pool().await;
    let mut listener = Listener::builder(database.url())
        .unwrap()
        .channel("a")
        .wait_between_attempts(Duration::from_millis(1), Duration::from_millis(5))
        .give_up_after(Duration::from_millis(50))
        .connect()
        .await
        .unwrap();
    let allow = async |whether: bool| {
        let sql = format!(
            "alter database {} allow_connections {whether}",
            database.name()
        );
        other.batch_execute(&sql).await.unwrap();
    };
    allow(false).await;
    kill(&other, database.name()).await;
    let error = in_time(listener.recv()).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("55000"));
    allow(true).await;
    let event = in_time(listener.recv()).await.unwrap();
    assert_eq!(event, Event::Gap(GapCause::Reconnected));
}

#[tokio::test]
async fn a_listener_of_a_pool_connects_as_the_pool_does() {
    let (other, database) = pool().await;
    let url = format!("{}?application_name=the_pool", database.url());
    let pool = Pool::builder(&url)
        .unwrap()
        .max_size(1)
        .query_timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    // It is none of the pool's connections.
    let held = pool.get().await.unwrap();
    let mut listener = pool.listener().channel("a").connect().await.unwrap();
    drop(held);
    let named = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'the_pool'";
    let named = query(named).fetch_one::<Value<i64>>(&pool).await;
    assert_eq!((named.unwrap(), pool.status().size), (2, 1));
    send(&pool, "a", "first").await;
    assert_eq!(heard(&mut listener).await.payload, "first");
    // A timeout of statements is none of waiting.
    let waiting = tokio::time::timeout(Duration::from_millis(600), listener.recv());
    assert!(waiting.await.is_err());
    kill(&other, database.name()).await;
    let event = in_time(listener.recv()).await.unwrap();
    assert_eq!(event, Event::Gap(GapCause::Reconnected));
    pool.close();
    send(&other, "a", "second").await;
    assert_eq!(heard(&mut listener).await.payload, "second");
}
