use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
struct Place {
    id: i64,
    #[pg(flatten(prefix = "country_"))]
    country: Country,
}

#[derive(PgRow)]
struct Country {
    code: String,
}

const ID: ResultColumn = ResultColumn {
    query: "places::with_country",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const CODE: ResultColumn = ResultColumn {
    name: "country_code",
    ty: types::TEXT,
    nullable: true,
    reason: "`country` is on the optional side of the left join at line 2",
    ..ID
};
const _: () = howdah::check::row::<Place>(&[ID, CODE]);

fn main() {}

