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
        <&'_ str as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "name", "NewPlace::name", "&'a str"),
        <Option<T> as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "note", "NewPlace::note", "Option<T>"),
        <Extra as ::howdah::__private::JsonField>::FIELD
            .of_column(
                &schema::places::TABLE,
                "extra",
                "NewPlace::extra",
                "Option<Extra>",
            )
            .through("json")
            .or_null(),
        <i64 as ::howdah::__private::SentFor<u64>>::FIELD
            .of_column(
                &schema::places::TABLE,
                "population",
                "NewPlace::population",
                "u64",
            )
            .through("try_from = i64"),
    ];
    #[inline]
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
            0usize => <&'_ str as ::howdah::Encode>::encode_at(&self.name, srid, ty, out),
            1usize => {
                <Option<T> as ::howdah::Encode>::encode_at(&self.note, srid, ty, out)
            }
            2usize => {
                <Extra as ::howdah::__private::JsonField>::encode_at(
                    ::core::option::Option::as_ref(&self.extra),
                    srid,
                    ty,
                    out,
                )
            }
            3usize => {
                <i64 as ::howdah::__private::SentFor<
                    u64,
                >>::encode_at(
                    ::core::option::Option::Some(&self.population),
                    srid,
                    ty,
                    out,
                )
            }
            _ => ::core::result::Result::Err(::howdah::EncodeError::no_field(field)),
        }
    }
}
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<&'_ str as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "name", "NewPlace::name", "&'a str"),
);
const _: () = ::howdah::check::insert_column(
    &schema::places::TABLE,
    "note",
    "NewPlace::note",
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<Extra as ::howdah::__private::JsonField>::FIELD
        .of_column(&schema::places::TABLE, "extra", "NewPlace::extra", "Option<Extra>")
        .through("json")
        .or_null(),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<i64 as ::howdah::__private::SentFor<u64>>::FIELD
        .of_column(&schema::places::TABLE, "population", "NewPlace::population", "u64")
        .through("try_from = i64"),
);
const _: () = ::howdah::check::insert_columns(
    &schema::places::TABLE,
    "NewPlace",
    &["name", "note", "extra", "population", "id"],
);
#[automatically_derived]
impl<'a, T> NewPlace<'a, T> {
    /// An insert of this struct: of all its fields except those that are `generated`.
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
    /// An insert of many rows at once. If a row with the same key exists, it gets all other values. Each key
    /// may occur only once among the rows.
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
