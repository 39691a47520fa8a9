use howdah::PgRow;

#[derive(PgRow)]
#[pg(transparent)]
struct Two {
    a: i64,
    b: i64,
}

#[derive(PgRow)]
#[pg(transparent)]
struct Id {
    #[pg(rename = "x")]
    id: i64,
}

fn main() {}

