//! Encryption with a real server: certificates that are made here, what each `sslmode` accepts, channel binding, client
//! certificates, and cancel requests over TLS.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use howdah::{Connection, Error, ErrorKind, Executor, Opaque, Pool, Value, query};
use howdah_codegen::scratch::{Database, Server};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// A server that listens on a loopback address of its own, with a certificate for `db.test` and that address.
struct Encrypted {
    address: String,
    database: Database,
    files: tempfile::TempDir,
    /// Where the server has its own.
    home: PathBuf,
}

impl Encrypted {
    async fn start() -> Self {
        // Of all the addresses of this machine, one that no other server will have.
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let n = std::process::id() * 8 + STARTED.fetch_add(1, Relaxed);
        let address = format!(
            "127.{}.{}.{}",
            1 + n % 250,
            n / 250 % 250,
            1 + n / 62500 % 250
        );
        let server = Server::builder()
            .setting("listen_addresses", &address)
            .setting("password_encryption", "scram-sha-256")
            .start()
            .unwrap();
        let files = tempfile::tempdir().unwrap();
        let database = server.database().unwrap();
        let admin = Pool::connect(database.url()).await.unwrap();
        make_certificates(files.path(), &address);
        // The server reads its files in its own directory, as its own user.
        let home = fs::metadata(server.socket_dir()).unwrap();
        for name in ["server.crt", "server.key", "root.crt"] {
            let place = server.socket_dir().join(name);
            fs::copy(files.path().join(name), &place).unwrap();
            fs::set_permissions(&place, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&place, Some(home.uid()), Some(home.gid())).unwrap();
            let setting = match name {
                "server.crt" => "ssl_cert_file",
                "server.key" => "ssl_key_file",
                _ => "ssl_ca_file",
            };
            let sql = format!("alter system set {setting} = '{}'", place.display());
            admin.batch_execute(&sql).await.unwrap();
        }
        let hba = server.socket_dir().join("data/pg_hba.conf");
        let rules = "local all all trust\nhostssl all known all cert\nhostssl all plain all reject\nhostssl all all all scram-sha-256\n\
                     hostnossl all plain all trust\n";
        fs::write(hba, rules).unwrap();
        for sql in [
            "create role app login password 'it''s secret'; create role known login; create role plain login",
            "alter system set ssl = on",
            "select pg_reload_conf()",
        ] {
            admin.batch_execute(sql).await.unwrap();
        }
        let encrypted = Self {
            address,
            database,
            files,
            home: server.socket_dir().to_path_buf(),
        };
        let began = Instant::now();
        while let Err(error) = encrypted.connect("app", "sslmode=require").await {
            assert!(began.elapsed() < Duration::from_secs(20), "{error}");
        }
        encrypted
    }

    /// From now on the server has this certificate.
    async fn present(&self, name: &str) {
        for end in ["crt", "key"] {
            let place = self.home.join(format!("server.{end}"));
            fs::write(
                place,
                fs::read(self.file(&format!("{name}.{end}"))).unwrap(),
            )
            .unwrap();
        }
        let admin = Pool::connect(self.database.url()).await.unwrap();
        admin
            .batch_execute("select pg_reload_conf()")
            .await
            .unwrap();
        let began = Instant::now();
        let trusted = format!("sslmode=verify-ca sslrootcert={}", self.file("root.crt"));
        while self.connect("app", &trusted).await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(20));
        }
    }

    fn file(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    fn url(&self, user: &str, options: &str) -> String {
        format!(
            "hostaddr={} user={user} password='it\\'s secret' dbname={} {options}",
            self.address,
            self.database.name()
        )
    }

    async fn connect(&self, user: &str, options: &str) -> Result<Connection, Error> {
        Connection::connect(&self.url(user, options)).await
    }
}

