#[derive(PgRow)]
struct Place {
    #[pg(flatten)]
    audit: Audit,
    #[pg(flatten(prefix = "country_"))]
    country: Option<Country>,
}

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Place {
    const FIELDS: &'static [::howdah::Field] = &[
        ::howdah::Field::of_row("", <Audit as ::howdah::PgRow<'_>>::FIELDS, false),
        ::howdah::Field::of_row(
            "country_",
            <Country as ::howdah::PgRow<'_>>::FIELDS,
            true,
        ),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            audit: <Audit as ::howdah::PgRow<'_>>::from_row(row)?,
            country: if row.skip_null(<Country as ::howdah::PgRow<'_>>::COLUMNS) {
                ::core::option::Option::None
            } else {
                ::core::option::Option::Some(
                    <Country as ::howdah::PgRow<'_>>::from_row(row)?,
                )
            },
        })
    }
}
