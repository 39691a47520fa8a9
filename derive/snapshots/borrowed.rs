#[derive(PgRow)]
#[pg(table = schema::places)]
struct Label<'a, 'b: 'a> {
    name: &'a str,
    note: Option<Cow<'b, str>>,
}

// ---- expands to ----

#[automatically_derived]
impl<'a> ::howdah::PgRow<'a> for Label<'a, 'a> {
    const FIELDS: &'static [::howdah::Field] = &[
        <&'_ str as ::howdah::Decode<'_>>::FIELD
            .of_column("name", "Label::name", "&'a str"),
        <Option<Cow<'_, str>> as ::howdah::Decode<'_>>::FIELD
            .of_column("note", "Label::note", "Option<Cow<'b, str>>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'a>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            name: <&'_ str as ::howdah::Decode<'_>>::get(row)?,
            note: <Option<Cow<'_, str>> as ::howdah::Decode<'_>>::get(row)?,
        })
    }
}
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &<&'_ str as ::howdah::Decode<'_>>::FIELD.of_column("name", "Label::name", "&'a str"),
);
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &<Option<Cow<'_, str>> as ::howdah::Decode<'_>>::FIELD
        .of_column("note", "Label::note", "Option<Cow<'b, str>>"),
);