fn make_certificates(files: &Path, address: &str) {
    let named = |names: &[&str], common: &str| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, common);
        params
    };
    let mut authority = named(&[], "authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let other = authority.clone();
    let write = |name: &str, text: String| {
        let path = files.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    };
    let key = KeyPair::generate().unwrap();
    write("root.crt", authority.self_signed(&key).unwrap().pem());
    let other_key = KeyPair::generate().unwrap();
    write("other.crt", other.self_signed(&other_key).unwrap().pem());
    let mut own = named(&["db.test", address], "own");
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own_key = KeyPair::generate().unwrap();
    write("own.crt", own.self_signed(&own_key).unwrap().pem());
    write("own.key", own_key.serialize_pem());
    let mut past = own.clone();
    past.not_after = past.not_before;
    write("past.crt", past.self_signed(&own_key).unwrap().pem());
    write("past.key", own_key.serialize_pem());
    let issuer = Issuer::new(authority, key);
    for (name, params) in [
        ("server", named(&["db.test", address], "server")),
        ("client", named(&[], "known")),
    ] {
        let key = KeyPair::generate().unwrap();
        write(
            &format!("{name}.crt"),
            params.signed_by(&key, &issuer).unwrap().pem(),
        );
        write(&format!("{name}.key"), key.serialize_pem());
    }
}

