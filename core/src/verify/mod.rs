//! The check at start-up: compares the schema that generated code was checked against with that of the server.
//!
//! The generated `verify` calls it. An app that does not match the database's migrations then fails at its start, with
//! a message that names each difference and the queries that it affects.

mod live;

use std::fmt;

use crate::{Constraint, Error, ErrorKind, Executor, Table};
use live::{LIVE, Live, LiveRow};

/// A table that queries or structs were checked against.
#[derive(Clone, Copy, Debug)]
pub struct TableContract {
    /// The table as it was then.
    pub table: &'static Table,
    /// The names of the queries that read or write it.
    pub queries: &'static [&'static str],
}

/// An enum type that queries or structs were checked against.
#[derive(Clone, Copy, Debug)]
pub struct EnumContract {
    /// Its schema.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its labels as they were then.
    pub labels: &'static [&'static str],
    /// The names of the queries that take or return it.
    pub queries: &'static [&'static str],
}

/// A domain with constraints that queries or structs were checked against.
#[derive(Clone, Copy, Debug)]
pub struct DomainContract {
    /// Its schema.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its constraints as they were then, including those of the domains that it is based on.
    pub constraints: &'static [Constraint],
    /// The names of the queries that take or return it.
    pub queries: &'static [&'static str],
}

/// A difference between the server's schema and the one that queries and structs were checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    message: String,
    queries: &'static [&'static str],
}

impl Difference {
    /// The difference in words: "column `public.places.note` is gone".
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The names of the queries that it affects.
    #[must_use]
    pub fn queries(&self) -> &'static [&'static str] {
        self.queries
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        f.write_str(&self.message)?;
        for (number, query) in self.queries.iter().take(SHOWN).enumerate() {
            write!(
                f,
                "{}`{query}`",
                if number == 0 { "; it touches " } else { ", " }
            )?;
        }
        match self.queries.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// All differences, as the cause of the error.
#[derive(Debug)]
struct Differences(Vec<Difference>);

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|difference| format!("\n- {difference}"));
        f.write_str(&lines.collect::<String>())
    }
}

impl std::error::Error for Differences {}

impl Error {
    /// The differences between the server's schema and the one that the code was checked against. Empty unless the
    /// error has the kind [`SchemaChanged`](ErrorKind::SchemaChanged).
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        self.downcast_ref()
            .map_or(&[], |Differences(differences)| differences)
    }
}

/// Compares tables, enums and domains with those of the server, in one query.
///
/// These are no differences: a new table, a new column that an insert can leave out, a new constraint, another default.
///
/// ```no_run
/// use howdah::verify::{self, EnumContract};
///
/// const ENUMS: &[EnumContract] = &[EnumContract {
///     schema: "public",
///     name: "mood",
///     labels: &["happy", "sad"],
///     queries: &["people::moods"],
/// }];
///
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// verify::schema(pool, &[], ENUMS, &[]).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// When the query fails, or there are differences. Then the error has the kind
/// [`SchemaChanged`](ErrorKind::SchemaChanged), and [`differences`](Error::differences) returns all of them.
pub async fn schema(
    executor: &(impl Executor + ?Sized),
    tables: &[TableContract],
    enums: &[EnumContract],
    domains: &[DomainContract],
) -> Result<(), Error> {
    let of_tables = |part: fn(&Table) -> &'static str| -> Vec<&str> {
        tables.iter().map(|contract| part(contract.table)).collect()
    };
    let of_enums =
        |part: fn(&EnumContract) -> &'static str| -> Vec<&str> { enums.iter().map(part).collect() };
    let of_domains = |part: fn(&DomainContract) -> &'static str| -> Vec<&str> {
        domains.iter().map(part).collect()
    };
    let rows = crate::query(LIVE)
        .bind(of_tables(|table| table.schema))
        .bind(of_tables(|table| table.name))
        .bind(of_enums(|contract| contract.schema))
        .bind(of_enums(|contract| contract.name))
        .bind(of_domains(|contract| contract.schema))
        .bind(of_domains(|contract| contract.name))
        .fetch_all::<LiveRow>(executor)
        .await?;
    let live = Live::of(rows);
    let mut found = Vec::new();
    for contract in tables {
        let queries = contract.queries;
        live.compare_table(contract.table, &mut |message| {
            found.push(Difference { message, queries });
        });
    }
    for contract in enums {
        let queries = contract.queries;
        live.compare_enum(contract, &mut |message| {
            found.push(Difference { message, queries });
        });
    }
    for contract in domains {
        let queries = contract.queries;
        live.compare_domain(contract, &mut |message| {
            found.push(Difference { message, queries });
        });
    }
    if found.is_empty() {
        return Ok(());
    }
    let differences = Differences(found);
    let message =
        format!("the schema is not the one that the code was checked against:{differences}");
    Err(Error::new(ErrorKind::SchemaChanged, message).telling(differences))
}
