//! Connection strings and the environment: the resulting settings, and errors that do not show values.

use tokio_postgres::config::{ChannelBinding, Host, LoadBalanceHosts, SslNegotiation};

use super::*;
use crate::ErrorKind;

#[test]
fn debug_output_hides_the_password() {
    let settings = Settings::parse("postgres://me:secret@localhost/app").unwrap();
    let shown = format!("{settings:?}");
    assert!(shown.contains("me") && !shown.contains("secret"), "{shown}");
}

fn surrounded(url: &str, variables: &[(&str, &str)], home: &str) -> Result<Settings, Error> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name)?;
        Some(found.1.to_owned())
    };
    let surroundings = Surroundings {
        variable: &variable,
        user_files: Some(PathBuf::from(home)),
    };
    Settings::parse_in(url, &surroundings)
}

#[test]
fn what_the_string_does_not_say_is_taken_from_the_environment() {
    let variables = [
        ("PGHOST", "a,b"),
        ("PGPORT", "5433"),
        ("PGUSER", "other"),
        ("PGPASSWORD", "secret"),
        ("PGSSLMODE", "require"),
        ("PGTARGETSESSIONATTRS", "standby"),
    ];
    let settings = surrounded("user=me dbname=app", &variables, "/nowhere").unwrap();
    let config = &settings.config;
    assert_eq!(
        config.get_hosts(),
        [Host::Tcp("a".into()), Host::Tcp("b".into())]
    );
    assert_eq!(config.get_ports(), [5433]);
    assert_eq!(config.get_user(), Some("me"));
    let password = settings.stored_password("a", 5433).unwrap();
    assert_eq!(*password, b"secret");
    assert_eq!(
        (settings.mode, settings.target),
        (TlsMode::Require, Target::Standby)
    );
    assert_eq!(settings.config.get_password(), None);

    let wrong = surrounded("host=h", &[("PGPORT", "none")], "/nowhere").unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Configuration);
}

/// Even if it states the default.
#[test]
fn what_the_string_says_is_not_taken_from_the_environment() {
    let variables = [
        ("PGLOADBALANCEHOSTS", "random"),
        ("PGCHANNELBINDING", "require"),
        ("PGSSLNEGOTIATION", "direct"),
        ("PGSSLMODE", "require"),
    ];
    let said = "host=h channel_binding=prefer sslnegotiation=postgres load_balance_hosts=disable";
    let said = surrounded(said, &variables, "/nowhere").unwrap().config;
    assert_eq!(said.get_channel_binding(), ChannelBinding::Prefer);
    assert_eq!(said.get_ssl_negotiation(), SslNegotiation::Postgres);
    assert_eq!(said.get_load_balance_hosts(), LoadBalanceHosts::Disable);
    let unsaid = surrounded("host=h", &variables, "/nowhere").unwrap().config;
    assert_eq!(unsaid.get_channel_binding(), ChannelBinding::Require);
    assert_eq!(unsaid.get_ssl_negotiation(), SslNegotiation::Direct);
    assert_eq!(unsaid.get_load_balance_hosts(), LoadBalanceHosts::Random);
}

#[test]
fn a_service_goes_before_the_environment_and_after_the_string() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".pg_service.conf");
    std::fs::write(&file, "[app]\nhost=service\nport=1\nuser=service\n").unwrap();
    let variables = [("PGHOST", "env"), ("PGUSER", "env"), ("PGDATABASE", "env")];
    let home = home.path().to_str().unwrap();
    let settings = surrounded("service=app user=me", &variables, home).unwrap();
    assert_eq!(settings.config.get_hosts(), [Host::Tcp("service".into())]);
    assert_eq!(settings.config.get_user(), Some("me"));
    assert_eq!(settings.config.get_dbname(), Some("env"));
    let socket = "keepalives=1\nkeepalives_idle=60\nkeepalives_count=3\ntcp_user_timeout=1500\n";
    std::fs::write(&file, format!("[app]\nhost=service\n{socket}")).unwrap();
    let settings = surrounded("service=app keepalives_idle=30", &[], home).unwrap();
    assert_eq!(
        settings.config.get_keepalives_idle(),
        Duration::from_secs(30)
    );
    assert_eq!(settings.config.get_keepalives_retries(), Some(3));
    let timeout = settings.config.get_tcp_user_timeout();
    assert_eq!(timeout, Some(&Duration::from_millis(1500)));

    std::fs::write(&file, "[app]\nhost=service\ndatabse_typo=foo\n").unwrap();
    let unknown = surrounded("service=app", &[], home).unwrap_err();
    let message = "the service `app` has an unknown option `databse_typo`";
    assert!(unknown.to_string().contains(message), "{unknown}");

    let missing = surrounded("service=none", &variables, home).unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("no service file has a service `none`"),
        "{missing}"
    );
}