async fn is_encrypted(connection: &Connection) -> bool {
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    query(sql)
        .fetch_one::<Value<bool>>(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_mode_accepts_what_it_should_and_nothing_else() {
    let server = Encrypted::start().await;
    let root = format!("sslrootcert={}", server.file("root.crt"));
    let other = format!("sslrootcert={}", server.file("other.crt"));
    let named = |name: &str| format!("host={name}");
    for (options, accepted) in [
        ("sslmode=require".to_owned(), true),
        ("sslmode=prefer".to_owned(), true),
        ("sslmode=allow".to_owned(), true),
        (
            format!("sslmode=verify-full {root} {}", named("db.test")),
            true,
        ),
        (
            format!("sslmode=verify-full {root} {}", named("wrong.test")),
            false,
        ),
        (format!("sslmode=verify-full {root}"), true),
        (
            format!("sslmode=verify-full {other} {}", named("db.test")),
            false,
        ),
        (
            format!("sslmode=verify-ca {root} {}", named("wrong.test")),
            true,
        ),
        (
            format!("sslmode=verify-ca {other} {}", named("db.test")),
            false,
        ),
        (format!("sslmode=require {other}"), false),
        // Nothing said: verified where it is not this machine.
        (format!("{root} {}", named("db.test")), true),
        (format!("{root} {}", named("wrong.test")), false),
        (format!("{other} {}", named("db.test")), false),
        (format!("{other} {}", named("localhost")), true),
    ] {
        let connected = server.connect("app", &options).await;
        match &connected {
            Ok(connection) => assert!(is_encrypted(connection).await, "{options}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Connection, "{options}: {error}"),
        }
        assert_eq!(connected.is_ok(), accepted, "{options}: {connected:?}");
    }
    let unverified = server
        .connect("app", &format!("{other} {}", named("db.test")))
        .await
        .unwrap_err();
    let message = unverified.to_string();
    assert!(
        message.contains("sslrootcert") && message.contains("sslmode=require"),
        "{message}"
    );
    assert!(!message.contains("secret"), "{message}");
}

#[tokio::test]
async fn what_the_server_lets_in_unencrypted_is_found() {
    let server = Encrypted::start().await;
    for mode in ["disable", "allow", "prefer"] {
        let connection = server.connect("plain", &format!("sslmode={mode}")).await;
        assert!(!is_encrypted(&connection.unwrap()).await, "{mode}");
    }
    assert!(server.connect("plain", "sslmode=require").await.is_err());
}

/// As `openssl req -x509` makes them: an authority that is its own server.
#[tokio::test]
async fn a_server_may_have_the_certificate_that_is_trusted() {
    let server = Encrypted::start().await;
    let own = format!("sslrootcert={}", server.file("own.crt"));
    let past = format!("sslrootcert={}", server.file("past.crt"));
    let other = format!("sslrootcert={}", server.file("root.crt"));
    server.present("own").await;
    for (options, accepted) in [
        (format!("sslmode=verify-full {own} host=db.test"), true),
        (format!("sslmode=verify-full {own}"), true),
        (format!("sslmode=verify-full {own} host=other.test"), false),
        (format!("sslmode=verify-ca {own} host=other.test"), true),
        (format!("sslmode=verify-ca {other} host=db.test"), false),
        (format!("sslmode=verify-ca {past} host=db.test"), false),
    ] {
        let connected = server.connect("app", &options).await;
        assert_eq!(connected.is_ok(), accepted, "{options}: {connected:?}");
    }
    server.present("past").await;
    let late = format!("sslmode=verify-ca {past} host=db.test");
    assert!(server.connect("app", &late).await.is_err());
}

/// The reader's task reads the server's messages, and each task writes its own requests.
#[tokio::test]
async fn a_users_types_are_learnt_whatever_is_encrypted() {
    let server = Encrypted::start().await;
    let admin = Pool::connect(server.database.url()).await.unwrap();
    let sql = "create type mood as enum ('good')";
    admin.batch_execute(sql).await.unwrap();
    for (user, options) in [
        ("app", "sslmode=require channel_binding=require"),
        ("app", "sslmode=prefer"),
        ("plain", "sslmode=allow"),
        ("plain", "sslmode=disable"),
    ] {
        let pool = Pool::connect(&server.url(user, options)).await.unwrap();
        let found = query("select 'good'::mood, $1::mood").bind(None::<Opaque>);
        let (mood, none) = found
            .fetch_one::<(Opaque, Option<Opaque>)>(&pool)
            .await
            .unwrap();
        assert_eq!(
            (mood.as_bytes(), none),
            (&b"good"[..], None),
            "{user} {options}"
        );
        assert_eq!(mood.type_name(), "public.mood");
    }
}

/// After an error of a server over TLS, the client does not try again without TLS.
#[tokio::test]
async fn who_is_refused_by_the_client_is_not_asked_without_encryption() {
    let server = Encrypted::start().await;
    for options in ["require_auth=md5", "require_auth=none"] {
        let options = format!("sslmode=prefer {options}");
        let refused = server.connect("app", &options).await.unwrap_err();
        assert!(refused.to_string().contains("require_auth"), "{refused}");
    }
}

/// Since version 17, where it is asked for.
#[tokio::test]
async fn an_encryption_can_begin_without_asking_for_it() {
    let server = Encrypted::start().await;
    let direct = format!(
        "sslmode=verify-full sslrootcert={} sslnegotiation=direct channel_binding=require",
        server.file("root.crt")
    );
    let connected = server.connect("app", &direct).await;
    let admin = Pool::connect(server.database.url()).await.unwrap();
    let version = query("select current_setting('server_version_num')::int");
    match version.fetch_one::<Value<i32>>(&admin).await.unwrap() {
        170_000.. => assert!(is_encrypted(&connected.unwrap()).await),
        _ => assert_eq!(connected.unwrap_err().kind(), ErrorKind::Connection),
    }
    let without = server.connect("app", "sslmode=prefer sslnegotiation=direct");
    let without = without.await.unwrap_err();
    assert_eq!(without.kind(), ErrorKind::Configuration, "{without}");
    assert!(without.to_string().contains("sslmode=require"), "{without}");
}

#[tokio::test]
async fn passwords_are_bound_to_the_channel() {
    let server = Encrypted::start().await;
    server
        .connect("app", "sslmode=require channel_binding=require")
        .await
        .unwrap();
    let plain = server
        .connect("plain", "sslmode=disable channel_binding=require")
        .await;
    assert!(plain.is_err());
}

#[tokio::test]
async fn a_client_is_known_by_its_certificate() {
    let server = Encrypted::start().await;
    let cert = format!(
        "sslcert={} sslkey={}",
        server.file("client.crt"),
        server.file("client.key")
    );
    let connection = server
        .connect("known", &format!("sslmode=require {cert}"))
        .await
        .unwrap();
    assert!(is_encrypted(&connection).await);
    assert!(server.connect("known", "sslmode=require").await.is_err());

    fs::set_permissions(server.file("client.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let open = server
        .connect("known", &format!("sslmode=require {cert}"))
        .await
        .unwrap_err();
    assert_eq!(open.kind(), ErrorKind::Configuration, "{open}");
    assert!(open.to_string().contains("others can read"), "{open}");
}

#[tokio::test]
async fn a_dropped_query_is_cancelled_over_tls() {
    let server = Encrypted::start().await;
    let root = format!(
        "sslmode=verify-full sslrootcert={} host=db.test",
        server.file("root.crt")
    );
    let pool = Pool::builder(&server.url("app", &root))
        .unwrap()
        .max_size(1)
        .recovery_timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let pid = || query("select pg_backend_pid()").fetch_one::<Value<i32>>(&pool);
    let before = pid().await.unwrap();
    let soon = pool.within(Duration::from_millis(100));
    let began = Instant::now();
    query("select pg_sleep(60)")
        .execute(&soon)
        .await
        .unwrap_err();
    assert_eq!(pid().await.unwrap(), before);
    assert!(began.elapsed() < Duration::from_secs(30));
}
