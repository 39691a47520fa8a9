//! Hostile servers. Their messages are written here, because no PostgreSQL would send them.

use std::time::{Duration, Instant};

use howdah::{Connection, Error, ErrorKind, Event, Listener};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (4 + body.len() as u32).to_be_bytes();
    [&[tag], &length[..], body].concat()
}

/// An authentication request.
fn request(code: u32, body: &[u8]) -> Vec<u8> {
    message(b'R', &[&code.to_be_bytes(), body].concat())
}

/// The answer to a message of the client, which can depend on the message.
type Answer = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

fn always(bytes: Vec<u8>) -> Answer {
    Box::new(move |_| bytes.clone())
}

fn scram() -> Answer {
    always(request(10, b"SCRAM-SHA-256\0\0"))
}

/// A challenge with the client's nonce and more.
fn challenge(iterations: &'static str) -> Answer {
    Box::new(move |first| {
        let text = String::from_utf8_lossy(first);
        let nonce = text.split("r=").nth(1).unwrap();
        request(
            11,
            format!("r={nonce}more,s=AAAA,i={iterations}").as_bytes(),
        )
    })
}

/// Lets anyone in.
fn letting_in() -> Answer {
    always([request(0, b""), message(b'Z', b"I")].concat())
}

/// A listener for a server, and its connection string.
async fn bound() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let text = format!(
        "host=127.0.0.1 port={port} user=me dbname=app password=hush sslmode=disable connect_timeout=2"
    );
    (listener, text)
}

/// Sends these answers on one connection, and returns it with what the client has sent.
async fn serve(listener: &TcpListener, answers: Vec<Answer>) -> (TcpStream, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut sent = Vec::new();
    for answer in answers {
        let said = read(&mut stream).await;
        stream.write_all(&answer(&said)).await.unwrap();
        sent.extend(said);
    }
    (stream, sent)
}

/// Connects to a server that sends only these answers. Returns the error, and what the client has sent.
async fn refused(answers: Vec<Answer>, options: &str) -> (Error, Vec<u8>) {
    let (listener, text) = bound().await;
    let served = tokio::spawn(async move {
        let (mut stream, mut sent) = serve(&listener, answers).await;
        // Whatever comes then is what there is.
        while let Ok(1..) = stream.read_buf(&mut sent).await {}
        sent
    });
    let error = Connection::connect(&format!("{text} {options}")).await;
    (error.unwrap_err(), served.await.unwrap())
}

/// What a client sends at once.
async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let mut said = vec![0; 4096];
    let count = stream.read(&mut said).await.unwrap();
    said.truncate(count);
    said
}

#[tokio::test]
async fn a_server_that_does_not_authenticate_as_postgres_does_is_refused() {
    let letting_in_at_once = || always(request(0, b""));
    let signed = |signature: &str| always(request(12, signature.as_bytes()));
    let lie = "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let cases: Vec<(&str, Vec<Answer>, &str)> = vec![
        (
            "lets in before it proved itself",
            vec![scram(), letting_in_at_once()],
            "does not answer as PostgreSQL",
        ),
        (
            "lets in instead of proving itself",
            vec![scram(), challenge("1"), letting_in_at_once()],
            "does not answer as PostgreSQL",
        ),
        (
            "proves something else",
            vec![scram(), challenge("1"), signed(lie)],
            "does not prove that it knows the password",
        ),
        (
            "proves nothing",
            vec![scram(), challenge("1"), signed("")],
            "does not prove",
        ),
        (
            "answers another client",
            vec![scram(), always(request(11, b"r=x,s=AAAA,i=1"))],
            "another client",
        ),
        (
            "has no iterations",
            vec![scram(), challenge("0")],
            "iteration count",
        ),
        (
            "offers what nobody knows",
            vec![always(request(10, b"X-OTHER\0\0"))],
            "X-OTHER",
        ),
        ("asks for GSSAPI", vec![always(request(7, b""))], "GSSAPI"),
        (
            "asks for what nobody knows",
            vec![always(request(99, b""))],
            "does not answer as PostgreSQL",
        ),
        (
            "says something else",
            vec![always(message(b'Z', b"I"))],
            "does not answer as PostgreSQL",
        ),
        (
            "has no request in its request",
            vec![always(message(b'R', b"\0"))],
            "does not answer as PostgreSQL",
        ),
        (
            "sends what has no length",
            vec![always(vec![b'R', 0, 0, 0, 0])],
            "does not answer as PostgreSQL",
        ),
        (
            "sends what is too long",
            vec![always(vec![b'E', 255, 255, 255, 255])],
            "does not answer as PostgreSQL",
        ),
        (
            "speaks another protocol",
            vec![always(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())],
            "does not answer",
        ),
    ];
    for (what, answers, reason) in cases {
        let (error, sent) = refused(answers, "").await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{what}: {error}");
        assert!(error.to_string().contains(reason), "{what}: {error}");
        assert!(!sent.windows(4).any(|bytes| bytes == b"hush"), "{what}");
        assert!(!format!("{error:?}").contains("hush"), "{what}");
    }
}

