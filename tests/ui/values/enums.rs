//! What is no enum of labels.

use howdah::PgEnum;

#[derive(PgEnum)]
struct NotAnEnum {
    label: String,
}

#[derive(PgEnum)]
enum Empty {}

#[derive(PgEnum)]
enum Filled {
    Happy,
    Sad(u8),
    Bored { since: u8 },
}

#[derive(PgEnum)]
enum Generic<T> {
    Happy,
    #[pg(other)]
    Other(T),
}

#[derive(PgEnum)]
enum Others {
    #[pg(other)]
    Nothing,
    #[pg(other)]
    Two(String, String),
    #[pg(other, rename = "more")]
    More(String),
}

#[derive(PgEnum)]
#[pg(rename_all = "lowercase")]
enum Twice {
    Happy,
    HAPPY,
    #[pg(rename = "happy")]
    Sad,
}

fn main() {}
