//! What is no domain.

use howdah::PgDomain;

#[derive(PgDomain)]
enum NotAStruct {
    A,
}

#[derive(PgDomain)]
struct Nothing;

#[derive(PgDomain)]
struct Two(i32, i32);

#[derive(PgDomain)]
struct Settings(#[pg(rename = "value")] i32);

#[derive(PgDomain)]
#[pg(transparent, name = "email")]
struct Both(String);

#[derive(PgDomain)]
#[pg(schema = "app", transparent)]
struct OfASchema(String);

#[derive(PgDomain)]
union Union {
    a: i32,
}

fn main() {}
