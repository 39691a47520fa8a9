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
        ::howdah::Field::column::<i64>("page_size")
            .named("Settings::page_size", "i64")
            .or_default(),
        ::howdah::Field::column::<Option<String>>("theme")
            .named("Settings::theme", "Option<String>")
            .or_default(),
        ::howdah::Field::column::<::howdah::Json<Extra>>("extra")
            .named("Settings::extra", "Extra")
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
                row.get::<i64>()?
            },
            theme: if row.skip_absent() {
                <Option<String> as ::core::default::Default>::default()
            } else {
                row.get::<Option<String>>()?
            },
            extra: if row.skip_absent() {
                <Self as ::core::default::Default>::default().extra
            } else {
                row.get::<::howdah::Json<Extra>>()?.0
            },
        })
    }
}
