//! Everything that a struct of rows may look like.

#[path = "../schema.rs"]
mod schema;

use howdah::{PgRow, ResultColumn, types};

#[derive(PgRow)]
#[pg(table = schema::places)]
pub struct Place<'r> {
    pub id: i64,
    name: &'r str,
    // An `Option` over a column that is never null is fine.
    tags: Option<Vec<String>>,
    // As is a column that the table does not have, if it may be absent.
    #[pg(default)]
    distance: f64,
    #[pg(skip)]
    seen: bool,
}

#[derive(PgRow)]
struct Page<T, const N: usize>
where
    T: Clone,
{
    first: T,
    rest: Option<Vec<T>>,
    #[pg(skip)]
    mark: std::marker::PhantomData<[T; N]>,
}

#[derive(PgRow)]
#[pg(table = schema::places)]
struct Named<T> {
    id: i64,
    name: T,
}

#[derive(PgRow)]
struct With<'a, 'b: 'a, T: 'a> {
    id: &'a str,
    name: &'b str,
    #[pg(flatten)]
    nested: T,
    #[pg(flatten(prefix = "parent_"))]
    parent: Option<Named<&'a str>>,
}

#[derive(PgRow)]
struct Pair(i64, Option<String>);

#[derive(PgRow)]
#[pg(transparent)]
struct Count {
    count: i64,
}

#[derive(PgRow, Default)]
#[pg(default, rename_all = "camelCase", crate = ::howdah)]
struct Settings {
    r#type: String,
    max_size: i64,
    #[pg(try_from = i64)]
    min_size: Size,
    #[pg(try_from = i64)]
    other: Option<Size>,
    #[pg(json)]
    extra: Option<Vec<String>>,
}

#[derive(Default)]
struct Size(u64);

impl TryFrom<i64> for Size {
    type Error = std::num::TryFromIntError;

    fn try_from(size: i64) -> Result<Self, Self::Error> {
        size.try_into().map(Size)
    }
}

const ID: ResultColumn = ResultColumn {
    query: "places::find",
    name: "id",
    ty: types::INT8,
    nullable: false,
    reason: "",
};
const NAME: ResultColumn = ResultColumn { name: "name", ty: types::TEXT, ..ID };
const PARENT_ID: ResultColumn = ResultColumn { name: "parent_id", nullable: true, ..ID };
const PARENT_NAME: ResultColumn = ResultColumn { name: "parent_name", nullable: true, ..NAME };
const MAX_SIZE: ResultColumn = ResultColumn { name: "maxSize", ..ID };

// Columns that no field reads are fine.
const _: () = howdah::check::row::<Named<String>>(&[NAME, PARENT_ID, ID]);
// Inside of an optional struct every column may be null.
const _: () = howdah::check::row::<With<Pages>>(&[
    ResultColumn { ty: types::TEXT, ..ID },
    NAME,
    ResultColumn { name: "first", ..NAME },
    ResultColumn { name: "rest", ty: types::TEXT_ARRAY, ..NAME },
    PARENT_ID,
    PARENT_NAME,
]);
const _: () = howdah::check::row::<Pair>(&[ID, ResultColumn { nullable: true, ..NAME }]);
const _: () = howdah::check::row::<Count>(&[PARENT_ID_NOT_NULL]);
const _: () = howdah::check::row::<Settings>(&[MAX_SIZE]);

const PARENT_ID_NOT_NULL: ResultColumn = ResultColumn { nullable: false, ..PARENT_ID };

type Pages = Page<String, 3>;

fn main() {}
