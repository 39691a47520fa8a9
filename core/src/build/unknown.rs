//! What stands for a table, or for a column of one, of which nothing is known: in programs that do not compile, since
//! the right one could not be found.

use crate::{Column, ColumnDefault, Table, types};

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
