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
            .named("NewPlace::name", "&'a str")
            .of_table(&schema::places::TABLE),
        ::howdah::WriteField::column::<Option<T>>("note")
            .named("NewPlace::note", "Option<T>")
            .of_table(&schema::places::TABLE),
        ::howdah::WriteField::column::<
            ::core::option::Option<::howdah::Json<Extra>>,
        >("extra")
            .named("NewPlace::extra", "Option<Extra>")
            .through("json")
            .of_table(&schema::places::TABLE),
        ::howdah::WriteField::column::<i64>("population")
            .named("NewPlace::population", "u64")
            .through("try_from = i64")
            .of_table(&schema::places::TABLE),
    ];
    fn encode(
        &self,
        field: ::core::primitive::usize,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        let srid = match <Self as ::howdah::WriteRow>::FIELDS.get(field) {
            ::core::option::Option::Some(field) => field.srid,
            ::core::option::Option::None => 0,
        };
        match field {
            0usize => {
                let value = &self.name;
                ::howdah::Encode::encode_at(value, srid, ty, out)
            }
            1usize => {
                let value = &self.note;
                ::howdah::Encode::encode_at(value, srid, ty, out)
            }
            2usize => {
                let value = &self.extra;
                ::howdah::Encode::encode(&value.as_ref().map(::howdah::Json), ty, out)
            }
            3usize => {
                let value = &self.population;
                ::howdah::__private::encode_as::<u64, i64>(value, ty, out)
            }
            _ => ::core::result::Result::Err(::howdah::EncodeError::no_field(field)),
        }
    }
}
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &::howdah::WriteField::column::<&'static str>("name")
        .named("NewPlace::name", "&'a str")
        .of_table(&schema::places::TABLE),
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
        .through("json")
        .of_table(&schema::places::TABLE),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &::howdah::WriteField::column::<i64>("population")
        .named("NewPlace::population", "u64")
        .through("try_from = i64")
        .of_table(&schema::places::TABLE),
);
const _: () = ::howdah::check::insert_columns(
    &schema::places::TABLE,
    "NewPlace",
    &["name", "note", "extra", "population", "id"],
);
#[automatically_derived]
impl<'a, T> NewPlace<'a, T> {
    /// An insert of all columns that this struct has fields for.
    fn insert_row(&self) -> ::howdah::Insert<'_, Self>
    where
        Self: ::howdah::WriteRow + ::core::marker::Sync,
    {
        ::howdah::Insert::of_row("NewPlace::insert", self)
    }
    /// An insert of many rows at once.
    fn insert_many(rows: &[Self]) -> ::howdah::InsertMany<'_, Self>
    where
        Self: ::howdah::WriteRow + ::core::marker::Sync,
    {
        ::howdah::InsertMany::new(rows)
    }
    /// An insert of many rows at once, which updates those whose key is there already with all values but
    /// the key. A key may come up but once among the rows.
    fn upsert_many(
        rows: &[Self],
        key: ::howdah::Key<Self>,
    ) -> ::howdah::InsertMany<'_, Self>
    where
        Self: ::howdah::WriteRow + ::core::marker::Sync,
    {
        ::howdah::InsertMany::new(rows).on_conflict(key).do_update()
    }
}
