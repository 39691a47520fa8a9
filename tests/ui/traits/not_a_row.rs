use howdah::PgRow;

struct Country {
    code: String,
}

#[derive(PgRow)]
struct Place {
    #[pg(flatten)]
    country: Country,
}

fn main() {}

