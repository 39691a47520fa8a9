//! Every form of the derives for types of the database.

use std::borrow::Cow;

use howdah::{Accepts, Decode, Encode, PgComposite, PgDomain, PgEnum};

#[derive(PgEnum)]
enum Plain {
    Happy,
    r#Self_,
}

#[derive(PgEnum)]
#[pg(name = "app.mood", rename_all = "kebab-case", crate = ::howdah)]
enum Mood<'a> {
    VeryHappy,
    #[pg(rename = "so so")]
    SoSo,
    #[pg(other)]
    Other(Cow<'a, str>),
}

#[derive(PgComposite)]
#[pg(schema = "app", name = "address.v2", rename_all = "camelCase")]
struct Address<'a> {
    street_name: &'a str,
    #[pg(rename = "no")]
    number: Option<i32>,
    r#type: Vec<Option<Plain>>,
}

#[derive(PgDomain)]
struct Email(String);

#[derive(PgDomain)]
#[pg(transparent)]
struct PlaceId {
    id: i64,
}

#[derive(PgDomain)]
#[pg(name = "note")]
struct Note<'a>(Option<&'a str>);

const fn named(accepts: &Accepts) -> (&str, &str) {
    match accepts {
        Accepts::User { schema, name }
        | Accepts::Composite { schema, name, .. }
        | Accepts::Domain { schema, name, .. } => (schema, name),
        _ => ("", ""),
    }
}

fn main() {
    assert_eq!(named(<Plain as Encode>::ACCEPTS), ("public", "plain"));
    assert_eq!(named(<Mood as Encode>::ACCEPTS), ("app", "mood"));
    assert_eq!(named(<Address as Encode>::ACCEPTS), ("app", "address.v2"));
    assert_eq!(named(<Email as Encode>::ACCEPTS), ("public", "email"));
    assert_eq!(named(<PlaceId as Encode>::ACCEPTS), ("", ""));
    assert!(<Note as Decode>::NULLABLE && !<Email as Decode>::NULLABLE);
}
