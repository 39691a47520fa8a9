use howdah::PgRow;

#[derive(PgRow)]
enum Mood {
    Happy,
}

#[derive(PgRow)]
union Bits {
    float: f32,
    int: u32,
}

fn main() {}

