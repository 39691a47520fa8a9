use howdah::PgRow;

struct Mark;

#[derive(PgRow)]
struct Place {
    id: i64,
    #[pg(skip)]
    mark: Mark,
}

fn main() {}

