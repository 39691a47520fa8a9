//! The queries about `pg_catalog`, their rows, and the conversion to catalog data.
//!
//! There is one query with flat rows for each system table. This is several times cheaper for the server than nested
//! JSON, and takes one round trip in all.

mod callables;
mod constraints;
mod relations;
mod types;

pub(super) use callables::{Function, Operator};
pub(super) use constraints::{Constraint, UniqueIndex, attach};
pub(super) use relations::{Child, Column, Relation, StoredQuery, Trigger, by_relation, relations};
pub(super) use types::{DomainCheck, Label, Type, type_names, types};

use std::collections::{BTreeSet, HashMap};

use super::QualifiedName;
use crate::describe::{Cells, Rows, Unreadable};

pub(super) type TypeNames = HashMap<u32, QualifiedName>;

/// The name of a type; every OID that the catalog refers to is in it.
pub(super) fn type_name(names: &TypeNames, oid: u32) -> QualifiedName {
    names
        .get(&oid)
        .cloned()
        .unwrap_or_else(|| QualifiedName::builtin("unknown"))
}

/// A row of a query about the catalog.
pub(super) trait Fact: Sized {
    /// The query. `{WHICH}` in it stands for a condition about the `pg_class` that is called `c`, `{OIDS}` for an
    /// array of OIDs.
    const SQL: &'static str;

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable>;
}

/// All rows of a query.
pub(super) fn read<T: Fact>(rows: &Rows) -> Result<Vec<T>, Unreadable> {
    rows.iter().map(|mut cells| T::read(&mut cells)).collect()
}

/// The condition for the user's relations.
pub(super) const OF_THE_USER: &str = "c.relnamespace <> all (array(
    select oid from pg_namespace where nspname ~ '^pg_(catalog|toast|temp_)|^information_schema$'
))";

/// The condition for the relations with these OIDs.
pub(super) fn with_oids(oids: &BTreeSet<u32>) -> String {
    format!("c.oid = any ('{}')", array(oids))
}

/// OIDs as an array in its text form.
pub(super) fn array(oids: &BTreeSet<u32>) -> String {
    let oids: Vec<_> = oids.iter().map(u32::to_string).collect();
    format!("{{{}}}", oids.join(","))
}

/// Properties of the session.
pub(super) struct Meta {
    pub(super) version: u32,
    pub(super) search_path: Vec<String>,
    pub(super) may_hide_built_in: bool,
}

impl Fact for Meta {
    const SQL: &'static str = include_str!("session.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            version: cells.number()?,
            search_path: cells.json()?,
            may_hide_built_in: cells.flag()?,
        })
    }
}

/// The name of a function.
pub(super) struct Callable(pub(super) QualifiedName);

impl Fact for Callable {
    const SQL: &'static str = include_str!("function_names.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self(QualifiedName::new(cells.text()?, cells.text()?)))
    }
}

/// A collation's OID.
pub(super) struct Collation(pub(super) u32);

impl Fact for Collation {
    const SQL: &'static str = include_str!("collations.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self(cells.number()?))
    }
}

/// The OIDs of a type and of the one that a user-defined function casts it to.
pub(super) struct Cast(pub(super) u32, pub(super) u32);

impl Fact for Cast {
    const SQL: &'static str = include_str!("casts.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self(cells.number()?, cells.number()?))
    }
}
