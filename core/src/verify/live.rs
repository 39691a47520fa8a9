//! Reads the server's schema, and compares it with the one that code was checked against.

use std::collections::{HashMap, HashSet};

use super::{DomainContract, EnumContract};
use crate::sql_type::standard_name;
use crate::{Constraint, ConstraintKind, Table};

/// Columns, constraints and unique indexes, labels of enums, and domains, each as one row, and the schemas of the
/// search path. A name in `public` stands for the first one that the search path finds, like in queries, or else for
/// the one in `public`.
pub(super) const LIVE: &str = "\
with recursive path as (
    select n.oid, p.schema::text, p.rank
    from unnest(current_schemas(false)) with ordinality as p (schema, rank)
    join pg_namespace n on n.nspname = p.schema
),
places as (
    select nspname::text as schema, oid as namespace, null as rank from pg_namespace
    union all
    select 'public', oid, rank from path
),
wanted as (
    select distinct on (w.schema, w.name) c.oid, w.schema, w.name, c.relkind as kind
    from unnest($1::text[], $2::text[]) as w (schema, name)
    join places p on p.schema = w.schema
    join pg_class c on c.relnamespace = p.namespace and c.relname = w.name
    order by w.schema, w.name, p.rank
),
enums as (
    select distinct on (w.schema, w.name) t.oid, w.schema, w.name
    from unnest($3::text[], $4::text[]) as w (schema, name)
    join places p on p.schema = w.schema
    join pg_type t on t.typnamespace = p.namespace and t.typname = w.name and t.typtype = 'e'
    order by w.schema, w.name, p.rank
),
domains as (
    select distinct on (w.schema, w.name) t.oid, w.schema, w.name, t.typbasetype, t.typnotnull
    from unnest($5::text[], $6::text[]) as w (schema, name)
    join places p on p.schema = w.schema
    join pg_type t on t.typnamespace = p.namespace and t.typname = w.name and t.typtype = 'd'
    order by w.schema, w.name, p.rank
),
bases as (
    select * from domains
    union all
    select t.oid, b.schema, b.name, t.typbasetype, t.typnotnull
    from bases b
    join pg_type t on t.oid = b.typbasetype and t.typtype = 'd'
)
select 'column', w.schema, w.name, a.attname::text, s.nspname::text, t.typname::text,
    case when w.kind not in ('m', 'v') and a.attgenerated = '' then a.attnotnull end,
    a.atthasdef or a.attidentity <> ''
from wanted w
join pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
join pg_namespace s on s.oid = t.typnamespace
union all
select 'constraint', w.schema, w.name, k.conname::text, '', '', false, false
from wanted w
join pg_constraint k on k.conrelid = w.oid
union all
select 'constraint', w.schema, w.name, c.relname::text, '', '', false, false
from wanted w
join pg_index i on i.indrelid = w.oid and i.indisunique and i.indisvalid
join pg_class c on c.oid = i.indexrelid
union all
select 'label', n.schema, n.name, e.enumlabel::text, '', '', false, false
from enums n
join pg_enum e on e.enumtypid = n.oid
union all
select 'domain', b.schema, b.name, '', '', '', bool_or(b.typnotnull), false
from bases b
group by b.schema, b.name
union all
select 'constraint', b.schema, b.name, k.conname::text, '', '', false, false
from bases b
join pg_constraint k on k.contypid = b.oid
union all
select 'path', schema, '', '', '', '', false, false
from path";

pub(super) type LiveRow = (
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
    /// `None` for views, because the server does not tell it for them.
    not_null: Option<bool>,
    has_default: bool,
}

/// The server's schema. Everything is found by the schema and name of its table or type.
#[derive(Default)]
pub(super) struct Live {
    columns: HashMap<(String, String), Vec<(String, LiveColumn)>>,
    constraints: HashMap<(String, String), HashSet<String>>,
    labels: HashMap<(String, String), Vec<String>>,
    /// The domains, and whether they forbid null.
    domains: HashMap<(String, String), bool>,
    /// The schemas of the search path.
    path: HashSet<String>,
}

impl Live {
    pub(super) fn of(rows: Vec<LiveRow>) -> Self {
        let mut live = Self::default();
        for (kind, schema, owner, name, type_schema, type_name, not_null, has_default) in rows {
            if kind == "path" {
                live.path.insert(schema);
                continue;
            }
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
                "domain" => {
                    live.domains.insert(owner, not_null == Some(true));
                }
                _ => live.labels.entry(owner).or_default().push(name),
            }
        }
        live
    }

    /// Whether a column's type is the one with this name. For one in `public`, any schema of the search path will do.
    fn is_type(&self, live: &LiveColumn, schema: &str, name: &str) -> bool {
        let is_there = live.type_schema == schema
            || (schema == "public" && self.path.contains(&live.type_schema));
        is_there && live.type_name == name
    }

    pub(super) fn compare_table(&self, table: &Table, differ: &mut impl FnMut(String)) {
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
            if !self.is_type(live, column.ty.schema, column.ty.name) {
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
        // Without those of a view, which belong to the table below.
        let own = |c: &&Constraint| c.schema == schema && c.table == name;
        for constraint in table.constraints.iter().filter(own) {
            let is_there = constraints.is_some_and(|known| known.contains(constraint.name));
            if !is_there && constraint.kind != ConstraintKind::NotNull {
                let what = constraint.name;
                differ(format!("constraint `{what}` of `{schema}.{name}` is gone"));
            }
        }
    }

    pub(super) fn compare_domain(
        &self,
        contract: &DomainContract,
        differ: &mut impl FnMut(String),
    ) {
        let (schema, name) = (contract.schema, contract.name);
        let owner = (schema.to_owned(), name.to_owned());
        let Some(must_not_be_null) = self.domains.get(&owner) else {
            return differ(format!("domain `{schema}.{name}` is gone"));
        };
        let constraints = contract.constraints.iter();
        let (not_null, checks): (Vec<&Constraint>, Vec<_>) =
            constraints.partition(|c| c.kind == ConstraintKind::DomainNotNull);
        match (not_null.is_empty(), must_not_be_null) {
            (false, false) => differ(format!("domain `{schema}.{name}` may be null")),
            (true, true) => differ(format!("domain `{schema}.{name}` must not be null")),
            _ => {}
        }
        let known = self.constraints.get(&owner);
        for check in checks {
            if !known.is_some_and(|known| known.contains(check.name)) {
                let what = check.name;
                differ(format!("constraint `{what}` of `{schema}.{name}` is gone"));
            }
        }
    }

    pub(super) fn compare_enum(&self, contract: &EnumContract, differ: &mut impl FnMut(String)) {
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

/// A type's name in messages.
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
