#[derive(PgRow)]
struct Broken<'a, T> {
    #[pg(skip, rename = "x")]
    name: &'a str,
    #[pg(unknown)]
    value: T,
}

// ---- expands to ----

::core::compile_error! {
    "unknown attribute `unknown` on a field: valid are `rename`, `flatten`, `default`, `skip`, `json`, `record`, `try_from`, `key`, `version`, `generated`"
}
::core::compile_error! {
    "`skip` and `rename` exclude each other: a skipped field reads no column, and is always `Default::default()`"
}
#[automatically_derived]
#[allow(unused)]
impl<'a, T> ::howdah::PgRow<'a> for Broken<'a, T>
where
    T: ::howdah::Decode<'a>,
{
    const FIELDS: &'static [::howdah::Field] = &[];
    #[inline]
    fn from_row(
        row: &mut ::howdah::Row<'a>,
    ) -> ::core::result::Result<Self, ::howdah::Error> {
        ::core::unreachable!()
    }
}
