#[derive(PgUpdate)]
#[pg(table = schema::places)]
pub struct Place<'a> {
    #[pg(key, generated)]
    id: i64,
    name: &'a str,
    note: Option<String>,
    #[pg(version)]
    version: i32,
}

// ---- expands to ----

#[automatically_derived]
impl<'a> ::howdah::UpdateRow for Place<'a> {
    const TABLE: &'static ::howdah::Table = &schema::places::TABLE;
    const FIELDS: &'static [::howdah::WriteField] = &[
        <i64 as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "id", "Place::id", "i64"),
        <&'_ str as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "name", "Place::name", "&'a str"),
        <::core::option::Option<&'_ ::core::primitive::str> as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "note", "Place::note", "Option<String>"),
        <i32 as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "version", "Place::version", "i32"),
    ];
    const KEY: &'static [&'static ::core::primitive::str] = &["id"];
    const VERSION: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
        "version",
    );
    #[inline]
    fn encode(
        &self,
        field: ::core::primitive::usize,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        let srid = match <Self as ::howdah::UpdateRow>::FIELDS.get(field) {
            ::core::option::Option::Some(field) => field.srid,
            ::core::option::Option::None => 0,
        };
        match field {
            0usize => <i64 as ::howdah::Encode>::encode_at(&self.id, srid, ty, out),
            1usize => <&'_ str as ::howdah::Encode>::encode_at(&self.name, srid, ty, out),
            2usize => {
                <::core::option::Option<
                    &'_ ::core::primitive::str,
                > as ::howdah::Encode>::encode_at(
                    &::core::option::Option::as_deref(&self.note),
                    srid,
                    ty,
                    out,
                )
            }
            3usize => <i32 as ::howdah::Encode>::encode_at(&self.version, srid, ty, out),
            _ => ::core::result::Result::Err(::howdah::EncodeError::no_field(field)),
        }
    }
}
#[automatically_derived]
impl<'a> Place<'a> {
    /// An update of the row with this struct's key. It sets the columns of all other fields except those that
    /// are `generated`.
    pub fn update_row(&self) -> ::howdah::Update<'_, Self>
    where
        Self: ::core::marker::Sync,
    {
        ::howdah::Update::of_row("Place::update", self)
    }
    /// An update of many rows at once, each found by its key.
    pub fn update_many(rows: &[Self]) -> ::howdah::UpdateMany<'_, Self>
    where
        Self: ::core::marker::Sync,
    {
        ::howdah::UpdateMany::new(rows)
    }
}
const _: () = ::howdah::check::key_columns(&schema::places::TABLE, "Place", &["id"]);
const _: () = ::howdah::check::key_field(
    &schema::places::TABLE,
    &<i64 as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "id", "Place::id", "i64"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<&'_ str as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "name", "Place::name", "&'a str"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<::core::option::Option<&'_ ::core::primitive::str> as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "note", "Place::note", "Option<String>"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<i32 as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "version", "Place::version", "i32"),
);
const _: () = ::howdah::check::version_field(
    &schema::places::TABLE,
    &<i32 as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "version", "Place::version", "i32"),
);
const _: () = ::howdah::check::writable(&schema::places::TABLE, "Place");
const _: () = {
    #[must_use = "an update does nothing until it is fetched or executed"]
    pub struct PlaceUpdate<'statement, __K> {
        update: ::howdah::Update<'statement, Place<'statement>, __K>,
    }
    #[automatically_derived]
    impl<'a> Place<'a> {
        ///An update of the row with this key, which must still have this version.
        pub fn update<'statement>(
            id: i64,
            version: i32,
        ) -> PlaceUpdate<'statement, ::howdah::ByKey> {
            PlaceUpdate {
                update: ::howdah::Update::new(
                        "Place::update",
                        &schema::places::TABLE,
                        ::core::option::Option::Some("version"),
                        ::howdah::Filter::every()
                            .and({
                                let value = id;
                                ::howdah::Filter::column_is(
                                    &schema::places::TABLE,
                                    "id",
                                    <i64 as ::howdah::Encode>::into_param(value),
                                )
                            }),
                    )
                    .at_version(
                        "version",
                        {
                            let value = version;
                            <i32 as ::howdah::Encode>::into_param(value)
                        },
                    ),
            }
        }
        ///A deletion of the row with this key, which must still have this version.
        pub fn delete<'statement>(
            id: i64,
            version: i32,
        ) -> ::howdah::Delete<'statement, Place<'statement>> {
            ::howdah::Delete::new(
                    "Place::delete",
                    &schema::places::TABLE,
                    ::howdah::Filter::every()
                        .and({
                            let value = id;
                            ::howdah::Filter::column_is(
                                &schema::places::TABLE,
                                "id",
                                <i64 as ::howdah::Encode>::into_param(value),
                            )
                        }),
                )
                .at_version(
                    "version",
                    {
                        let value = version;
                        <i32 as ::howdah::Encode>::into_param(value)
                    },
                )
        }
        /// A deletion of the rows with these keys, in one statement for any number of keys.
        pub fn delete_many<'statement>(
            keys: &'statement [i64],
        ) -> ::howdah::DeleteMany<'statement, i64, Place<'statement>> {
            ::howdah::DeleteMany::by(&schema::places::TABLE, &["id"], keys)
        }
        /// An update of all rows for which a condition is true.
        pub fn update_where<'statement>(
            filter: ::howdah::Filter<'statement, Place<'statement>>,
        ) -> PlaceUpdate<'statement, ::howdah::ByCondition> {
            PlaceUpdate {
                update: ::howdah::Update::new(
                    "Place::update",
                    &schema::places::TABLE,
                    ::core::option::Option::Some("version"),
                    filter,
                ),
            }
        }
        /// A deletion of all rows for which a condition is true.
        pub fn delete_where<'statement>(
            filter: ::howdah::Filter<'statement, Place<'statement>>,
        ) -> ::howdah::Delete<'statement, Place<'statement>, ::howdah::ByCondition> {
            ::howdah::Delete::new("Place::delete", &schema::places::TABLE, filter)
        }
    }
    #[automatically_derived]
    impl<'statement, __K: ::howdah::RowsBy> PlaceUpdate<'statement, __K> {
        ///Sets `name`.
        #[inline]
        pub fn name(mut self, value: &'statement str) -> Self {
            self.update = self
                .update
                .set("name", <&'_ str as ::howdah::Encode>::into_param(value));
            self
        }
        ///Sets `note`.
        #[inline]
        pub fn note(
            mut self,
            value: ::core::option::Option<&'statement ::core::primitive::str>,
        ) -> Self {
            self.update = self
                .update
                .set(
                    "note",
                    <::core::option::Option<
                        &'_ ::core::primitive::str,
                    > as ::howdah::Encode>::into_param(value),
                );
            self
        }
        /// Sets the columns to their defaults.
        pub fn defaults(
            mut self,
            columns: impl ::howdah::Columns<Place<'statement>>,
        ) -> Self {
            self.update = self.update.defaults(columns);
            self
        }
        /// Sets a column to what this SQL computes, which can use the row's values from before.
        pub fn set_to_sql<__T, __V>(
            mut self,
            column: ::howdah::TypedColumn<Place<'statement>, __T, __V>,
            sql: impl ::core::convert::Into<::howdah::SqlFragment<'statement>>,
        ) -> Self {
            self.update = self.update.set_to_sql(column, sql);
            self
        }
        /// Updates only rows for which this condition is true as well. That there is none is no error then,
        /// whatever version the row has.
        pub fn only_where(
            mut self,
            filter: ::howdah::Filter<'statement, Place<'statement>>,
        ) -> Self {
            self.update = self.update.only_where(filter);
            self
        }
        /// Makes an update that sets no column do nothing. Without this, it is an error.
        pub fn or_nothing(mut self) -> Self {
            self.update = self.update.or_nothing();
            self
        }
        /// Converts the builder into an `Update`: the same update, without the methods that set columns.
        pub fn finish(self) -> ::howdah::Update<'statement, Place<'statement>, __K> {
            self.update
        }
        /// Returns the rows, with the values that they have afterwards.
        pub fn returning(
            self,
        ) -> ::howdah::Built<
            'statement,
            __K::Of<
                <Place<'statement> as ::howdah::__private::state::Returned<__K>>::Row,
            >,
        >
        where
            Place<'statement>: ::howdah::__private::state::Returned<__K>,
        {
            self.update.returning_as()
        }
        /// Returns the rows as another struct, whose fields are columns of the table.
        /// A field that is no column of the table is an error at run time, not at compile time.
        pub fn returning_as<__R: ::howdah::RowType>(
            self,
        ) -> ::howdah::Built<'statement, __K::Of<__R>> {
            self.update.returning_as::<__R>()
        }
        /// Returns these columns of the rows: one value or a tuple for each row.
        pub fn returning_columns<__C: ::howdah::Columns<Place<'statement>>>(
            self,
            columns: __C,
        ) -> ::howdah::Built<'statement, __K::Of<__C::Row>> {
            self.update.returning_columns(columns)
        }
        /// The SQL text. It is empty if no column is set.
        pub fn sql(&self) -> ::std::string::String {
            self.update.sql()
        }
        /// Updates the rows, and returns the number of updated rows.
        pub fn execute<__E: ::howdah::Executor + ?::core::marker::Sized>(
            self,
            executor: &__E,
        ) -> impl ::core::future::Future<
            Output = ::core::result::Result<::core::primitive::u64, ::howdah::Error>,
        > + ::core::marker::Send {
            self.update.execute(executor)
        }
    }
};
