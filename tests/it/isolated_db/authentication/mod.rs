//! Authentication: each method that a server can ask for, and hostile servers.

mod hostile;
#[cfg(target_os = "linux")]
mod secrets;

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use howdah::__private::Connector;
use howdah::{Connection, Error, ErrorKind, Pool, Value, query};
use howdah_codegen::describe::Session;
use howdah_codegen::scratch::Server;
use tokio::net::TcpListener;

/// A server that authenticates each role by a different method, at its socket.
struct Guarded {
    server: Server,
}

/// The roles, named after their methods.
const ROLES: [&str; 3] = ["scram", "hashed", "plain"];

impl Guarded {
    async fn start(password: &str) -> Self {
        let server = Server::start().unwrap();
        let database = server.database().unwrap();
        let admin = Connection::connect(database.url()).await.unwrap();
        let quoted = password.replace('\'', "''");
        for role in ROLES {
            let encryption = if role == "hashed" {
                "md5"
            } else {
                "scram-sha-256"
            };
            let sql = format!(
                "set password_encryption = '{encryption}'; create role {role} login password '{quoted}'"
            );
            admin.batch_execute(&sql).await.unwrap();
        }
        let rules = "local all scram scram-sha-256\nlocal all hashed md5\nlocal all plain password\nlocal all all trust\n";
        fs::write(server.socket_dir().join("data/pg_hba.conf"), rules).unwrap();
        admin
            .batch_execute("select pg_reload_conf()")
            .await
            .unwrap();
        let guarded = Self { server };
        let began = Instant::now();
        while guarded.connect("plain", "", "").await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(20));
        }
        guarded
    }

    async fn connect(
        &self,
        role: &str,
        password: &str,
        options: &str,
    ) -> Result<Connection, Error> {
        let quoted = password.replace('\\', "\\\\").replace('\'', "\\'");
        let password = match password {
            "" => String::new(),
            _ => format!("password='{quoted}'"),
        };
        let socket = self.server.socket_dir().display().to_string();
        // No password file of the user who runs the test.
        let options = format!("passfile=/nowhere {options}");
        let text = format!("host={socket} user={role} dbname=postgres {password} {options}");
        Connection::connect(&text).await
    }
}

async fn user(connection: &Connection) -> String {
    let asked = query("select current_user::text");
    asked.fetch_one::<Value<String>>(connection).await.unwrap()
}

#[tokio::test]
async fn each_way_lets_in_who_knows_the_password_and_nobody_else() {
    let password = r"it's ℌéllo \ ١ — pass word";
    let server = Guarded::start(password).await;
    for role in ROLES {
        let connection = server.connect(role, password, "").await.unwrap();
        assert_eq!(user(&connection).await, role);

        let wrong = server.connect(role, "another", "").await.unwrap_err();
        assert_eq!(wrong.sqlstate(), Some("28P01"), "{wrong}");
        assert!(!wrong.to_string().contains("another"), "{wrong}");

        let none = server.connect(role, "", "").await.unwrap_err();
        assert_eq!(none.kind(), ErrorKind::Configuration, "{none}");
        assert!(none.to_string().contains("PGPASSWORD"), "{none}");
    }
    // Another spelling that SASLprep makes equal, which only SCRAM uses.
    let same = password.replace('ℌ', "H").replace('é', "e\u{301}") + "\u{ad}";
    assert!(server.connect("scram", &same, "").await.is_ok());
    assert!(server.connect("plain", &same, "").await.is_ok());
    assert!(server.connect("hashed", &same, "").await.is_err());
}

