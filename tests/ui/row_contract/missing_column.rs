use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
struct Place {
    id: i64,
    note: Option<String>,
}

const ID: ResultColumn = ResultColumn {
    query: "places::find_place",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const _: () = howdah::check::row::<Place>(&[ID, ResultColumn { name: "notes", ..ID }]);

fn main() {}

