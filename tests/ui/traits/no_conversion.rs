use howdah::PgRow;

struct Level(i32);

#[derive(PgRow)]
struct Place {
    #[pg(try_from = i32)]
    level: Level,
}

fn main() {}

