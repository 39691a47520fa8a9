//! The gate at start-up: compares the schema that generated code was checked against with the one that the server has.
//!
//! The generated `verify` calls it. Code that is older than a migration, or newer, is then found before it serves anybody,
//! with the name of each difference and of the queries that it touches.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::sql_type::standard_name;
use crate::{Constraint, ConstraintKind, Error, ErrorKind, Executor, Table};

/// A table that queries or structs were checked against.
#[derive(Clone, Copy, Debug)]
pub struct TableContract {
    /// The table as it was.
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
    /// Its labels as they were.
    pub labels: &'static [&'static str],
    /// The names of the queries that take or return it.
    pub queries: &'static [&'static str],
}

/// Something in the schema that is not what queries and structs were checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    message: String,
    queries: &'static [&'static str],
}

impl Difference {
    /// What is different: "column `public.places.note` is gone".
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The names of the queries that it touches.
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

/// All that is different; the source of the error.
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
    /// How the server's schema differs from the one that the code was checked against: for an error of the kind
    /// [`SchemaChanged`](ErrorKind::SchemaChanged), else nothing.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        let source = std::error::Error::source(self);
        let differences = source.and_then(|source| source.downcast_ref::<Differences>());
        differences.map_or(&[], |differences| &differences.0)
    }
}

/// Columns, constraints and unique indexes, and labels of enums, each as one row.
const LIVE: &str = "\
with wanted as (
    select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind
    from unnest($1::text[], $2::text[]) as w (schema, name)
    join pg_namespace n on n.nspname = w.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = w.name
)
select 'column', w.schema::text, w.name::text, a.attname::text, s.nspname::text, t.typname::text,
    case when w.kind not in ('m', 'v') then a.attnotnull end,
    a.atthasdef or a.attidentity <> ''
from wanted w
join pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
join pg_namespace s on s.oid = t.typnamespace
union all
select 'constraint', w.schema::text, w.name::text, k.conname::text, '', '', false, false
from wanted w
join pg_constraint k on k.conrelid = w.oid
union all
select 'constraint', w.schema::text, w.name::text, c.relname::text, '', '', false, false
from wanted w
join pg_index i on i.indrelid = w.oid and i.indisunique and i.indisvalid
join pg_class c on c.oid = i.indexrelid
union all
select 'label', n.nspname::text, t.typname::text, e.enumlabel::text, '', '', false, false
from unnest($3::text[], $4::text[]) as w (schema, name)
join pg_namespace n on n.nspname = w.schema
join pg_type t on t.typnamespace = n.oid and t.typname = w.name
join pg_enum e on e.enumtypid = t.oid";

type LiveRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<bool>,
    bool,
);

struct LiveColumn {
    type_schema: String,
    type_name: String,
    /// Not of views, of which the server does not say it.
    not_null: Option<bool>,
    has_default: bool,
}

/// What the server has, by the schema and name of its owner.
#[derive(Default)]
struct Live {
    columns: HashMap<(String, String), Vec<(String, LiveColumn)>>,
    constraints: HashMap<(String, String), HashSet<String>>,
    labels: HashMap<(String, String), Vec<String>>,
}

impl Live {
    fn of(rows: Vec<LiveRow>) -> Self {
        let mut live = Self::default();
        for (kind, schema, owner, name, type_schema, type_name, not_null, has_default) in rows {
            let owner = (schema, owner);
            match kind.as_str() {
                "column" => {
                    let column = LiveColumn {
                        type_schema,
                        type_name,
                        not_null,
                        has_default,
                    };
                    live.columns.entry(owner).or_default().push((name, column));
                }
                "constraint" => {
                    live.constraints.entry(owner).or_default().insert(name);
                }
                _ => live.labels.entry(owner).or_default().push(name),
            }
        }
        live
    }

