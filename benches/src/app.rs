//! An app of any size: tables that refer to each other, and queries of varied shape over them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use howdah_codegen::source::Query;

use crate::peers::Failure;

/// A schema of this many tables, each of which refers to the one before it.
#[must_use]
pub fn schema(tables: usize) -> String {
    let mut sql = String::new();
    for n in 0..tables {
        let before = n.saturating_sub(1);
        // Writing to a String cannot fail.
        let _ = write!(
            sql,
            "create table t{n} (
    id bigint generated always as identity primary key,
    t{before}_id bigint references t{before} (id),
    code text not null unique,
    title text not null,
    note text,
    amount numeric not null default 0,
    tags text[] not null default '{{}}',
    body jsonb,
    happened_at timestamptz not null default now(),
    done boolean not null default false
);
create index on t{n} (t{before}_id);
"
        );
    }
    sql
}

/// This many queries over this many tables, with `:name` parameters.
#[must_use]
pub fn queries(count: usize, tables: usize) -> Vec<String> {
    (0..count).map(|n| query(n, n % tables)).collect()
}

fn query(n: usize, t: usize) -> String {
    let before = t.saturating_sub(1);
    match n % 10 {
        0 => format!("select * from t{t} where id = :id"),
        1 => format!("select id, title, note from t{t} where code = :code"),
        2 => format!(
            "select a.id, a.title, b.title as parent, b.note from t{t} a left join t{before} b on b.id = a.t{before}_id where a.done = :done order by a.id limit :count"
        ),
        3 => format!(
            "insert into t{t} (code, title, note, amount) values (:code, :title, :note, :amount) returning id, happened_at"
        ),
        4 => format!("update t{t} set title = :title, note = :note where id = :id returning *"),
        5 => format!("delete from t{t} where id = :id and not done"),
        6 => format!(
            "select date_trunc('day', happened_at) as day, count(*) as number, sum(amount) as total, max(note) as last from t{t} where happened_at >= :since group by 1 having count(*) > :least order by 1"
        ),
        7 => format!(
            "with recent as (select * from t{t} where happened_at > now() - interval '1 day') select r.id, coalesce(r.note, r.title) as shown, case when r.done then 'done' else 'open' end as state, (select count(*) from t{before} p where p.id = r.t{before}_id) as parents from recent r where r.code = any(:codes)"
        ),
        8 => format!(
            "select id, body ->> 'kind' as kind, tags[1] as tag, row_number() over (partition by done order by amount desc) as place from t{t} where tags && :tags"
        ),
        _ => format!(
            "select id, title from t{t} where done union all select id, note from t{t} where not done and id > :after"
        ),
    }
}

/// The queries as a `.sql` file.
#[must_use]
pub fn query_file(queries: &[String]) -> String {
    let mut sql = String::new();
    for (n, query) in queries.iter().enumerate() {
        let _ = writeln!(sql, "-- name: query_{n}\n{query};\n");
    }
    sql
}

/// The queries of a file, with `$1` for their first parameter, and so on.
///
/// # Errors
///
/// When it cannot be read, or one of its queries is not valid.
pub fn read_queries(path: &Path) -> Result<Vec<Query>, Failure> {
    let (file, errors) = howdah_codegen::source::parse("app.sql", fs::read_to_string(path)?);
    match errors.first() {
        None => Ok(file.queries),
        Some(error) => Err(error.message.clone().into()),
    }
}
