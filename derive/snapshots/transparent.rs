#[derive(PgRow)]
#[pg(transparent)]
struct Count {
    rows: i64,
}

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Count {
    const FIELDS: &'static [::howdah::Field] = &[
        <i64 as ::howdah::Decode<'_>>::FIELD.of_column("", "Count::rows", "i64"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            rows: <i64 as ::howdah::Decode<'_>>::get(row)?,
        })
    }
}
