use howdah::PgRow;

struct Country {
    code: String,
}

#[derive(PgRow)]
struct Place {
    #[pg(flatten)]
    country: Country,
    #[pg(flatten(prefix = "other_"))]
    other: Option<Country>,
}

fn main() {}
