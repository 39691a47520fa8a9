//! When many rows are only inserted, COPY does it, unless the table is one that COPY treats otherwise than
//! INSERT does.

use crate::{
    Cardinality, Error, One, Param, Table, TableName, Value, WriteRow,
    copy::{copy_in, describe::text},
    deadline::Deadline,
    executor::Handle,
    query::{Call, SqlSource, Text},
    session::Session,
};

/// From how many rows on COPY takes less work than a statement.
pub(super) const WORTHWHILE: usize = 500;

/// Whether COPY does what INSERT does: it cannot write into views nor past row-level security, and does not
/// know of rules.
pub(super) async fn is_possible(handle: Handle<'_>, table: &Table) -> Result<bool, Error> {
    const SQL: &str = "select relkind in ('r', 'p') and not relhasrules and not row_security_active(oid) \
                       from pg_catalog.pg_class where oid = $1::text::pg_catalog.regclass";
    let call = Call {
        handle,
        text: &Text::unnamed(SqlSource::Static(SQL)),
        params: &[Param::new(TableName::from(table).to_string())],
    };
    One::<Value<bool>>::collect(call).await
}

pub(super) async fn insert<T: WriteRow + Sync>(
    session: &Session,
    rows: &[T],
    deadline: Deadline,
) -> Result<u64, Error> {
    let table = text(format!("INSERT INTO {}", TableName::from(T::TABLE)));
    let copying = copy_in(T::TABLE).rows_into(rows.iter(), session);
    deadline.bound(&table, copying).await
}
