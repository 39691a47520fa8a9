//! The columns of a COPY that names none: all except generated ones, like in PostgreSQL's own COPY of a table, so that
//! the output can be copied in again.

use super::{CopyIn, CopyOut, output::Source};
use crate::{Error, Many, TableName, Value, executor::Handle, query, query::collect};

/// The columns that are not generated, if the table has generated ones. Empty for any other table.
async fn stored(handle: Handle<'_>, table: &TableName) -> Result<Vec<String>, Error> {
    const SQL: &str = "select attname::text from pg_catalog.pg_attribute a \
                       where attrelid = pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped \
                       and attgenerated = '' and exists (select from pg_catalog.pg_attribute g \
                       where g.attrelid = a.attrelid and not g.attisdropped and g.attgenerated <> '') \
                       order by attnum";
    let stored = query(SQL).bind(table.to_string());
    collect::<Many<Value<String>>>(stored.asked(handle)).await
}

impl CopyOut<'_> {
    /// Names the columns of a table, unless the caller named them.
    pub(super) async fn name_columns(&mut self, handle: Handle<'_>) -> Result<(), Error> {
        if let Source::Table { name, columns } = &mut self.source
            && columns.is_empty()
        {
            *columns = stored(handle, name).await?;
        }
        Ok(())
    }
}

impl CopyIn<'_> {
    /// Names the columns, unless the caller named them.
    pub(super) async fn name_columns(&mut self, handle: Handle<'_>) -> Result<(), Error> {
        if self.columns.is_empty() {
            self.columns = stored(handle, &self.table).await?;
        }
        Ok(())
    }
}
