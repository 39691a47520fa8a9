#[derive(PgRow)]
#[pg(crate = facade::howdah)]
struct Place {
    #[pg(json)]
    hours: Hours,
    #[pg(json)]
    extra: Option<Extra>,
    #[pg(try_from = i64)]
    population: u64,
    #[pg(try_from = i32)]
    floors: Option<u8>,
}

// ---- expands to ----

#[automatically_derived]
impl<'r> facade::howdah::PgRow<'r> for Place {
    const FIELDS: &'static [facade::howdah::Field] = &[
        facade::howdah::Field::column::<facade::howdah::Json<Hours>>("hours")
            .named("Place::hours", "Hours")
            .through("json"),
        facade::howdah::Field::column::<
            ::core::option::Option<facade::howdah::Json<Option<Extra>>>,
        >("extra")
            .named("Place::extra", "Option<Extra>")
            .through("json"),
        facade::howdah::Field::column::<i64>("population")
            .named("Place::population", "u64")
            .through("try_from = i64"),
        facade::howdah::Field::column::<::core::option::Option<i32>>("floors")
            .named("Place::floors", "Option<u8>")
            .through("try_from = i32"),
    ];
    #[inline]
    fn from_row(
        row: &mut facade::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, facade::howdah::Error> {
        ::core::result::Result::Ok(Self {
            hours: row.get::<facade::howdah::Json<Hours>>()?.0,
            extra: row
                .get::<::core::option::Option<facade::howdah::Json<Option<Extra>>>>()?
                .and_then(|json| json.0),
            population: row.get_try_from::<i64, u64>()?,
            floors: row.get_try_from_optional::<i32, u8>()?,
        })
    }
}
