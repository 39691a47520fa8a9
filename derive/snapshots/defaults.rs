#[derive(PgRow)]
#[pg(default)]
struct Settings {
    page_size: i64,
    #[pg(default)]
    theme: Option<String>,
    #[pg(json)]
    extra: Extra,
}

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Settings {
    const FIELDS: &'static [::howdah::Field] = &[
        <i64 as ::howdah::Decode<'_>>::FIELD
            .of_column("page_size", "Settings::page_size", "i64")
            .or_default(),
        <Option<String> as ::howdah::Decode<'_>>::FIELD
            .of_column("theme", "Settings::theme", "Option<String>")
            .or_default(),
        <::howdah::Json<Extra> as ::howdah::Decode<'_>>::FIELD
            .of_column("extra", "Settings::extra", "Extra")
            .through("json")
            .or_default(),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            page_size: if row.skip_absent() {
                <Self as ::core::default::Default>::default().page_size
            } else {
                <i64 as ::howdah::Decode<'_>>::get(row)?
            },
            theme: if row.skip_absent() {
                <Option<String> as ::core::default::Default>::default()
            } else {
                <Option<String> as ::howdah::Decode<'_>>::get(row)?
            },
            extra: if row.skip_absent() {
                <Self as ::core::default::Default>::default().extra
            } else {
                <::howdah::Json<Extra> as ::howdah::Decode<'_>>::get(row)?.0
            },
        })
    }
}
