//! A table beside its copies: `seed`, which holds numbered random rows, and `plain`, on which plain SQL does what the builders do
//! on the table itself.

use howdah::{ColumnDefault, Error, Pool, Table, Value};

use crate::check::Outcome;

/// A table and its copies.
pub(crate) struct Copies<'p> {
    pool: &'p Pool,
    pub(crate) real: String,
    pub(crate) seed: String,
    pub(crate) plain: String,
    pub(crate) is_view: bool,
}

/// A list of quoted names, each with what stands before it.
pub(crate) fn list<'n>(before: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names
        .into_iter()
        .map(|name| format!("{before}{}", quoted(name)));
    names.collect::<Vec<_>>().join(", ")
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What `like` leaves out when it copies a view: that columns are not null, and the identity.
fn promises(copy: &str, table: &Table) -> String {
    let columns = table.columns.iter().filter(|column| !column.nullable);
    let promises = columns.map(|column| {
        let alter = format!("alter table {copy} alter {}", quoted(column.name));
        match column.default {
            ColumnDefault::IdentityAlways => {
                format!("{alter} set not null; {alter} add generated always as identity;")
            }
            _ => format!("{alter} set not null;"),
        }
    });
    promises.collect()
}

/// Whether the server says that a type has no such operator.
pub(crate) fn lacks_operator(error: &Error) -> bool {
    error.sqlstate() == Some("42883")
}

impl<'p> Copies<'p> {
    /// Makes the copies, and fills `seed`.
    pub(crate) async fn of(pool: &'p Pool, table: &Table) -> Outcome<Self> {
        let real = format!("{}.{}", quoted(table.schema), quoted(table.name));
        let name = quoted(
            &format!("{}.{}", table.schema, table.name)
                .chars()
                .take(50)
                .collect::<String>(),
        );
        let (seed, plain) = (format!("seed.{name}"), format!("plain.{name}"));
        let kind = "select relkind = 'v' from pg_class where oid = $1::text::regclass";
        let kind = howdah::query(kind).bind(&real);
        let is_view: bool = kind
            .fetch_one::<Value<_>>(pool)
            .await
            .map_err(|e| format!("{e}"))?;
        for copy in [&seed, &plain] {
            let create =
                format!("create table {copy} (like {real} including all, howdah_n integer)");
            let create = match is_view {
                true => format!("{create}; {}", promises(copy, table)),
                false => create,
            };
            pool.batch_execute(&create)
                .await
                .map_err(|e| format!("{e}"))?;
        }
        let fill =
            "select filled, refused from seed.fill($1::text::regclass, $2::text::regclass, 40)";
        let fill = howdah::query(fill).bind(&real).bind(&seed);
        let (rows, refused) = fill
            .fetch_one::<(i32, Option<String>)>(pool)
            .await
            .map_err(|e| format!("{e}"))?;
        let rows = usize::try_from(rows).unwrap_or_default();
        if rows < 4 {
            return Err(format!("no more than {rows} random rows: {refused:?}"));
        }
        Ok(Self {
            pool,
            real,
            seed,
            plain,
            is_view,
        })
    }

    /// Does something on `plain`, in plain SQL.
    pub(crate) async fn run(&self, sql: String) -> Outcome<()> {
        self.pool
            .batch_execute(&sql)
            .await
            .map_err(|error| format!("{sql}: {error}"))
    }

    /// Compares these expressions over the table with those of `plain`.
    pub(crate) async fn compare(&self, step: &str, columns: &str) -> Outcome<()> {
        let (real, plain) = (&self.real, &self.plain);
        let of = |table: &str| format!("select row({columns})::text from {table}");
        let (of_real, of_plain) = (of(real), of(plain));
        let sql = format!(
            "select * from ((select 'only in the table: ' || r from ({of_real} except all {of_plain}) t (r)) \
             union all (select 'only in plain SQL''s: ' || r from ({of_plain} except all {of_real}) t (r))) d"
        );
        let different = howdah::query(sql)
            .fetch_all::<Value<String>>(self.pool)
            .await;
        let different = different.map_err(|error| format!("{step}: {error}"))?;
        match different.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "{step}: {} rows differ\n    {}",
                different.len(),
                different.join("\n    ")
            )),
        }
    }

    /// How many rows of the table hold a value, by this operator, that stands in the seed's row; `None` where the type has no
    /// such operator.
    pub(crate) async fn count(
        &self,
        column: &str,
        operator: &str,
        row: usize,
    ) -> Outcome<Option<i64>> {
        let column = quoted(column);
        let (real, seed) = (&self.real, &self.seed);
        let sql = format!(
            "select count(*) from {real} where {column} {operator} (select {column} from {seed} where howdah_n = {row})"
        );
        let counted = howdah::query(sql).fetch_one::<Value<i64>>(self.pool).await;
        match counted {
            Err(error) if lacks_operator(&error) => Ok(None),
            counted => counted.map(Some).map_err(|error| format!("{error}")),
        }
    }
}
