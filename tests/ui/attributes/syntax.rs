use howdah::PgRow;

#[derive(PgRow)]
#[pg(default strict)]
struct Place {
    #[pg(rename = "a" "b")]
    id: i64,
    #[pg(try_from = 5)]
    level: i64,
    #[pg(flatten(prefix = "a_", suffix = "_a"))]
    nested: i64,
}

fn main() {}