    fn compare_table(&self, table: &Table, differ: &mut impl FnMut(String)) {
        let (schema, name) = (table.schema, table.name);
        let owner = (schema.to_owned(), name.to_owned());
        let Some(columns) = self.columns.get(&owner) else {
            return differ(format!("table `{schema}.{name}` is gone"));
        };
        for column in table.columns {
            let shown = format!("column `{schema}.{name}.{}`", column.name);
            let Some((_, live)) = columns.iter().find(|(name, _)| name == column.name) else {
                differ(format!("{shown} is gone"));
                continue;
            };
            if live.type_schema != column.ty.schema || live.type_name != column.ty.name {
                let was = shown_type(column.ty.schema, column.ty.name);
                let is = shown_type(&live.type_schema, &live.type_name);
                differ(format!("{shown} is of type `{is}`, it was `{was}`"));
            }
            match (column.nullable, live.not_null) {
                (false, Some(false)) => differ(format!("{shown} may be null")),
                (true, Some(true)) => differ(format!("{shown} must not be null")),
                _ => {}
            }
        }
        for (column, live) in columns {
            if live.not_null == Some(true) && !live.has_default && table.column(column).is_none() {
                let shown = format!("column `{schema}.{name}.{column}`");
                differ(format!(
                    "{shown} is new, must not be null and has no default"
                ));
            }
        }
        let constraints = self.constraints.get(&owner);
        // Those of a view are those of the table below.
        let own = |c: &&Constraint| c.schema == schema && c.table == name;
        for constraint in table.constraints.iter().filter(own) {
            let is_there = constraints.is_some_and(|known| known.contains(constraint.name));
            if !is_there && constraint.kind != ConstraintKind::NotNull {
                let what = constraint.name;
                differ(format!("constraint `{what}` of `{schema}.{name}` is gone"));
            }
        }
    }

    fn compare_enum(&self, contract: &EnumContract, differ: &mut impl FnMut(String)) {
        let (schema, name) = (contract.schema, contract.name);
        let owner = (schema.to_owned(), name.to_owned());
        let Some(labels) = self.labels.get(&owner) else {
            return differ(format!("enum `{schema}.{name}` is gone"));
        };
        for label in contract.labels {
            if !labels.iter().any(|known| known == label) {
                differ(format!("label `{label}` of enum `{schema}.{name}` is gone"));
            }
        }
        for label in labels {
            if !contract.labels.contains(&label.as_str()) {
                differ(format!("label `{label}` of enum `{schema}.{name}` is new"));
            }
        }
    }
}

/// A type's name for people.
fn shown_type(schema: &str, name: &str) -> String {
    let (name, array) = match name.strip_prefix('_') {
        Some(element) => (element, "[]"),
        None => (name, ""),
    };
    match schema {
        "pg_catalog" => format!("{}{array}", standard_name(name)),
        _ => format!("{schema}.{name}{array}"),
    }
}

/// Compares tables and enums with what the server has, in one query.
///
/// Not a difference: a new table, a new column that an insert can leave out, a new constraint, another default.
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
/// verify::schema(pool, &[], ENUMS).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// When the query fails; and of the kind [`SchemaChanged`](ErrorKind::SchemaChanged) with all
/// [`differences`](Error::differences), if there are any.
pub async fn schema(
    executor: &(impl Executor + Sync + ?Sized),
    tables: &[TableContract],
    enums: &[EnumContract],
) -> Result<(), Error> {
    let of_tables = |part: fn(&Table) -> &'static str| -> Vec<&str> {
        tables.iter().map(|contract| part(contract.table)).collect()
    };
    let of_enums =
        |part: fn(&EnumContract) -> &'static str| -> Vec<&str> { enums.iter().map(part).collect() };
    let rows = crate::query(LIVE)
        .bind(of_tables(|table| table.schema))
        .bind(of_tables(|table| table.name))
        .bind(of_enums(|contract| contract.schema))
        .bind(of_enums(|contract| contract.name))
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
    if found.is_empty() {
        return Ok(());
    }
    let differences = Differences(found);
    let message =
        format!("the schema is not the one that the code was checked against:{differences}");
    Err(Error::new(ErrorKind::SchemaChanged, message).caused_by(differences))
}
