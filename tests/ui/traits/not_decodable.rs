use howdah::PgRow;

struct Unreadable;

#[derive(PgRow)]
struct Place {
    id: i64,
    what: Option<Unreadable>,
}

fn main() {}

