use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
struct Place {
    id: i32,
}

const ID: ResultColumn = ResultColumn {
    query: "places::find_place",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const _: () = howdah::check::row::<Place>(&[ID]);

fn main() {}

