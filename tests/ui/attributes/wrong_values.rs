use howdah::PgRow;

#[derive(PgRow)]
#[pg(table = "places", rename_all = "camelcase", crate = "howdah", default = 1)]
struct Place {
    #[pg(rename)]
    id: i64,
    #[pg(rename = "")]
    empty: i64,
    #[pg(rename = "a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name_at_all")]
    long: i64,
    a_field_that_is_much_longer_than_what_postgresql_keeps_of_any_name_at_all: i64,
    #[pg(try_from = "i32")]
    level: i64,
    #[pg(try_from)]
    depth: i64,
    #[pg(skip = true)]
    skipped: i64,
    #[pg(flatten = "a_")]
    nested: i64,
    #[pg]
    bare: i64,
}

fn main() {}

