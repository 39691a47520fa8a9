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
        <i64 as ::howdah::Decode<'_>>::FIELD.of_column("id", "Place::id", "i64"),
        <String as ::howdah::Decode<'_>>::FIELD
            .of_column("type", "Place::type", "String"),
        <Option<String> as ::howdah::Decode<'_>>::FIELD
            .of_column("createdBy", "Place::created_by", "Option<String>"),
        <Option<String> as ::howdah::Decode<'_>>::FIELD
            .of_column("Note", "Place::note", "Option<String>"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            id: <i64 as ::howdah::Decode<'_>>::get(row)?,
            r#type: <String as ::howdah::Decode<'_>>::get(row)?,
            created_by: <Option<String> as ::howdah::Decode<'_>>::get(row)?,
            note: <Option<String> as ::howdah::Decode<'_>>::get(row)?,
        })
    }
}
