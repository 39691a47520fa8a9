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
        <facade::howdah::Json<Hours> as facade::howdah::Decode<'_>>::FIELD
            .of_column("hours", "Place::hours", "Hours")
            .through("json"),
        <::core::option::Option<
            facade::howdah::Json<Option<Extra>>,
        > as facade::howdah::Decode<'_>>::FIELD
            .of_column("extra", "Place::extra", "Option<Extra>")
            .through("json"),
        <i64 as facade::howdah::Decode<'_>>::FIELD
            .of_column("population", "Place::population", "u64")
            .through("try_from = i64"),
        <::core::option::Option<i32> as facade::howdah::Decode<'_>>::FIELD
            .of_column("floors", "Place::floors", "Option<u8>")
            .through("try_from = i32"),
    ];
    #[inline]
    fn from_row(
        row: &mut facade::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, facade::howdah::Error> {
        ::core::result::Result::Ok(Self {
            hours: <facade::howdah::Json<Hours> as facade::howdah::Decode<'_>>::get(row)?
                .0,
            extra: <::core::option::Option<
                facade::howdah::Json<Option<Extra>>,
            > as facade::howdah::Decode<'_>>::get(row)?
                .and_then(|json| json.0),
            population: {
                let value = <i64 as facade::howdah::Decode<'_>>::get(row)?;
                row.converted::<i64, u64>(value)?
            },
            floors: match <::core::option::Option<
                i32,
            > as facade::howdah::Decode<'_>>::get(row)? {
                ::core::option::Option::Some(value) => {
                    ::core::option::Option::Some(row.converted::<i32, u8>(value)?)
                }
                ::core::option::Option::None => ::core::option::Option::None,
            },
        })
    }
}
