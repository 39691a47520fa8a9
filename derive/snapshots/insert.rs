#[derive(PgInsert)]
#[pg(table = schema::places)]
struct NewPlace<'a, T> {
    #[pg(generated)]
    id: i64,
    name: &'a str,
    note: Option<T>,
    #[pg(json)]
    extra: Option<Extra>,
    #[pg(try_from = i64)]
    population: u64,
}

// ---- expands to ----

#[automatically_derived]
impl<'a, T> ::howdah::WriteRow for NewPlace<'a, T>
where
    Option<T>: ::howdah::Encode,
{
    const TABLE: &'static ::howdah::Table = &schema::places::TABLE;
    const FIELDS: &'static [::howdah::WriteField] = &[
        ::howdah::WriteField::column::<&'a str>("name")
            .named("NewPlace::name", "&'a str"),
        ::howdah::WriteField::column::<Option<T>>("note")
            .named("NewPlace::note", "Option<T>"),
        ::howdah::WriteField::column::<
            ::core::option::Option<::howdah::Json<Extra>>,
        >("extra")
            .named("NewPlace::extra", "Option<Extra>")
            .through("json"),
        ::howdah::WriteField::column::<i64>("population")
            .named("NewPlace::population", "u64")
            .through("try_from = i64"),
    ];
    fn encode(
        &self,
        field: ::core::primitive::usize,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        match field {
            0usize => ::howdah::Encode::encode(&self.name, ty, out),
            1usize => ::howdah::Encode::encode(&self.note, ty, out),
            2usize => {
                ::howdah::Encode::encode(
                    &self.extra.as_ref().map(::howdah::Json),
                    ty,
                    out,
                )
            }
            3usize => {
                ::howdah::__private::encode_as::<u64, i64>(&self.population, ty, out)
            }
            _ => ::core::result::Result::Err(::howdah::EncodeError::no_field(field)),
        }
    }
}
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &::howdah::WriteField::column::<&'static str>("name")
        .named("NewPlace::name", "&'a str"),
);
const _: () = ::howdah::check::insert_column(
    &schema::places::TABLE,
    "note",
    "NewPlace::note",
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &::howdah::WriteField::column::<
        ::core::option::Option<::howdah::Json<Extra>>,
    >("extra")
        .named("NewPlace::extra", "Option<Extra>")
        .through("json"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &::howdah::WriteField::column::<i64>("population")
        .named("NewPlace::population", "u64")
        .through("try_from = i64"),
);
const _: () = ::howdah::check::insert_columns(
    &schema::places::TABLE,
    "NewPlace",
    &["name", "note", "extra", "population"],
);
