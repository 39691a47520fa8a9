//! What the server has of the schema that code was checked against, and how that differs.

use std::collections::{HashMap, HashSet};

use super::{DomainContract, EnumContract};
use crate::sql_type::standard_name;
use crate::{Constraint, ConstraintKind, Table};

/// Columns, constraints and unique indexes, labels of enums, and domains, each as one row. What is in `public` is what the
/// search path finds, as in queries; if that is in another schema, so are the types of its columns there.
pub(super) const LIVE: &str = "\
with recursive wanted as (
    select c.oid, w.schema, w.name, c.relkind as kind, c.relnamespace as namespace
    from unnest($1::text[], $2::text[]) as w (schema, name)
    join pg_class c on c.oid = to_regclass(
        case w.schema when 'public' then '' else quote_ident(w.schema) || '.' end || quote_ident(w.name))
),
bases as (
    select w.schema, w.name, t.oid, t.typbasetype, t.typnotnull
    from unnest($5::text[], $6::text[]) as w (schema, name)
    join pg_type t on t.typtype = 'd' and t.oid = to_regtype(
        case w.schema when 'public' then '' else quote_ident(w.schema) || '.' end || quote_ident(w.name))
    union all
    select b.schema, b.name, t.oid, t.typbasetype, t.typnotnull
    from bases b
    join pg_type t on t.oid = b.typbasetype and t.typtype = 'd'
)
select 'column', w.schema, w.name, a.attname::text,
    case when w.schema = 'public' and s.oid = w.namespace then w.schema else s.nspname::text end, t.typname::text,
    case when w.kind not in ('m', 'v') then a.attnotnull end,
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
select 'label', w.schema, w.name, e.enumlabel::text, '', '', false, false
from unnest($3::text[], $4::text[]) as w (schema, name)
join pg_enum e on e.enumtypid = to_regtype(
    case w.schema when 'public' then '' else quote_ident(w.schema) || '.' end || quote_ident(w.name))
union all
select 'domain', b.schema, b.name, '', '', '', bool_or(b.typnotnull), false
from bases b
group by b.schema, b.name
union all
select 'constraint', b.schema, b.name, k.conname::text, '', '', false, false
from bases b
join pg_constraint k on k.contypid = b.oid";

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
    /// Not of views, of which the server does not say it.
    not_null: Option<bool>,
    has_default: bool,
}

/// What the server has, by the schema and name of its owner.
#[derive(Default)]
pub(super) struct Live {
    columns: HashMap<(String, String), Vec<(String, LiveColumn)>>,
    constraints: HashMap<(String, String), HashSet<String>>,
    labels: HashMap<(String, String), Vec<String>>,
    /// Whether they must not be null.
    domains: HashMap<(String, String), bool>,
}

impl Live {
    pub(super) fn of(rows: Vec<LiveRow>) -> Self {
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
                "domain" => {
                    live.domains.insert(owner, not_null == Some(true));
                }
                _ => live.labels.entry(owner).or_default().push(name),
            }
        }
        live
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