#[cfg(unix)]
#[test]
fn a_password_file_is_read_if_it_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".pgpass");
    std::fs::write(
        &file,
        "h:5432:app:me:secret\nlocalhost:5432:app:me:local\n/data/run:5432:app:me:own\n",
    )
    .unwrap();
    let settings = surrounded(
        "host=h user=me dbname=app",
        &[],
        home.path().to_str().unwrap(),
    )
    .unwrap();
    let password = |host: &str, mode: u32| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let password = settings.stored_password(host, 5432).unwrap_or_default();
        String::from_utf8(password.to_vec()).unwrap()
    };
    assert_eq!(password("h", 0o600), "secret");
    assert_eq!(password("/run/postgresql", 0o600), "local");
    assert_eq!(password("/data/run", 0o600), "own");
    assert_eq!(password("/other/run", 0o600), "");
    assert_eq!(password("other", 0o600), "");
    assert_eq!(password("h", 0o644), "");
}

/// An `@` ends user and password only before the host.
#[test]
fn the_options_of_a_url_may_have_an_at_sign() {
    for url in [
        "postgres://me@h:1/d?application_name=a@b:c",
        "postgres://h:1/d?user=me&application_name=a@b:c",
        "postgres://me:p/w@h:1/d?application_name=a@b:c",
        "postgres://me:p?w@h:1/d?application_name=a@b:c",
    ] {
        let config = Settings::parse(url).unwrap().config;
        assert_eq!(config.get_hosts(), [Host::Tcp("h".into())], "{url}");
        assert_eq!(config.get_ports(), [1], "{url}");
        assert_eq!(config.get_user(), Some("me"), "{url}");
        assert_eq!(config.get_dbname(), Some("d"), "{url}");
        assert_eq!(config.get_application_name(), Some("a@b:c"), "{url}");
    }
}

#[test]
fn a_malformed_string_is_refused_without_being_quoted() {
    for url in [
        "postgres://me:secret@h/d?sslmode=maybe",
        "host=h password",
        "host=h password='secret user=me",
        "bogus=secret",
        "postgres://me:secret@h/d?search_path=secret",
        // What is not quoted is taken for another option.
        "host=h password=my secret=1",
        "postgres://me@h/d?password=my&secret=1",
        "postgres://me:my@secret@h/d",
        "postgres://my@secret@h/d",
        "mysql://me:secret@h/d",
    ] {
        let error = Settings::parse(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn what_is_wrong_with_a_string_is_said() {
    let wrong = |url| Settings::parse(url).unwrap_err().to_string();
    for (url, expected) in [
        (
            "postgres://h/d?search_path=app",
            "the connection string is malformed: unknown option `search_path`; settings of the session are \
             `options=-c search_path=…`",
        ),
        (
            "host=h port=many",
            "the connection string is malformed: invalid value for option `port`",
        ),
        (
            "mysql://h/d",
            "the connection string is malformed: it begins with `postgres://`, or is of the form `host=… user=…`",
        ),
    ] {
        assert_eq!(wrong(url), expected);
    }
}

#[test]
fn options_of_the_socket_are_those_of_libpq() {
    for text in [
        "host=h keepalives_count=3 tcp_user_timeout=1500",
        "postgres://h?keepalives_count=3&tcp_user_timeout=1500",
    ] {
        let settings = surrounded(text, &[], "/nowhere").unwrap();
        assert_eq!(settings.config.get_keepalives_retries(), Some(3));
        let timeout = settings.config.get_tcp_user_timeout();
        assert_eq!(timeout, Some(&Duration::from_millis(1500)));
    }
    let wrong = surrounded("host=h keepalives_count=few", &[], "/nowhere").unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Configuration);
}
