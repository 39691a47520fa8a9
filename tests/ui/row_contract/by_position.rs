use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
struct Pair(i64, String);

const ID: ResultColumn = ResultColumn {
    query: "places::pairs",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const _: () = howdah::check::row::<Pair>(&[ID]);
const _: () = howdah::check::row::<Pair>(&[ID, ResultColumn { name: "n", ..ID }]);
const _: () = howdah::check::row::<Pair>(&[]);

fn main() {}

