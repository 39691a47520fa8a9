use howdah::PgRow;

#[derive(PgRow)]
#[pg(rename_all = "camelCase")]
#[pg(rename_all = "snake_case")]
struct Place {
    #[pg(rename = "a", rename = "b")]
    id: i64,
}

fn main() {}

