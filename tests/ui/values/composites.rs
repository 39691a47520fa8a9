//! What is no composite type.

use howdah::PgComposite;

#[derive(PgComposite)]
enum NotAStruct {
    A,
}

#[derive(PgComposite)]
struct Tuple(i32, i32);

#[derive(PgComposite)]
struct Unit;

#[derive(PgComposite)]
struct Twice {
    street: String,
    #[pg(rename = "street")]
    road: String,
}

#[derive(PgComposite)]
struct Generic<'a, 'b, T, const N: usize> {
    a: &'a str,
    b: &'b str,
    t: [T; N],
}

struct Opaque;

#[derive(PgComposite)]
struct NotDecodable {
    inner: Opaque,
}

fn main() {}
