//! Plain inserts of many rows use COPY, except for tables that COPY treats differently from INSERT.

use std::pin::pin;

use futures_util::future::join;

use crate::{
    Error, One, Table, TableName, Value, WriteRow,
    copy::copy_in,
    executor::{Handle, deadline::Deadline},
    query,
    query::{Text, collect},
    session::Session,
};

/// From this number of rows on, COPY is cheaper than a statement.
pub(super) const WORTHWHILE: usize = 500;

/// Copies the rows, and returns their number, or `None` if COPY would not do the same as INSERT.
pub(super) async fn insert<T: WriteRow + Sync>(
    handle: Handle<'_>,
    session: &Session,
    rows: &[T],
    deadline: Deadline,
) -> Result<Option<u64>, Error> {
    let table = Text::written(format!("insert into {}", TableName::from(T::TABLE)));
    let mut copy = copy_in(T::TABLE);
    let inserting = async {
        // Both questions go in one round trip.
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

/// Whether COPY does the same as INSERT: it cannot write into views or with row-level security, and ignores rules.
async fn is_possible(handle: Handle<'_>, table: &Table) -> Result<bool, Error> {
    const SQL: &str = "select relkind in ('r', 'p') and not relhasrules and not row_security_active(oid) \
                       from pg_catalog.pg_class where oid = $1::text::pg_catalog.regclass";
    let is_possible = query(SQL).bind(TableName::from(table).to_string());
    collect::<One<Value<bool>>>(is_possible.asked(handle)).await
}
