use howdah::PgRow;

#[derive(PgRow)]
struct Unit;

#[derive(PgRow)]
struct Empty {}

fn main() {}

