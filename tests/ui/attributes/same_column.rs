use howdah::PgRow;

#[derive(PgRow)]
struct Place {
    name: String,
    #[pg(rename = "name")]
    title: String,
}

fn main() {}

