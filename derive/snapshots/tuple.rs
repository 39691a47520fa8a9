#[derive(PgRow)]
struct Pair(i64, #[pg(skip)] bool, Option<String>);

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Pair {
    const FIELDS: &'static [::howdah::Field] = &[
        ::howdah::Field::column::<i64>("").named("Pair::0", "i64"),
        ::howdah::Field::column::<Option<String>>("").named("Pair::2", "Option<String>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            0: row.get::<i64>()?,
            1: <bool as ::core::default::Default>::default(),
            2: row.get::<Option<String>>()?,
        })
    }
}
