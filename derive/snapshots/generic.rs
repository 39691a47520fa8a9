#[derive(PgRow)]
#[pg(table = schema::places)]
struct Keyed<K: Clone, const N: usize = 3>
where
    K: Send,
{
    id: K,
    name: String,
    hash: [u8; N],
}

// ---- expands to ----

#[automatically_derived]
impl<'r, K: Clone, const N: usize> ::howdah::PgRow<'r> for Keyed<K, N>
where
    K: Send,
    K: ::howdah::Decode<'r>,
    [u8; N]: ::howdah::Decode<'r>,
{
    const FIELDS: &'static [::howdah::Field] = &[
        <K as ::howdah::Decode<'_>>::FIELD.of_column("id", "Keyed::id", "K"),
        <String as ::howdah::Decode<'_>>::FIELD
            .of_column("name", "Keyed::name", "String"),
        <[u8; N] as ::howdah::Decode<'_>>::FIELD
            .of_column("hash", "Keyed::hash", "[u8; N]"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            id: <K as ::howdah::Decode<'_>>::get(row)?,
            name: <String as ::howdah::Decode<'_>>::get(row)?,
            hash: <[u8; N] as ::howdah::Decode<'_>>::get(row)?,
        })
    }
}
const _: () = ::howdah::check::table_column(&schema::places::TABLE, "id", "Keyed::id");
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &<String as ::howdah::Decode<'_>>::FIELD.of_column("name", "Keyed::name", "String"),
);
const _: () = ::howdah::check::table_column(
    &schema::places::TABLE,
    "hash",
    "Keyed::hash",
);
