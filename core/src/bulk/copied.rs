//! When many rows are only inserted, COPY does it, unless the table is one that COPY treats otherwise than
//! INSERT does.

use std::pin::pin;

use futures_util::future::join;

use crate::{
    Error, One, Table, TableName, Value, WriteRow,
    copy::{copy_in, describe::text},
    deadline::Deadline,
    executor::Handle,
    query,
    query::collect,
    session::Session,
};

/// From how many rows on COPY takes less work than a statement.
pub(super) const WORTHWHILE: usize = 500;

/// Copies the rows, and returns their number; nothing where COPY would not do what INSERT does.
pub(super) async fn insert<T: WriteRow + Sync>(
    handle: Handle<'_>,
    session: &Session,
    rows: &[T],
    deadline: Deadline,
) -> Result<Option<u64>, Error> {
    let table = text(format!("INSERT INTO {}", TableName::from(T::TABLE)));
    let mut copy = copy_in(T::TABLE);
    let inserting = async {
        // Both are asked at once, in one round trip.
        let possible = is_possible(handle, T::TABLE);
        let (possible, fields) = join(possible, copy.fields::<T>(handle, session)).await;
        if !possible? {
            return Ok(None);
        }
        let copying = copy.encoded_into(fields?, rows.iter(), session);
        copying.await.map(Some)
    };
    deadline.bound(&table, pin!(inserting)).await
}

/// Whether COPY does what INSERT does: it cannot write into views nor past row-level security, and does not
/// know of rules.
async fn is_possible(handle: Handle<'_>, table: &Table) -> Result<bool, Error> {
    const SQL: &str = "select relkind in ('r', 'p') and not relhasrules and not row_security_active(oid) \
                       from pg_catalog.pg_class where oid = $1::text::pg_catalog.regclass";
    let is_possible = query(SQL).bind(TableName::from(table).to_string());
    collect::<One<Value<bool>>>(is_possible.asked(handle)).await
}
