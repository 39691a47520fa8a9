#[derive(PgSelect)]
#[pg(table = schema::places)]
pub(crate) struct Place {
    #[pg(key)]
    country: String,
    #[pg(key)]
    number: i64,
    note: Option<String>,
    #[pg(json)]
    extra: Option<Extra>,
}

// ---- expands to ----

#[automatically_derived]
impl ::howdah::SelectRow for Place {
    const TABLE: &'static ::howdah::Table = &schema::places::TABLE;
    const KEY: &'static [&'static ::core::primitive::str] = &["country", "number"];
    const NAME: &'static ::core::primitive::str = "Place::select";
}
#[automatically_derived]
impl Place {
    ///The column `country`.
    pub(crate) const COUNTRY: ::howdah::TypedColumn<Self, String> = ::howdah::TypedColumn::new(
        &schema::places::TABLE,
        "country",
    );
    ///The column `number`.
    pub(crate) const NUMBER: ::howdah::TypedColumn<Self, i64> = ::howdah::TypedColumn::new(
        &schema::places::TABLE,
        "number",
    );
    ///The column `note`.
    pub(crate) const NOTE: ::howdah::TypedColumn<Self, Option<String>, String> = ::howdah::TypedColumn::new(
        &schema::places::TABLE,
        "note",
    );
    ///The column `extra`.
    pub(crate) const EXTRA: ::howdah::TypedColumn<
        Self,
        ::core::option::Option<::howdah::Json<Extra>>,
        ::howdah::Json<Extra>,
    > = ::howdah::TypedColumn::new(&schema::places::TABLE, "extra");
    /// A list of the table's rows: all of them, unless `filter` adds a condition.
    pub(crate) fn select<'statement>() -> ::howdah::Select<'statement, Self> {
        ::howdah::Select::new()
    }
    /// The row with this key, if there is one.
    pub(crate) fn find<'statement>(
        country: &'statement ::core::primitive::str,
        number: i64,
    ) -> ::howdah::Built<'statement, ::howdah::Opt<Self>> {
        static SHAPE: ::howdah::__private::select::Shape = ::howdah::__private::select::Shape::new();
        ::howdah::__private::select::find::<
            Self,
        >(
            "Place::find",
            &SHAPE,
            ::std::vec![
                { let value = country; < & '_::core::primitive::str as ::howdah::Encode >
                ::into_param(value) }, { let value = number; < i64 as ::howdah::Encode >
                ::into_param(value) }
            ],
        )
    }
    /// The rows with these keys, in the order of the keys. Keys without a row are left out.
    pub(crate) fn find_many<'statement>(
        keys: &'statement [(&'statement ::core::primitive::str, i64)],
    ) -> ::howdah::Built<'statement, ::howdah::Many<Self>> {
        static SHAPE: ::howdah::__private::select::Shape = ::howdah::__private::select::Shape::new();
        ::howdah::__private::select::find_many::<
            Self,
        >(
            "Place::find_many",
            &SHAPE,
            ::std::vec![
                ::howdah::__private::select::Keys::of(schema::places::TABLE
                .column("country"), keys.iter().map(| key | { let value =
                ::core::clone::Clone::clone(& key.0); value }).collect:: <
                ::std::vec::Vec < _ >> ()),
                ::howdah::__private::select::Keys::of(schema::places::TABLE
                .column("number"), keys.iter().map(| key | { let value =
                ::core::clone::Clone::clone(& key.1); value }).collect:: <
                ::std::vec::Vec < _ >> ())
            ],
        )
    }
    /// Whether there is a row with this key.
    pub(crate) fn exists<'statement>(
        country: &'statement ::core::primitive::str,
        number: i64,
    ) -> ::howdah::Built<
        'statement,
        ::howdah::One<::howdah::Value<::core::primitive::bool>>,
    > {
        static SHAPE: ::howdah::__private::select::Shape = ::howdah::__private::select::Shape::new();
        ::howdah::__private::select::exists::<
            Self,
        >(
            "Place::exists",
            &SHAPE,
            ::std::vec![
                { let value = country; < & '_::core::primitive::str as ::howdah::Encode >
                ::into_param(value) }, { let value = number; < i64 as ::howdah::Encode >
                ::into_param(value) }
            ],
        )
    }
}
const _: () = ::howdah::check::key_columns(
    &schema::places::TABLE,
    "Place",
    &["country", "number"],
);
const _: () = ::howdah::check::table_row::<Place>();
