use howdah::PgRow;

#[derive(PgRow)]
struct Place {
    #[pg(flatten, rename = "x")]
    a: i64,
    #[pg(skip, json)]
    b: i64,
    #[pg(json, try_from = i32)]
    c: i64,
    #[pg(flatten, default)]
    d: i64,
    #[pg(flatten, json)]
    e: i64,
    #[pg(skip, default)]
    f: i64,
}

fn main() {}

