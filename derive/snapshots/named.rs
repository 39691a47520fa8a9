#[derive(PgRow)]
#[pg(rename_all = "camelCase")]
pub struct Place {
    id: i64,
    r#type: String,
    created_by: Option<String>,
    #[pg(rename = "Note")]
    note: Option<String>,
}

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::PgRow<'r> for Place {
    const FIELDS: &'static [::howdah::Field] = &[
        ::howdah::Field::column::<i64>("id").named("Place::id", "i64"),
        ::howdah::Field::column::<String>("type").named("Place::type", "String"),
        ::howdah::Field::column::<Option<String>>("createdBy")
            .named("Place::created_by", "Option<String>"),
        ::howdah::Field::column::<Option<String>>("Note")
            .named("Place::note", "Option<String>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            id: row.get::<i64>()?,
            r#type: row.get::<String>()?,
            created_by: row.get::<Option<String>>()?,
            note: row.get::<Option<String>>()?,
        })
    }
}
