#[derive(PgInsert)]
#[pg(table = schema::places)]
pub struct NewPlace<'a> {
    name: &'a str,
    note: Option<String>,
    sql: i32,
}

// ---- expands to ----

#[automatically_derived]
impl<'a> ::howdah::WriteRow for NewPlace<'a> {
    const TABLE: &'static ::howdah::Table = &schema::places::TABLE;
    const FIELDS: &'static [::howdah::WriteField] = &[
        <&'_ str as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "name", "NewPlace::name", "&'a str"),
        <::core::option::Option<&'_ ::core::primitive::str> as ::howdah::Encode>::FIELD
            .of_column(
                &schema::places::TABLE,
                "note",
                "NewPlace::note",
                "Option<String>",
            ),
        <i32 as ::howdah::Encode>::FIELD
            .of_column(&schema::places::TABLE, "sql", "NewPlace::sql", "i32"),
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
                <::core::option::Option<
                    &'_ ::core::primitive::str,
                > as ::howdah::Encode>::encode_at(
                    &::core::option::Option::as_deref(&self.note),
                    srid,
                    ty,
                    out,
                )
            }
            2usize => <i32 as ::howdah::Encode>::encode_at(&self.sql, srid, ty, out),
            _ => ::core::result::Result::Err(::howdah::EncodeError::no_field(field)),
        }
    }
}
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<&'_ str as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "name", "NewPlace::name", "&'a str"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<::core::option::Option<&'_ ::core::primitive::str> as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "note", "NewPlace::note", "Option<String>"),
);
const _: () = ::howdah::check::insert_field(
    &schema::places::TABLE,
    &<i32 as ::howdah::Encode>::FIELD
        .of_column(&schema::places::TABLE, "sql", "NewPlace::sql", "i32"),
);
const _: () = ::howdah::check::insert_columns(
    &schema::places::TABLE,
    "NewPlace",
    &["name", "note", "sql"],
);
#[automatically_derived]
impl<'a> NewPlace<'a> {
    /// An insert of this struct: of all its fields except those that are `generated`.
    pub fn insert_row(&self) -> ::howdah::Insert<'_, Self> {
        ::howdah::Insert::of_row("NewPlace::insert", self)
    }
    /// An insert of many rows at once.
    pub fn insert_many(rows: &[Self]) -> ::howdah::InsertMany<'_, Self> {
        ::howdah::InsertMany::new(rows)
    }
    /// An insert of many rows at once. If a row with the same key exists, it gets all other values. Each key
    /// may occur only once among the rows.
    pub fn upsert_many(
        rows: &[Self],
        key: ::howdah::Key<Self>,
    ) -> ::howdah::InsertMany<'_, Self> {
        ::howdah::InsertMany::new(rows).on_conflict(key).do_update()
    }
}
const _: () = {
    #[must_use = "an insert does nothing until it is fetched or executed"]
    pub struct NewPlaceInsert<'statement, __G0> {
        insert: ::howdah::Insert<'statement, NewPlace<'statement>>,
        state: ::core::marker::PhantomData<(__G0,)>,
    }
    #[automatically_derived]
    impl<'a> NewPlace<'a> {
        /// An insert of a row, column by column. It compiles once every `not null` column without a default has
        /// a value.
        pub fn insert<'statement>() -> NewPlaceInsert<
            'statement,
            ::howdah::__private::state::AllUnset,
        > {
            NewPlaceInsert {
                insert: ::howdah::Insert::new(
                    "NewPlace::insert",
                    &schema::places::TABLE,
                ),
                state: ::core::marker::PhantomData,
            }
        }
    }
    #[automatically_derived]
    impl<'statement, __G0> NewPlaceInsert<'statement, __G0> {
        ///Sets `name`.
        #[inline]
        pub fn name(
            self,
            value: &'statement str,
        ) -> NewPlaceInsert<
            'statement,
            <__G0 as ::howdah::__private::state::Put<0usize>>::Output,
        >
        where
            __G0: ::howdah::__private::state::Put<0usize>,
        {
            NewPlaceInsert {
                insert: self
                    .insert
                    .set("name", <&'_ str as ::howdah::Encode>::into_param(value)),
                state: ::core::marker::PhantomData,
            }
        }
        ///Sets `note`.
        #[inline]
        pub fn note(
            mut self,
            value: ::core::option::Option<&'statement ::core::primitive::str>,
        ) -> Self {
            self.insert = self
                .insert
                .set(
                    "note",
                    <::core::option::Option<
                        &'_ ::core::primitive::str,
                    > as ::howdah::Encode>::into_param(value),
                );
            self
        }
        ///Sets `sql`.
        #[inline]
        pub fn set_sql(
            self,
            value: i32,
        ) -> NewPlaceInsert<
            'statement,
            <__G0 as ::howdah::__private::state::Put<1usize>>::Output,
        >
        where
            __G0: ::howdah::__private::state::Put<1usize>,
        {
            NewPlaceInsert {
                insert: self
                    .insert
                    .set("sql", <i32 as ::howdah::Encode>::into_param(value)),
                state: ::core::marker::PhantomData,
            }
        }
        /// Converts the builder into an `Insert`, which has more methods, such as `defaults` and
        /// `returning_outcome`.
        pub fn finish(self) -> ::howdah::Insert<'statement, NewPlace<'statement>>
        where
            Self: ::howdah::__private::state::Complete,
        {
            self.insert
        }
        /// Chooses what happens if a row with the same key exists: see the methods of the result.
        pub fn on_conflict(
            self,
            key: ::howdah::Key<NewPlace<'statement>>,
        ) -> ::howdah::InsertConflict<'statement, NewPlace<'statement>>
        where
            Self: ::howdah::__private::state::Complete,
        {
            self.insert.on_conflict(key)
        }
        /// Returns the row, with the values that it has afterwards.
        pub fn returning(
            self,
        ) -> ::howdah::Built<
            'statement,
            ::howdah::One<
                <NewPlace<'statement> as ::howdah::__private::state::Returned<__G0>>::Row,
            >,
        >
        where
            Self: ::howdah::__private::state::Complete,
            NewPlace<'statement>: ::howdah::__private::state::Returned<__G0>,
        {
            self.insert.returning_as()
        }
        /// Returns the row as another struct, whose fields are columns of the table.
        /// A field that is no column of the table is an error at run time, not at compile time.
        pub fn returning_as<__R: ::howdah::RowType>(
            self,
        ) -> ::howdah::Built<'statement, ::howdah::One<__R>>
        where
            Self: ::howdah::__private::state::Complete,
        {
            self.insert.returning_as::<__R>()
        }
        /// Returns these columns of the row: one value or a tuple.
        pub fn returning_columns<__C: ::howdah::Columns<NewPlace<'statement>>>(
            self,
            columns: __C,
        ) -> ::howdah::Built<'statement, ::howdah::One<__C::Row>>
        where
            Self: ::howdah::__private::state::Complete,
        {
            self.insert.returning_columns(columns)
        }
        /// The SQL text.
        pub fn sql(&self) -> ::std::string::String
        where
            Self: ::howdah::__private::state::Complete,
        {
            self.insert.sql()
        }
        /// Inserts the row, and returns the number of inserted rows.
        pub fn execute<'execution, __E: ::howdah::Executor + ?::core::marker::Sized>(
            self,
            executor: &'execution __E,
        ) -> ::howdah::Executed<'execution>
        where
            Self: ::howdah::__private::state::Complete,
            'statement: 'execution,
        {
            self.insert.executed(executor)
        }
    }
    mod __columns {
        pub enum r#name {}
        pub enum r#sql {}
    }
    #[automatically_derived]
    impl<
        'statement,
        __S0,
        __S1,
        __S2,
        __S3,
        __S4,
        __S5,
        __S6,
        __S7,
    > ::howdah::__private::state::Complete
    for NewPlaceInsert<'statement, (__S0, __S1, __S2, __S3, __S4, __S5, __S6, __S7)>
    where
        __S0: ::howdah::__private::state::Suffices<
            __columns::r#name,
            { ::howdah::__private::state::is_required(&schema::places::TABLE, "name") },
        >,
        __S1: ::howdah::__private::state::Suffices<
            __columns::r#sql,
            { ::howdah::__private::state::is_required(&schema::places::TABLE, "sql") },
        >,
    {}
};
