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
        ::howdah::Field::column::<&'a str>("name").named("Label::name", "&'a str"),
        ::howdah::Field::column::<Option<Cow<'a, str>>>("note")
            .named("Label::note", "Option<Cow<'b, str>>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'a>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            name: row.get::<&'a str>()?,
            note: row.get::<Option<Cow<'a, str>>>()?,
        })
    }
}
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &::howdah::Field::column::<&'static str>("name").named("Label::name", "&'a str"),
);
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &::howdah::Field::column::<Option<Cow<'static, str>>>("note")
        .named("Label::note", "Option<Cow<'b, str>>"),
);
