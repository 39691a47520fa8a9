use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
struct Place {
    id: i64,
}

const ID: ResultColumn = ResultColumn {
    query: "places::joined",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const _: () = howdah::check::row::<Place>(&[ID, ID]);

fn main() {}

