//! A database to try schemas and queries in, emptied for each schema, and what comes out of a query with values bound.

use std::error::Error;

use futures_util::future::join3;
use howdah_codegen::scratch::{Database, Server};
use tokio::runtime::Runtime;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type as PgType, private::BytesMut};
use tokio_postgres::{Client, NoTls, Statement};

use super::schema::Definition;

/// A connection that owns the database behind it.
pub(super) struct Bench {
    runtime: Runtime,
    client: Client,
    url: String,
    /// The server's major version.
    pub(super) version: u32,
    /// Dropped with the bench; a server named by the environment keeps its database for the one who named it.
    _database: Option<Database>,
}

/// A cell of a result: whether it is null, whether it is an array with a null element, and its bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) is_null: bool,
    pub(super) has_null_element: bool,
    pub(super) is_array: bool,
    pub(super) raw: Vec<u8>,
}

/// The role that policies apply to.
const ROLE: &str = "howdah_fuzz";

/// Who runs queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Superuser,
    Ordinary,
}

/// A parameter's value as text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value(pub(super) Option<String>);

impl Bench {
    /// A bench on the server of `HOWDAH_FUZZ_URL`, a database that nothing else uses, or on the scratch server.
    pub(super) fn open() -> Self {
        let (url, database) = match std::env::var("HOWDAH_FUZZ_URL") {
            Ok(url) => (url, None),
            Err(_) => {
                let database = Server::shared().unwrap().database().unwrap();
                (database.url().to_owned(), Some(database))
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(&url, NoTls))
            .unwrap();
        runtime.spawn(connection);
        let mut bench = Self {
            runtime,
            client,
            url,
            version: 0,
            _database: database,
        };
        let number = bench.ask("select current_setting('server_version_num')::int / 10000");
        bench.version = number.parse().unwrap();
        bench
            .run("set client_min_messages = error; set jit = off")
            .unwrap();
        // Another test may be making it.
        let create = format!(
            "do $$ begin create role {ROLE}; exception when duplicate_object or unique_violation then null; end $$"
        );
        bench.run(&create).unwrap();
        bench
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements that return nothing.
    pub(super) fn run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.client.batch_execute(sql))
    }

    fn ask(&self, sql: &str) -> String {
        let row = self
            .runtime
            .block_on(self.client.query_one(sql, &[]))
            .unwrap();
        row.get::<_, i32>(0).to_string()
    }

    /// Replaces what is in the database by this schema, and gives those of its statements that the server accepts.
    pub(super) fn build(&self, definitions: &[Definition]) -> Vec<Definition> {
        self.run("reset role; drop schema public cascade; create schema public; grant all on schema public to public")
            .unwrap();
        let accepted = |d: &&Definition| self.run(&d.sql).is_ok();
        let built = definitions.iter().filter(accepted).cloned().collect();
        self.run(&format!(
            "grant all on all tables in schema public to {ROLE}"
        ))
        .unwrap();
        built
    }

    /// Runs queries as a role that policies apply to, or as the superuser that they do not.
    pub(super) fn become_role(&self, role: Role) {
        match role {
            Role::Superuser => self.run("reset role").unwrap(),
            Role::Ordinary => self.run(&format!("set role {ROLE}")).unwrap(),
        }
    }

    /// Where queries are inspected as `role`.
    pub(super) fn url_of(&self, role: Role) -> String {
        match role {
            Role::Superuser => self.url.clone(),
            Role::Ordinary => {
                let and = if self.url.contains('?') { '&' } else { '?' };
                format!("{}{and}options=-c%20role%3D{ROLE}", self.url)
            }
        }
    }

    /// Replaces the rows by these, and gives those that the server accepts.
    pub(super) fn fill(&self, definitions: &[Definition], rows: &[String]) -> Vec<String> {
        self.become_role(Role::Superuser);
        let tables: Vec<&str> = definitions
            .iter()
            .filter(|d| d.sql.starts_with("create table"))
            .filter_map(|d| Some(d.relation.as_ref()?.name.as_str()))
            .collect();
        if !tables.is_empty() {
            self.run(&format!("truncate {} cascade", tables.join(", ")))
                .unwrap();
        }
        let accepted = |row: &&String| self.run(row).is_ok();
        rows.iter().filter(accepted).cloned().collect()
    }

    pub(super) fn prepare(&self, sql: &str) -> Option<Statement> {
        self.runtime.block_on(self.client.prepare(sql)).ok()
    }

    /// The rows of a query, whose effects are undone; `None` if it failed.
    pub(super) fn rows(&self, statement: &Statement, values: &[Value]) -> Option<Vec<Vec<Cell>>> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let (_, rows, _) = self.runtime.block_on(join3(
            self.client
                .batch_execute("begin; set local statement_timeout = '80ms'"),
            self.client.query(statement, &values),
            self.client.batch_execute("rollback"),
        ));
        let cells = |row: &tokio_postgres::Row| (0..row.len()).map(|i| row.get(i)).collect();
        Some(rows.ok()?.iter().map(cells).collect())
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        _: &PgType,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let Some(text) = &self.0 else {
            return Ok(IsNull::Yes);
        };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &PgType) -> bool {
        true
    }

    fn encode_format(&self, _: &PgType) -> Format {
        Format::Text
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'r> FromSql<'r> for Cell {
    fn from_sql(ty: &PgType, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        // Arrays of records are a pseudo-type.
        let is_array = matches!(ty.kind(), tokio_postgres::types::Kind::Array(_))
            || *ty == PgType::RECORD_ARRAY;
        let has_null = |elements: Vec<Option<&[u8]>>| elements.iter().any(Option::is_none);
        Ok(Self {
            is_null: false,
            has_null_element: is_array && array_elements(raw).is_none_or(has_null),
            is_array,
            raw: raw.to_vec(),
        })
    }

    fn from_sql_null(_: &PgType) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self {
            is_null: true,
            ..Self::default()
        })
    }

    fn accepts(_: &PgType) -> bool {
        true
    }
}

fn number(raw: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_be_bytes(raw.get(at..at + 4)?.try_into().ok()?))
}

/// A value behind its length, minus one for null; where the next one begins.
fn value_at(raw: &[u8], at: usize) -> Option<(Option<&[u8]>, usize)> {
    match usize::try_from(number(raw, at)?) {
        Ok(length) => Some((Some(raw.get(at + 4..at + 4 + length)?), at + 4 + length)),
        Err(_) => Some((None, at + 4)),
    }
}

/// The elements of an array in binary form: dimensions, a flag, the elements' type, each dimension's length and start, then
/// the elements.
pub(super) fn array_elements(raw: &[u8]) -> Option<Vec<Option<&[u8]>>> {
    let mut at = 12 + 8 * usize::try_from(number(raw, 0)?).ok()?;
    let mut out = Vec::new();
    while at < raw.len() {
        let (value, next) = value_at(raw, at)?;
        out.push(value);
        at = next;
    }
    Some(out)
}

/// The fields of a composite value in binary form: how many there are, then each field's type and value.
pub(super) fn fields(raw: &[u8]) -> Option<Vec<Option<&[u8]>>> {
    let mut at = 4;
    let mut out = Vec::new();
    for _ in 0..number(raw, 0)? {
        let (value, next) = value_at(raw, at + 4)?;
        out.push(value);
        at = next;
    }
    Some(out)
}
