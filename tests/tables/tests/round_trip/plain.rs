//! A table beside its copies: `seed`, which holds numbered random rows, and `plain`, on which plain SQL does what the builders do
//! on the table itself.

use howdah::{Error, Pool, Table, Value};

use crate::check::Outcome;

/// A table and its copies.
pub(crate) struct Copies<'p> {
    pool: &'p Pool,
    pub(crate) real: String,
    pub(crate) seed: String,
    pub(crate) plain: String,
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
        for copy in [&seed, &plain] {
            let create =
                format!("create table {copy} (like {real} including all, howdah_n integer)");
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
