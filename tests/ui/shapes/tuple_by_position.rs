use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = schema::places, rename_all = "camelCase")]
struct Pair(#[pg(rename = "x")] i64, #[pg(default)] String);

fn main() {}

