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
        ::howdah::Field::nested::<Audit>(""),
        ::howdah::Field::optional::<Country>("country_"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            audit: row.nested::<Audit>()?,
            country: row.nested_optional::<Country>()?,
        })
    }
}
