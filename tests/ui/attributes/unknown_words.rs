use howdah::PgRow;

#[derive(PgRow)]
#[pg(rename_al = "camelCase", tabel = schema::places, primary_key)]
struct Place {
    #[pg(renam = "x")]
    id: i64,
    #[pg(column = "y")]
    name: String,
    #[pg(flatten(prefx = "a_"))]
    nested: String,
}

fn main() {}

