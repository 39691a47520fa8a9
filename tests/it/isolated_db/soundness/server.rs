//! A database to try schemas and queries in, emptied for each schema, and what comes out of a query with values bound.

use std::error::Error;

use futures_util::future::join3;
use howdah_codegen::inspect::{Inspection, inspect};
use howdah_codegen::scratch::{Database, Server};
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type as PgType, private::BytesMut};

use super::foreign;
use super::schema::Definition;
use super::session::{Failure, Session};

/// A session that owns the database behind it.
pub(super) struct Bench {
    session: Session,
    /// The server's major version.
    pub(super) version: u32,
    /// Dropped with the bench; a server named by the environment keeps its database for the one who named it.
    database: Option<Database>,
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

/// What came of running a query.
pub(super) enum Outcome {
    Rows(Vec<Vec<Cell>>),
    /// The server refused it.
    Failed,
    /// It brought the server down, which is the server's fault.
    Crashed,
}

impl Bench {
    /// A bench on the server of `HOWDAH_FUZZ_URL`, a database that nothing else uses, or on the scratch server.
    pub(super) fn open() -> Self {
        match std::env::var("HOWDAH_FUZZ_URL") {
            Ok(url) => Self::new(url, None),
            Err(_) => Self::on(Server::shared().unwrap()),
        }
    }

    /// A bench on this server.
    pub(super) fn on(server: &Server) -> Self {
        let database = server.database().unwrap();
        Self::new(database.url().to_owned(), Some(database))
    }

    fn new(url: String, database: Option<Database>) -> Self {
        let session = Session::open(url);
        let number: i32 = session
            .row("select current_setting('server_version_num')::int / 10000")
            .get(0);
        // Another test may be making it.
        session.certainly(&format!(
            "do $$ begin create role {ROLE}; exception when duplicate_object or unique_violation then null; end $$"
        ));
        Self {
            session,
            version: number.unsigned_abs(),
            database,
        }
    }

    pub(super) fn url(&self) -> &str {
        self.session.url()
    }

    /// Runs statements that return nothing and are not refused.
    pub(super) fn run(&self, sql: &str) {
        self.session.certainly(sql);
    }

    /// Those of the statements that the server accepts one after the other, from a state that `begin` makes. One that
    /// crashes it is left out.
    fn accepted<T: Clone>(&self, begin: &str, all: &[T], sql: impl Fn(&T) -> &str) -> Vec<T> {
        let mut wanted = all.to_vec();
        loop {
            let crashes = self.session.crashes();
            self.session.certainly(begin);
            wanted.retain(|statement| self.session.run(sql(statement)).is_ok());
            if self.session.crashes() == crashes {
                return wanted;
            }
        }
    }

    /// Replaces what is in the database by this schema, and gives those of its statements that the server accepts.
    pub(super) fn build(&self, definitions: &[Definition]) -> Vec<Definition> {
        self.become_role(Role::Superuser);
        self.session.forget();
        let begin = "drop schema public cascade; create schema public; grant all on schema public to public";
        let built = self.accepted(begin, definitions, |definition| &definition.sql);
        self.run(&format!(
            "grant all on all tables in schema public to {ROLE}"
        ));
        built
    }

    /// Runs queries as a role that policies apply to, or as the superuser that they do not.
    pub(super) fn become_role(&self, role: Role) {
        match role {
            Role::Superuser => self.session.set_role("reset role"),
            Role::Ordinary => self.session.set_role(&format!("set role {ROLE}")),
        }
    }

    /// Where queries are inspected as `role`.
    pub(super) fn url_of(&self, role: Role) -> String {
        let url = self.url();
        match role {
            Role::Superuser => url.to_owned(),
            Role::Ordinary => {
                let and = if url.contains('?') { '&' } else { '?' };
                format!("{url}{and}options=-c%20role%3D{ROLE}")
            }
        }
    }

    /// The server of its own.
    pub(super) fn server(&self) -> &Server {
        self.database.as_ref().unwrap().server()
    }

    /// The analyses of the queries as `role` runs them; again if the server crashes meanwhile, under another test's query.
    pub(super) fn inspect(&self, role: Role, queries: &[&str]) -> Inspection {
        let url = self.url_of(role);
        loop {
            let crashes = self.session.crashes();
            let inspection = inspect(&url, queries);
            // If the server is gone, this session is too.
            self.session.certainly("");
            match inspection {
                Err(_) if self.session.crashes() > crashes => {}
                inspection => return inspection.unwrap(),
            }
        }
    }

    /// Replaces the rows by these, and gives those that the server accepts.
    pub(super) fn fill(&self, definitions: &[Definition], rows: &[String]) -> Vec<String> {
        self.become_role(Role::Superuser);
        let tables: Vec<&str> = definitions
            .iter()
            .filter(|d| foreign::defined_table(&d.sql).is_some())
            .filter_map(|d| Some(d.relation.as_ref()?.name.as_str()))
            .collect();
        let begin = match tables.is_empty() {
            true => String::new(),
            false => format!("truncate {} cascade", tables.join(", ")),
        };
        self.accepted(&begin, rows, |row| row)
    }

    /// Whether the server accepts the query.
    pub(super) fn accepts(&self, sql: &str) -> bool {
        self.session.prepare(sql).is_ok()
    }

    /// Runs a query, whose effects are undone.
    pub(super) fn rows(&self, sql: &str, values: &[Value]) -> Outcome {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let rows = self.session.prepare(sql).and_then(|statement| {
            self.session.attempt(async |client| {
                let begin = "begin; set local statement_timeout = '80ms'";
                let (_, rows, _) = join3(
                    client.batch_execute(begin),
                    client.query(&statement, &values),
                    client.batch_execute("rollback"),
                )
                .await;
                rows
            })
        });
        let cells = |row: &tokio_postgres::Row| (0..row.len()).map(|i| row.get(i)).collect();
        match rows {
            Ok(rows) => Outcome::Rows(rows.iter().map(cells).collect()),
            Err(Failure::Refused(_)) => Outcome::Failed,
            Err(Failure::Crashed) => Outcome::Crashed,
        }
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