#[tokio::test]
async fn a_password_is_not_told_to_who_must_not_ask_for_it() {
    for options in ["require_auth=scram-sha-256", "channel_binding=require"] {
        let (error, sent) = refused(vec![always(request(3, b""))], options).await;
        let option = options.split_once('=').unwrap().0;
        assert!(error.to_string().contains(option), "{error}");
        assert!(!sent.windows(4).any(|bytes| bytes == b"hush"));
    }
}

/// The server chooses how often a password is hashed. The deadline still holds, and other tasks continue.
#[tokio::test]
async fn a_server_that_wants_too_much_work_is_given_up_in_time() {
    let began = Instant::now();
    let ticks = tokio::spawn(async {
        let mut ticks = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            ticks += 1;
            if ticks == 20 {
                return Instant::now();
            }
        }
    });
    let (error, _) = refused(vec![scram(), challenge("4294967295")], "").await;
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert!(began.elapsed() < Duration::from_secs(30), "{error}");
    assert!(ticks.await.unwrap().duration_since(began) < Duration::from_secs(10));
}

#[tokio::test]
async fn an_answer_that_is_shorter_than_any_can_be_is_an_error() {
    for tag in *b"CDEGHITdt" {
        let (listener, text) = bound().await;
        let broken = vec![tag, 0, 0, 0, 0, 0, 0, 0, 0];
        let answers = vec![letting_in(), always(broken)];
        let served = tokio::spawn(async move { serve(&listener, answers).await });
        let connection = Connection::connect(&text).await.unwrap();
        let error = connection.batch_execute("select 1").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        served.await.unwrap();
    }
}

/// PostgreSQL sends notifications before it says that it listens, if there are any by then.
#[tokio::test]
async fn a_listener_connects_again_whatever_is_sent_before_the_answer() {
    let (listener, text) = bound().await;
    let listening = || message(b'C', b"LISTEN\0");
    let ready = || message(b'Z', b"I");
    let many = message(b'A', b"\0\0\0\x01c\0early\0").repeat(20);
    let late = message(b'A', b"\0\0\0\x01c\0late\0");
    let first = always([listening(), ready()].concat());
    let second = always([listening(), many, ready()].concat());
    tokio::spawn(async move {
        drop(serve(&listener, vec![letting_in(), first]).await);
        let (mut stream, _) = serve(&listener, vec![letting_in(), second]).await;
        stream.write_all(&late).await.unwrap();
        std::future::pending::<()>().await;
    });
    let builder = Listener::builder(&text).unwrap().buffer(1).channel("c");
    let mut listener = builder.connect().await.unwrap();
    let limit = Duration::from_secs(10);
    let event = tokio::time::timeout(limit, listener.recv()).await;
    assert!(matches!(event, Ok(Ok(Event::Gap(_)))), "{event:?}");
    loop {
        let event = tokio::time::timeout(limit, listener.recv()).await;
        match event.unwrap().unwrap() {
            Event::Notification(last) if last.payload == "late" => break,
            _ => {}
        }
    }
}
