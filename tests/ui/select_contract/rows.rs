#[path = "../schema.rs"]
mod schema;

use howdah::{Error, Field, PgRow, PgSelect, Row};

// Written by hand: the columns are compared with the table as well.
#[derive(PgSelect)]
#[pg(table = schema::places)]
struct Unknown {
    id: i64,
    title: String,
}

impl<'r> PgRow<'r> for Unknown {
    const FIELDS: &'static [Field] = &[Field::column::<i64>("id"), Field::column::<String>("nmae")];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        Ok(Self { id: row.get()?, title: row.get()? })
    }
}

#[derive(PgSelect)]
#[pg(table = schema::places)]
struct Nullable {
    note: String,
}

impl<'r> PgRow<'r> for Nullable {
    const FIELDS: &'static [Field] = &[Field::column::<String>("note")];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        Ok(Self { note: row.get()? })
    }
}

#[derive(PgSelect)]
#[pg(table = schema::places)]
struct ByPlace {
    name: String,
}

impl<'r> PgRow<'r> for ByPlace {
    const FIELDS: &'static [Field] = &[Field::column::<String>("")];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        Ok(Self { name: row.get()? })
    }
}

// So are those of nested structs, of which the table is not known where they stand.
#[derive(PgRow)]
struct Label {
    name: String,
    colour: String,
}

#[derive(PgRow)]
struct Remark {
    note: String,
    #[pg(default)]
    author: String,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Nested {
    id: i64,
    #[pg(flatten)]
    label: Label,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Prefixed {
    #[pg(flatten(prefix = "place_"))]
    remark: Option<Remark>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct NullableNested {
    #[pg(flatten)]
    remark: Remark,
}

// All of its columns can be null, and then so is the struct.
#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Fine {
    #[pg(flatten)]
    remark: Option<Remark>,
}

// A mistake that is said at its field is not said again.
#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Derived {
    naem: String,
}

#[derive(PgSelect)]
#[pg(table = schema::places)]
struct NoRow {
    name: String,
}

fn main() {}
