//! Placeholders for a table, a column or a row that could not be found. They occur only in programs that do not
//! compile, and keep the compiler from reporting errors that follow from the first.

use std::marker::PhantomData;

use super::select::SelectRow;
use crate::{Column, ColumnDefault, Error, ErrorKind, Field, Row, RowType, Table, types};

/// No table.
pub const TABLE: Table = Table {
    schema: "",
    name: "",
    columns: &[],
    constraints: &[],
    primary_key: None,
    hidden: &[],
};

/// No column.
pub static COLUMN: Column = Column {
    table: "",
    name: "",
    ty: types::TEXT,
    nullable: false,
    default: ColumnDefault::None,
};

/// A row type that stands for `R`, which may be none.
pub struct RowOf<R>(PhantomData<fn() -> R>);

impl<R: Send + 'static> RowType for RowOf<R> {
    type Output = R;
    const FIELDS: &'static [Field] = &[];

    fn read(_: &mut Row<'_>) -> Result<R, Error> {
        Err(Error::new(
            ErrorKind::Mapping,
            "nothing is known of the row",
        ))
    }
}

impl<R: Send + 'static> SelectRow for RowOf<R> {
    const TABLE: &'static Table = &TABLE;
    const KEY: &'static [&'static str] = &[];
    const NAME: &'static str = "";
}