#[tokio::test]
async fn an_app_can_find_out_the_password_for_each_connection() {
    let server = Guarded::start("first").await;
    let socket = server.server.socket_dir().display().to_string();
    for role in ROLES {
        let valid = Arc::new(Mutex::new("first".to_owned()));
        let logins = Arc::new(Mutex::new(Vec::new()));
        let (told, heard) = (valid.clone(), logins.clone());
        let url = format!("host={socket} user={role} dbname=postgres password=of-the-url");
        let builder = Pool::builder(&url).unwrap();
        let pool = builder.password(move |login| {
            heard.lock().unwrap().push(login);
            let password = told.lock().unwrap().clone();
            async move {
                match password.is_empty() {
                    true => Err("the vault is sealed"),
                    false => Ok(password),
                }
            }
        });
        let pool = pool.build().unwrap();
        let one = pool.get().await.unwrap();
        assert_eq!(user(&one).await, role);
        // The password changes, and so does the one that is told.
        let encryption = if role == "hashed" {
            "md5"
        } else {
            "scram-sha-256"
        };
        let sql = format!(
            "set password_encryption = '{encryption}'; alter role {role} password 'second'"
        );
        one.batch_execute(&sql).await.unwrap();
        let error = pool.get().await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("28P01"), "{error}");
        *valid.lock().unwrap() = "second".to_owned();
        let two = pool.get().await.unwrap();
        assert_eq!(user(&two).await, role);
        valid.lock().unwrap().clear();
        let error = pool.get().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("the vault is sealed"), "{error}");
        // A report of all sources does not say it again.
        assert!(std::error::Error::source(&error).is_none());
        let logins = logins.lock().unwrap();
        assert_eq!(logins.len(), 4);
        let login = &logins[0];
        assert_eq!((&*login.host, &*login.user), (&*socket, role));
        assert_eq!(login.database, "postgres");
    }
}

#[tokio::test]
async fn a_server_that_asks_otherwise_than_is_required_gets_nothing() {
    let server = Guarded::start("secret").await;
    for (role, required, accepted) in [
        ("scram", "scram-sha-256", true),
        ("hashed", "scram-sha-256", false),
        ("plain", "scram-sha-256", false),
        ("plain", "!password,!md5", false),
        ("hashed", "!password", true),
        ("postgres", "none", true),
        ("postgres", "!none", false),
    ] {
        let options = format!("require_auth={required}");
        let connected = server.connect(role, "secret", &options).await;
        assert_eq!(connected.is_ok(), accepted, "{role} {required}");
        if let Err(error) = connected {
            assert!(error.to_string().contains("require_auth"), "{error}");
        }
    }
}

/// Messages after the authentication reach the session, and later errors are the server's.
#[tokio::test]
async fn what_comes_after_authentication_is_the_sessions() {
    let server = Guarded::start("secret").await;
    let missing = server.connect("scram", "secret", "dbname=missing").await;
    assert_eq!(missing.unwrap_err().sqlstate(), Some("3D000"));
    let options = "application_name='of the test' options='-c work_mem=7MB'";
    let connection = server.connect("scram", "secret", options).await.unwrap();
    let asked = query("select current_setting('application_name'), current_setting('work_mem')");
    let settings = asked.fetch_one::<(String, String)>(&connection).await;
    assert_eq!(settings.unwrap(), ("of the test".into(), "7MB".into()));
    let pool = Pool::connect(server.server.database().unwrap().url()).await;
    assert!(pool.is_ok());
}

/// The code generator has its own session, which it opens like a pool.
#[tokio::test]
async fn the_code_generator_goes_on_to_the_next_host() {
    let server = Guarded::start("secret").await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let socket = server.server.socket_dir().display().to_string();
    let text = |hosts: &str, ports: &str| {
        format!(
            "host={hosts} port={ports} user=scram dbname=postgres password=secret connect_timeout=1 sslmode=disable"
        )
    };
    let hosts = format!("127.0.0.1,{socket}");
    let (refuses, hangs) = (
        text(&hosts, "1,5432"),
        text(&hosts, &format!("{port},5432")),
    );
    for text in [refuses, hangs] {
        let mut session = Session::connect(&Connector::parse(&text).unwrap())
            .await
            .unwrap();
        let rows = session
            .rows(&["select current_user"])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(rows[0].iter().count(), 1);
    }
    let wrong = text(&socket, "5432").replace("secret", "wrong");
    let Err(refused) = Session::connect(&Connector::parse(&wrong).unwrap()).await else {
        panic!("the password is wrong");
    };
    let refused = refused.to_string();
    assert!(
        refused.contains("28P01") || refused.contains("password authentication failed"),
        "{refused}"
    );
    assert!(!refused.contains("wrong"), "{refused}");
}
