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
        ::howdah::Field::column::<K>("id").named("Keyed::id", "K"),
        ::howdah::Field::column::<String>("name").named("Keyed::name", "String"),
        ::howdah::Field::column::<[u8; N]>("hash").named("Keyed::hash", "[u8; N]"),
    ];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'r>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::result::Result::Ok(Self {
            id: row.get::<K>()?,
            name: row.get::<String>()?,
            hash: row.get::<[u8; N]>()?,
        })
    }
}
const _: () = ::howdah::check::table_column(&schema::places::TABLE, "id", "Keyed::id");
const _: () = ::howdah::check::table_field(
    &schema::places::TABLE,
    &::howdah::Field::column::<String>("name").named("Keyed::name", "String"),
);
const _: () = ::howdah::check::table_column(
    &schema::places::TABLE,
    "hash",
    "Keyed::hash",
);
