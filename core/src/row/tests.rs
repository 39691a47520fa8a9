//! Valid and malformed rows.

use postgres_types::Type;

use super::{mismatch::Advice, *};

#[derive(Debug, PartialEq)]
struct Pair(i16, Option<i16>);

impl<'r> PgRow<'r> for Pair {
    const FIELDS: &'static [Field] =
        &[Field::column::<i16>("a"), Field::column::<Option<i16>>("b")];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        Ok(Self(row.get()?, row.get()?))
    }
}

fn read<'r, R: PgRow<'r>>(row: &'r [u8], plan: &'r Plan) -> Result<R, ErrorKind> {
    let read = Row::new(row, plan).and_then(|mut row| R::from_row(&mut row));
    read.map_err(|error| error.kind())
}

#[test]
fn values_are_read_wherever_their_columns_are() {
    let row = [0, 2, 0, 0, 0, 2, 0, 7, 255, 255, 255, 255];
    let there = Plan::new(
        Pair::FIELDS,
        &[("a", &Type::INT2), ("b", &Type::INT2)],
        Advice::Types,
    )
    .unwrap();
    assert_eq!(read(&row, &there), Ok(Pair(7, None)));
    let row = [0, 3, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 2, 0, 7];
    let columns = [("b", &Type::INT2), ("x", &Type::TEXT), ("a", &Type::INT2)];
    let back = Plan::new(Pair::FIELDS, &columns, Advice::Types).unwrap();
    assert_eq!(read(&row, &back), Ok(Pair(7, None)));
}

#[test]
fn a_row_that_is_malformed_is_an_error_and_never_null() {
    let columns = [("a", &Type::INT2), ("b", &Type::INT2)];
    let plan = Plan::new(Pair::FIELDS, &columns, Advice::Types).unwrap();
    let whole = [0, 2, 0, 0, 0, 2, 0, 7, 0, 0, 0, 2, 0, 8];
    assert_eq!(read(&whole, &plan), Ok(Pair(7, Some(8))));
    for end in 0..whole.len() {
        assert_eq!(
            read::<Pair>(&whole[..end], &plan),
            Err(ErrorKind::Decode),
            "{end}"
        );
    }
    for count in [0, 1, 3, 255] {
        let row = [&[0, count], &whole[2..]].concat();
        assert_eq!(read::<Pair>(&row, &plan), Err(ErrorKind::Decode), "{count}");
    }
    let mut cut = Row::new(&whole[..10], &plan).unwrap();
    assert_eq!(cut.get::<i16>().unwrap(), 7);
    assert!(!cut.skip_null(1));
}
