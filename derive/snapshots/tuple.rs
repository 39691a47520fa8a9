#[derive(PgRow)]
struct Pair(i64, #[pg(skip)] bool, Option<String>);

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Pair {
    const FIELDS: &'static [::howdah::Field] = &[
        <i64 as ::howdah::Decode<'_>>::FIELD.of_column("", "Pair::0", "i64"),
        <Option<String> as ::howdah::Decode<'_>>::FIELD
            .of_column("", "Pair::2", "Option<String>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            0: <i64 as ::howdah::Decode<'_>>::get(row)?,
            1: <bool as ::core::default::Default>::default(),
            2: <Option<String> as ::howdah::Decode<'_>>::get(row)?,
        })
    }
}
