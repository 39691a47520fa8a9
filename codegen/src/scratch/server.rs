//! The scratch server itself, and the databases and templates it hands out.
//! It never listens on the network, and never touches a cluster that it did not make.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::builder::Builder;
use super::cluster::Supervisor;
use super::database::{Database, Template};
use super::error::{Kind, ScratchError};
use super::install::{self, System};
use super::load;
use super::session::{self, Session};
use crate::migrations::SqlFile;

/// The time within which a server must accept connections. A slow, loaded machine takes seconds.
pub(super) const START_LIMIT: Duration = Duration::from_secs(60);

/// A running throw-away PostgreSQL server. Clones are handles of the same server. It stops, and its directory is
/// removed, when the last of them, its databases and its templates are dropped, or when the process ends in any way.
#[derive(Clone, Debug)]
pub struct Server(Arc<Running>);

#[derive(Debug)]
struct Running {
    supervisor: Supervisor,
    major: u32,
    /// The templates' names by key; each is locked while it is built, so that it is built once.
    templates: Mutex<HashMap<String, Arc<Mutex<Option<String>>>>>,
    names: AtomicU64,
}

impl Server {
    /// Starts a server with the PostgreSQL that is found on this machine.
    ///
    /// # Errors
    ///
    /// See [`Builder::start`].
    pub fn start() -> Result<Self, ScratchError> {
        Self::builder().start()
    }

    /// Settings for a server.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The shared server of this process, which the first call starts. It stops when the process ends.
    ///
    /// # Errors
    ///
    /// See [`Builder::start`]. A failed start is not repeated.
    pub fn shared() -> Result<&'static Self, ScratchError> {
        static SHARED: OnceLock<Result<Server, ScratchError>> = OnceLock::new();
        SHARED
            .get_or_init(Self::start)
            .as_ref()
            .map_err(ScratchError::clone)
    }

    #[cfg(unix)]
    pub(super) fn of(supervisor: Supervisor, major: u32) -> Self {
        Self(Arc::new(Running {
            supervisor,
            major,
            templates: Mutex::default(),
            names: AtomicU64::new(1),
        }))
    }

    /// The directory of the server's socket, readable for the owner and the server's user only.
    pub fn socket_dir(&self) -> &Path {
        self.0.supervisor.home()
    }

    /// Creates an empty database.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or has no room.
    pub fn database(&self) -> Result<Database, ScratchError> {
        self.create_database("template1")
    }

    /// The template with this `key`. If the server does not have it yet, `build` gets the URL of a new database, and
    /// builds the template in it. Callers with the same key wait for the one that builds.
    ///
    /// ```no_run
    /// use howdah_codegen::scratch::{ScratchError, Server, load};
    /// # fn files() -> Vec<howdah_codegen::migrations::SqlFile> { Vec::new() }
    ///
    /// let template = Server::shared()?.template("app", |url| load(url, &files()))?;
    /// let database = template.database()?;
    /// println!("{}", database.url());
    /// # Ok::<(), ScratchError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The error of `build` (the next caller then tries again), or the server cannot be reached.
    pub fn template<E: From<ScratchError>>(
        &self,
        key: &str,
        build: impl FnOnce(&str) -> Result<(), E>,
    ) -> Result<Template, E> {
        let slot = {
            let mut templates = self
                .0
                .templates
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(templates.entry(key.to_owned()).or_default())
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = &*slot {
            return Ok(Template::new(self.clone(), name.clone()));
        }
        let name = self.new_name("template");
        let doing = "make a template";
        self.maintain(doing, &format!("create database {name}"))?;
        if let Err(error) = build(&self.url_of(&name)) {
            self.maintain(doing, &format!("drop database {name} with (force)"))?;
            return Err(error);
        }
        self.maintain(
            doing,
            &format!("alter database {name} with is_template true allow_connections false"),
        )?;
        session::block_on(self.wait_until_alone(&name))?;
        Ok(Template::new(self.clone(), slot.insert(name).clone()))
    }

    /// The template with the schema of `files`, built once for the same files.
    ///
    /// # Errors
    ///
    /// See [`load`].
    pub fn template_of(&self, files: &[SqlFile]) -> Result<Template, ScratchError> {
        // The key is the whole text, so equal keys mean equal schemas.
        self.template(&format!("{files:?}"), |url| load::load(url, files))
    }

    /// Checks that the extension `name` can be created on this server.
    ///
    /// # Errors
    ///
    /// It cannot: the error names the package to install.
    pub fn require_extension(&self, name: &str) -> Result<(), ScratchError> {
        let doing = "list the extensions";
        let sql = "select from pg_available_extensions where name = $1";
        let available = session::block_on(async {
            let failed = |error| ScratchError::sql(doing, error);
            let session = Session::open(&self.url_of("postgres"))
                .await
                .map_err(failed)?;
            let found = session
                .client
                .query_opt(sql, &[&name])
                .await
                .map_err(failed)?;
            session.close().await;
            Ok(found.is_some())
        })?;
        if available {
            return Ok(());
        }
        let advice = install::extension_advice(System::current(), name, self.0.major);
        Err(Kind::Extension {
            name: name.to_owned(),
            advice,
        }
        .into())
    }

    /// Creates a database from `template`, including its settings by `ALTER DATABASE` and `ALTER ROLE … IN DATABASE`,
    /// which CREATE DATABASE does not copy.
    pub(super) fn create_database(&self, template: &str) -> Result<Database, ScratchError> {
        let doing = "make a database";
        let name = self.new_name("db");
        // Copying files is faster than writing pages to the log. Older servers always copy files.
        let strategy = if self.0.major >= 15 {
            " strategy file_copy"
        } else {
            ""
        };
        let sql = format!("create database {name} template {template}{strategy}");
        self.maintain(doing, &sql)?;
        let database = Database::new(self.clone(), name);
        // They are copied in their stored form, because some, such as a search_path, are lists that must not be quoted
        // again.
        let settings = format!(
            "insert into pg_db_role_setting select made.oid, setting.setrole, setting.setconfig
             from pg_db_role_setting setting
             join pg_database made on made.datname = '{}'
             join pg_database template on template.oid = setting.setdatabase and template.datname = '{template}'",
            database.name()
        );
        self.maintain(doing, &settings)?;
        Ok(database)
    }

    /// Runs one statement in the maintenance database.
    pub(super) fn maintain(&self, doing: &str, sql: &str) -> Result<(), ScratchError> {
        session::batch(&self.url_of("postgres"), doing, sql)
    }

    pub(super) fn url_of(&self, database: &str) -> String {
        url_in(self.socket_dir(), database)
    }

    fn new_name(&self, kind: &str) -> String {
        format!("{kind}_{}", self.0.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Ends the sessions that are still connected to the template `name`, because cloning requires that there are none.
    async fn wait_until_alone(&self, name: &str) -> Result<(), ScratchError> {
        let failed = |error| ScratchError::sql("close a template", error);
        let session = Session::open(&self.url_of("postgres"))
            .await
            .map_err(failed)?;
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        let began = Instant::now();
        while !session
            .client
            .query(sql, &[&name])
            .await
            .map_err(failed)?
            .is_empty()
        {
            if began.elapsed() > START_LIMIT {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        session.close().await;
        Ok(())
    }
}

/// The URL of `database` of the server with its socket in `dir`.
pub(super) fn url_in(dir: &Path, database: &str) -> String {
    let mut url = "postgres://postgres@".to_owned();
    for byte in dir.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            url.push(char::from(*byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url + "/" + database
}
