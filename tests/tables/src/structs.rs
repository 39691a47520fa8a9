use crate::queries::{schema, types};

/// A row of `"Third Schema"."Table"`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::third_schema_table)]
pub struct ThirdSchemaTable {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `"Third Schema"."Own Type"`, not null.
    pub own: types::ThirdSchemaOwnType,
    /// `"Third Schema"."Own Type"[]`, nullable.
    pub owns: Option<Vec<Option<types::ThirdSchemaOwnType>>>,
}

/// A row of `other.text_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::other_text_keys)]
pub struct OtherTextKeys {
    /// `text`, not null.
    #[pg(key)]
    pub code: String,
    /// `integer`, not null.
    pub other: i32,
}

/// A row of `public."Odd ""Name"""`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::odd_name)]
pub struct OddName {
    /// `bigint`, not null.
    #[pg(key, rename = "Id")]
    pub id: i64,
    /// `text`, not null.
    #[pg(rename = "with space")]
    pub with_space: String,
    /// `text`, nullable.
    pub ünïcode: Option<String>,
    /// `integer`, not null.
    #[pg(rename = "quo\"te")]
    pub quo_te: i32,
    /// `boolean`, nullable.
    #[pg(rename = "1st")]
    pub _1st: Option<bool>,
    /// `text`, nullable.
    #[pg(rename = "self")]
    pub self_: Option<String>,
    /// `text`, not null.
    #[pg(rename = "crate")]
    pub crate_: String,
    /// `integer`, nullable.
    pub r#fn: Option<i32>,
    /// `text`, nullable.
    #[pg(rename = "_")]
    pub column9: Option<String>,
}

/// A row of `public.a_name_that_is_as_long_as_postgresql_lets_names_be_63_bytes_lon`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::a_name_that_is_as_long_as_postgresql_lets_names_be_63_bytes_lon)]
pub struct ANameThatIsAsLongAsPostgresqlLetsNamesBe63BytesLon {
    /// `integer`, not null.
    #[pg(key)]
    pub a_column_that_is_as_long_as_postgresql_lets_names_be_63_bytes_l: i32,
    /// `text`, not null.
    pub short: String,
}

/// A row of `public.altered`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::altered)]
pub struct Altered {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `integer`, not null.
    pub late: i32,
}

/// A row of `public.always_numbered`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::always_numbered)]
pub struct AlwaysNumbered {
    /// `integer`, not null.
    #[pg(key, generated)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `text`, nullable.
    pub note: Option<String>,
}

/// A row of `public.animals`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::animals)]
pub struct Animals {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.arrays`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::arrays)]
pub struct Arrays {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `boolean[]`, not null.
    pub flags: Vec<Option<bool>>,
    /// `integer[]`, not null.
    pub numbers: Vec<Option<i32>>,
    /// `text[]`, not null.
    pub words: Vec<Option<String>>,
    /// `numeric[]`, nullable.
    pub exact: Option<Vec<Option<rust_decimal::Decimal>>>,
    /// `date[]`, not null.
    pub days: Vec<Option<chrono::NaiveDate>>,
    /// `timestamp with time zone[]`, nullable.
    pub moments: Option<Vec<Option<chrono::DateTime<chrono::Utc>>>>,
    /// `uuid[]`, not null.
    pub keys: Vec<Option<uuid::Uuid>>,
    /// `jsonb[]`, not null.
    pub documents: Vec<Option<serde_json::Value>>,
    /// `bytea[]`, nullable.
    pub bytes: Option<Vec<Option<Vec<u8>>>>,
    /// `mood[]`, not null.
    pub moods: Vec<Option<types::Mood>>,
    /// `int4range[]`, nullable.
    pub spans: Option<Vec<Option<howdah::Range<i32>>>>,
    /// `text[]`, nullable.
    pub words_or_null: Option<Vec<Option<String>>>,
}

/// A row of `public.bookings`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::bookings)]
pub struct Bookings {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `integer`, not null.
    pub room: i32,
    /// `int4range`, not null.
    pub during: howdah::Range<i32>,
}

/// A row of `public.by_hash`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::by_hash)]
pub struct ByHash {
    /// `uuid`, not null.
    #[pg(key)]
    pub id: uuid::Uuid,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.by_list`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::by_list)]
pub struct ByList {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `mood`, not null.
    #[pg(key)]
    pub mood: types::Mood,
    /// `text`, nullable.
    pub name: Option<String>,
}

/// A row of `public.byte_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::byte_keys)]
pub struct ByteKeys {
    /// `bytea`, not null.
    #[pg(key)]
    pub digest: Vec<u8>,
    /// `bigint`, not null.
    pub size: i64,
}

/// A row of `public.checked`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::checked)]
pub struct Checked {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `integer`, not null.
    pub low: i32,
    /// `integer`, not null.
    pub high: i32,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.children`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::children)]
pub struct Children {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `integer`, not null.
    pub parent: i32,
    /// `bigint`, nullable.
    pub sibling: Option<i64>,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.composite_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::composite_keys)]
pub struct CompositeKeys {
    /// `character`, not null.
    #[pg(key)]
    pub country: String,
    /// `integer`, not null.
    #[pg(key)]
    pub number: i32,
    /// `date`, not null.
    #[pg(key)]
    pub day: chrono::NaiveDate,
    /// `text`, nullable.
    pub note: Option<String>,
}

/// A row of `public.computed`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::computed)]
pub struct Computed {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `numeric`, not null.
    pub price: rust_decimal::Decimal,
    /// `integer`, not null.
    pub amount: i32,
    /// `numeric`, not null.
    #[pg(generated)]
    pub total: rust_decimal::Decimal,
    /// `text`, not null.
    #[pg(generated)]
    pub label: String,
}

/// A row of `public.counts`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect)]
#[pg(table = schema::counts)]
pub struct Counts {
    /// `bigint`, not null.
    pub rows: i64,
    /// `integer`, nullable.
    pub highest: Option<i32>,
}

/// A row of `public.defaults`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::defaults)]
pub struct Defaults {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `timestamp with time zone`, not null.
    pub at: chrono::DateTime<chrono::Utc>,
    /// `text[]`, not null.
    pub tags: Vec<Option<String>>,
    /// `mood`, not null.
    pub mood: types::Mood,
    /// `jsonb`, not null.
    pub body: serde_json::Value,
    /// `integer`, nullable.
    pub number: Option<i32>,
}

/// A row of `public.defaults_in_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::defaults_in_keys)]
pub struct DefaultsInKeys {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `integer`, not null.
    #[pg(key)]
    pub number: i32,
    /// `character varying`, not null.
    #[pg(key)]
    pub kind: String,
    /// `date`, not null.
    #[pg(key)]
    pub day: chrono::NaiveDate,
    /// `text`, nullable.
    pub note: Option<String>,
}

/// A row of `public.deferred_exclusion`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::deferred_exclusion)]
pub struct DeferredExclusion {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `int4range`, not null.
    pub during: howdah::Range<i32>,
}

/// A row of `public.deferred_unique`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::deferred_unique)]
pub struct DeferredUnique {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `integer`, not null.
    pub place: i32,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.documents`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::documents)]
pub struct Documents {
    /// `uuid`, not null.
    #[pg(key, generated)]
    pub id: uuid::Uuid,
    /// `jsonb`, not null.
    pub body: serde_json::Value,
    /// `json`, not null.
    pub raw: serde_json::Value,
    /// `jsonb`, nullable.
    pub body_or_null: Option<serde_json::Value>,
    /// `xml`, nullable.
    pub markup: Option<String>,
    /// `tsvector`, not null.
    pub search: howdah::TsVector,
    /// `tsquery`, nullable.
    pub asked: Option<howdah::TsQuery>,
    /// `hstore`, nullable.
    pub extra: Option<howdah::Hstore>,
    /// `ltree`, nullable.
    pub path: Option<howdah::LTree>,
}

/// A row of `public.dogs`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::dogs)]
pub struct Dogs {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `text`, not null.
    pub breed: String,
}

/// A row of `public.enum_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::enum_keys)]
pub struct EnumKeys {
    /// `mood`, not null.
    #[pg(key)]
    pub mood: types::Mood,
    /// `text`, not null.
    pub words: String,
}

/// A row of `public.expression_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::expression_keys)]
pub struct ExpressionKeys {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `integer`, not null.
    pub weight: i32,
}

/// A row of `public.included`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::included)]
pub struct Included {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `text`, nullable.
    pub extra: Option<String>,
}

/// A row of `public.measured`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::measured)]
pub struct Measured {
    /// `integer`, not null.
    #[pg(key)]
    pub place: i32,
    /// `date`, not null.
    #[pg(key)]
    pub at: chrono::NaiveDate,
    /// `double precision`, nullable.
    pub value: Option<f64>,
    /// `text`, not null.
    pub note: String,
}

/// A row of `public.methods`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::methods)]
pub struct Methods {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub sql: String,
    /// `integer`, nullable.
    pub execute: Option<i32>,
    /// `text`, nullable.
    pub finish: Option<String>,
    /// `boolean`, nullable.
    pub returning: Option<bool>,
    /// `text`, nullable.
    pub defaults: Option<String>,
    /// `text`, nullable.
    pub on_conflict: Option<String>,
    /// `text`, nullable.
    pub only_where: Option<String>,
    /// `text`, not null.
    pub value: String,
    /// `text`, nullable.
    pub row: Option<String>,
    /// `text`, nullable.
    pub ty: Option<String>,
    /// `integer`, nullable.
    pub out: Option<i32>,
}

/// A row of `public.modules`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::modules)]
pub struct Modules {
    /// `uuid`, not null.
    #[pg(key)]
    pub uuid: uuid::Uuid,
    /// `timestamp with time zone`, not null.
    pub chrono: chrono::DateTime<chrono::Utc>,
    /// `numeric`, not null.
    pub rust_decimal: rust_decimal::Decimal,
    /// `jsonb`, not null.
    pub serde_json: serde_json::Value,
    /// `interval`, not null.
    pub howdah: howdah::Interval,
    /// `integer`, not null.
    pub core: i32,
    /// `text`, not null.
    pub std: String,
    /// `mood`, not null.
    pub types: types::Mood,
    /// `text`, not null.
    pub schema: String,
    /// `text`, not null.
    pub str: String,
    /// `text`, not null.
    #[pg(rename = "super")]
    pub super_: String,
}

/// A row of `public.names`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect)]
#[pg(table = schema::names)]
pub struct Names {
    /// `integer`, not null.
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `integer`, not null.
    pub rank: i32,
}

/// A row of `public.networks`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::networks)]
pub struct Networks {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `inet`, not null.
    pub host: howdah::Inet,
    /// `cidr`, not null.
    pub net: howdah::Inet,
    /// `macaddr`, not null.
    pub card: howdah::MacAddr,
    /// `macaddr8`, nullable.
    pub long_card: Option<howdah::MacAddr8>,
    /// `inet`, nullable.
    pub host_or_null: Option<howdah::Inet>,
    /// `bit`, not null.
    pub flags: howdah::BitString,
    /// `bit varying`, nullable.
    pub more_flags: Option<howdah::BitString>,
    /// `pg_lsn`, nullable.
    pub lsn: Option<howdah::PgLsn>,
}

/// A row of `public.no_key`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::no_key)]
pub struct NoKey {
    /// `text`, not null.
    pub name: String,
    /// `timestamp with time zone`, not null.
    pub at: chrono::DateTime<chrono::Utc>,
    /// `double precision`, nullable.
    pub value: Option<f64>,
}

/// A row of `public.nothing_required`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::nothing_required)]
pub struct NothingRequired {
    /// `integer`, nullable.
    pub a: Option<i32>,
    /// `text`, nullable.
    pub b: Option<String>,
    /// `boolean`, nullable.
    pub c: Option<bool>,
}

/// A row of `public.nulls_in_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::nulls_in_keys)]
pub struct NullsInKeys {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `integer`, nullable.
    pub a: Option<i32>,
    /// `text`, nullable.
    pub b: Option<String>,
}

/// A row of `public.numbers`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::numbers)]
pub struct Numbers {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `smallint`, not null.
    pub small: i16,
    /// `integer`, not null.
    pub middle: i32,
    /// `bigint`, not null.
    pub large: i64,
    /// `real`, not null.
    pub real4: f32,
    /// `double precision`, not null.
    pub real8: f64,
    /// `numeric`, not null.
    pub exact: rust_decimal::Decimal,
    /// `numeric`, nullable.
    pub money: Option<rust_decimal::Decimal>,
    /// `smallint`, nullable.
    pub small_or_null: Option<i16>,
    /// `integer`, nullable.
    pub middle_or_null: Option<i32>,
    /// `bigint`, nullable.
    pub large_or_null: Option<i64>,
    /// `real`, nullable.
    pub real4_or_null: Option<f32>,
    /// `double precision`, nullable.
    pub real8_or_null: Option<f64>,
    /// `boolean`, not null.
    pub flag: bool,
    /// `boolean`, nullable.
    pub flag_or_null: Option<bool>,
    /// `oid`, nullable.
    pub object_id: Option<u32>,
}

/// A row of `public.only_a_key`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::only_a_key)]
pub struct OnlyAKey {
    /// `bigint`, not null.
    #[pg(key)]
    pub id: i64,
}

/// A row of `public.only_an_identity`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::only_an_identity)]
pub struct OnlyAnIdentity {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
}

/// A row of `public.only_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::only_keys)]
pub struct OnlyKeys {
    /// `integer`, not null.
    #[pg(key)]
    pub a: i32,
    /// `text`, not null.
    #[pg(key)]
    pub b: String,
}

/// A row of `public.parents`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::parents)]
pub struct Parents {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
}

/// A row of `public.partial_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::partial_keys)]
pub struct PartialKeys {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `boolean`, not null.
    pub gone: bool,
}

/// A row of `public.ranges`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::ranges)]
pub struct Ranges {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `int4range`, not null.
    pub small: howdah::Range<i32>,
    /// `int8range`, not null.
    pub large: howdah::Range<i64>,
    /// `numrange`, nullable.
    pub exact: Option<howdah::Range<rust_decimal::Decimal>>,
    /// `tsrange`, nullable.
    pub walls: Option<howdah::Range<chrono::NaiveDateTime>>,
    /// `tstzrange`, not null.
    pub moments: howdah::Range<chrono::DateTime<chrono::Utc>>,
    /// `daterange`, not null.
    pub days: howdah::Range<chrono::NaiveDate>,
    /// `span`, nullable.
    pub own: Option<howdah::Range<f64>>,
    /// `int4multirange`, not null.
    pub many: howdah::Multirange<i32>,
    /// `datemultirange`, nullable.
    pub many_days: Option<howdah::Multirange<chrono::NaiveDate>>,
}

/// A row of `public.same_by_default`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::same_by_default)]
pub struct SameByDefault {
    /// `integer`, not null.
    #[pg(key)]
    pub number: i32,
    /// `text`, not null.
    #[pg(key)]
    pub kind: String,
    /// `text`, nullable.
    pub note: Option<String>,
}

/// A row of `public.select`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::select)]
pub struct Select {
    /// `integer`, not null.
    #[pg(key)]
    pub order: i32,
    /// `text`, not null.
    pub group: String,
    /// `boolean`, nullable.
    pub r#where: Option<bool>,
    /// `text`, not null.
    pub r#type: String,
}

/// A row of `public.serial_and_unique`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::serial_and_unique)]
pub struct SerialAndUnique {
    /// `bigint`, not null.
    #[pg(key, generated)]
    pub id: i64,
    /// `text`, not null.
    pub slug: String,
    /// `text`, not null.
    pub title: String,
}

/// A row of `public.shapes`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::shapes)]
pub struct Shapes {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `point`, not null.
    pub at: howdah::geometric::Point,
    /// `line`, nullable.
    pub along: Option<howdah::geometric::Line>,
    /// `lseg`, not null.
    pub between_two: howdah::geometric::LineSegment,
    /// `box`, not null.
    pub room: howdah::geometric::Box,
    /// `path`, not null.
    pub way: howdah::geometric::Path,
    /// `polygon`, not null.
    pub field: howdah::geometric::Polygon,
    /// `circle`, nullable.
    pub round: Option<howdah::geometric::Circle>,
}

/// A row of `public.simple`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::simple)]
pub struct Simple {
    /// `integer`, not null.
    #[pg(key, generated)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `text`, nullable.
    pub note: Option<String>,
}

/// A row of `public.text_keys`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::text_keys)]
pub struct TextKeys {
    /// `text`, not null.
    #[pg(key)]
    pub code: String,
    /// `text`, not null.
    pub name: String,
    /// `integer`, not null.
    pub rank: i32,
}

/// A row of `public.texts`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::texts)]
pub struct Texts {
    /// `integer`, not null.
    #[pg(key, generated)]
    pub id: i32,
    /// `text`, not null.
    pub free: String,
    /// `character varying`, not null.
    pub limited: String,
    /// `character`, not null.
    pub padded: String,
    /// `"char"`, nullable.
    pub one: Option<i8>,
    /// `name`, not null.
    pub ident: String,
    /// `citext`, not null.
    pub folded: String,
    /// `text`, nullable.
    pub free_or_null: Option<String>,
    /// `character varying`, nullable.
    pub limited_or_null: Option<String>,
    /// `bytea`, not null.
    pub bytes: Vec<u8>,
    /// `bytea`, nullable.
    pub bytes_or_null: Option<Vec<u8>>,
}

/// A row of `public.times`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::times)]
pub struct Times {
    /// `integer`, not null.
    #[pg(key, generated)]
    pub id: i32,
    /// `date`, not null.
    pub day: chrono::NaiveDate,
    /// `timestamp with time zone`, not null.
    pub moment: chrono::DateTime<chrono::Utc>,
    /// `timestamp without time zone`, not null.
    pub wall: chrono::NaiveDateTime,
    /// `time without time zone`, not null.
    pub clock: chrono::NaiveTime,
    /// `time with time zone`, not null.
    pub zoned: howdah::TimeTz,
    /// `interval`, not null.
    pub elapsed: howdah::Interval,
    /// `date`, nullable.
    pub day_or_null: Option<chrono::NaiveDate>,
    /// `timestamp with time zone`, nullable.
    pub moment_or_null: Option<chrono::DateTime<chrono::Utc>>,
    /// `interval`, nullable.
    pub elapsed_or_null: Option<howdah::Interval>,
    /// `time without time zone`, nullable.
    pub clock_or_null: Option<chrono::NaiveTime>,
}

/// A row of `public.unique_index_only`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::unique_index_only)]
pub struct UniqueIndexOnly {
    /// `text`, not null.
    pub code: String,
    /// `integer`, not null.
    pub value: i32,
}

/// A row of `public.unlogged`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::unlogged)]
pub struct Unlogged {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, nullable.
    pub name: Option<String>,
}

/// A row of `public.user_types`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::user_types)]
pub struct UserTypes {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `mood`, not null.
    pub mood: types::Mood,
    /// `mood`, nullable.
    pub mood_or_null: Option<types::Mood>,
    /// `address`, not null.
    pub home: types::Address,
    /// `address`, nullable.
    pub work: Option<types::Address>,
    /// `visit`, nullable.
    pub seen: Option<types::Visit>,
    /// `email`, not null.
    pub mail: types::Email,
    /// `email`, nullable.
    pub mail_or_null: Option<types::Email>,
    /// `percent`, nullable.
    pub part: Option<types::Percent>,
    /// `words`, not null.
    pub said: types::Words,
    /// `address[]`, not null.
    pub homes: Vec<Option<types::Address>>,
    /// `email[]`, nullable.
    pub mails: Option<Vec<Option<types::Email>>>,
}

/// A row of `public.uuid_pairs`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::uuid_pairs)]
pub struct UuidPairs {
    /// `uuid`, not null.
    #[pg(key)]
    pub a: uuid::Uuid,
    /// `uuid`, not null.
    #[pg(key)]
    pub b: uuid::Uuid,
    /// `real`, nullable.
    pub strength: Option<f32>,
}

/// A row of `public.versioned`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::versioned)]
pub struct Versioned {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub name: String,
    /// `integer`, not null.
    pub version: i32,
}

/// A row of `public.wide`.
#[derive(Clone, Debug, howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
#[pg(table = schema::wide)]
pub struct Wide {
    /// `integer`, not null.
    #[pg(key)]
    pub id: i32,
    /// `text`, not null.
    pub c1: String,
    /// `bigint`, nullable.
    pub c2: Option<i64>,
    /// `boolean`, not null.
    pub c3: bool,
    /// `text`, nullable.
    pub c4: Option<String>,
    /// `numeric`, nullable.
    pub c5: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c6: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c7: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c8: Option<f64>,
    /// `uuid`, nullable.
    pub c9: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c10: i32,
    /// `text`, not null.
    pub c11: String,
    /// `bigint`, nullable.
    pub c12: Option<i64>,
    /// `boolean`, not null.
    pub c13: bool,
    /// `text`, nullable.
    pub c14: Option<String>,
    /// `numeric`, nullable.
    pub c15: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c16: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c17: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c18: Option<f64>,
    /// `uuid`, nullable.
    pub c19: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c20: i32,
    /// `text`, not null.
    pub c21: String,
    /// `bigint`, nullable.
    pub c22: Option<i64>,
    /// `boolean`, not null.
    pub c23: bool,
    /// `text`, nullable.
    pub c24: Option<String>,
    /// `numeric`, nullable.
    pub c25: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c26: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c27: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c28: Option<f64>,
    /// `uuid`, nullable.
    pub c29: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c30: i32,
    /// `text`, not null.
    pub c31: String,
    /// `bigint`, nullable.
    pub c32: Option<i64>,
    /// `boolean`, not null.
    pub c33: bool,
    /// `text`, nullable.
    pub c34: Option<String>,
    /// `numeric`, nullable.
    pub c35: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c36: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c37: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c38: Option<f64>,
    /// `uuid`, nullable.
    pub c39: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c40: i32,
    /// `text`, not null.
    pub c41: String,
    /// `bigint`, nullable.
    pub c42: Option<i64>,
    /// `boolean`, not null.
    pub c43: bool,
    /// `text`, nullable.
    pub c44: Option<String>,
    /// `numeric`, nullable.
    pub c45: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c46: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c47: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c48: Option<f64>,
    /// `uuid`, nullable.
    pub c49: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c50: i32,
    /// `text`, not null.
    pub c51: String,
    /// `bigint`, nullable.
    pub c52: Option<i64>,
    /// `boolean`, not null.
    pub c53: bool,
    /// `text`, nullable.
    pub c54: Option<String>,
    /// `numeric`, nullable.
    pub c55: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c56: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c57: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c58: Option<f64>,
    /// `uuid`, nullable.
    pub c59: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c60: i32,
    /// `text`, not null.
    pub c61: String,
    /// `bigint`, nullable.
    pub c62: Option<i64>,
    /// `boolean`, not null.
    pub c63: bool,
    /// `text`, nullable.
    pub c64: Option<String>,
    /// `numeric`, nullable.
    pub c65: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c66: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c67: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c68: Option<f64>,
    /// `uuid`, nullable.
    pub c69: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c70: i32,
    /// `text`, not null.
    pub c71: String,
    /// `bigint`, nullable.
    pub c72: Option<i64>,
    /// `boolean`, not null.
    pub c73: bool,
    /// `text`, nullable.
    pub c74: Option<String>,
    /// `numeric`, nullable.
    pub c75: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c76: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c77: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c78: Option<f64>,
    /// `uuid`, nullable.
    pub c79: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c80: i32,
    /// `text`, not null.
    pub c81: String,
    /// `bigint`, nullable.
    pub c82: Option<i64>,
    /// `boolean`, not null.
    pub c83: bool,
    /// `text`, nullable.
    pub c84: Option<String>,
    /// `numeric`, nullable.
    pub c85: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c86: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c87: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c88: Option<f64>,
    /// `uuid`, nullable.
    pub c89: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c90: i32,
    /// `text`, not null.
    pub c91: String,
    /// `bigint`, nullable.
    pub c92: Option<i64>,
    /// `boolean`, not null.
    pub c93: bool,
    /// `text`, nullable.
    pub c94: Option<String>,
    /// `numeric`, nullable.
    pub c95: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c96: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c97: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c98: Option<f64>,
    /// `uuid`, nullable.
    pub c99: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c100: i32,
    /// `text`, not null.
    pub c101: String,
    /// `bigint`, nullable.
    pub c102: Option<i64>,
    /// `boolean`, not null.
    pub c103: bool,
    /// `text`, nullable.
    pub c104: Option<String>,
    /// `numeric`, nullable.
    pub c105: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c106: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c107: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c108: Option<f64>,
    /// `uuid`, nullable.
    pub c109: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c110: i32,
    /// `text`, not null.
    pub c111: String,
    /// `bigint`, nullable.
    pub c112: Option<i64>,
    /// `boolean`, not null.
    pub c113: bool,
    /// `text`, nullable.
    pub c114: Option<String>,
    /// `numeric`, nullable.
    pub c115: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c116: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c117: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c118: Option<f64>,
    /// `uuid`, nullable.
    pub c119: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c120: i32,
    /// `text`, not null.
    pub c121: String,
    /// `bigint`, nullable.
    pub c122: Option<i64>,
    /// `boolean`, not null.
    pub c123: bool,
    /// `text`, nullable.
    pub c124: Option<String>,
    /// `numeric`, nullable.
    pub c125: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c126: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c127: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c128: Option<f64>,
    /// `uuid`, nullable.
    pub c129: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c130: i32,
    /// `text`, not null.
    pub c131: String,
    /// `bigint`, nullable.
    pub c132: Option<i64>,
    /// `boolean`, not null.
    pub c133: bool,
    /// `text`, nullable.
    pub c134: Option<String>,
    /// `numeric`, nullable.
    pub c135: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c136: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c137: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c138: Option<f64>,
    /// `uuid`, nullable.
    pub c139: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c140: i32,
    /// `text`, not null.
    pub c141: String,
    /// `bigint`, nullable.
    pub c142: Option<i64>,
    /// `boolean`, not null.
    pub c143: bool,
    /// `text`, nullable.
    pub c144: Option<String>,
    /// `numeric`, nullable.
    pub c145: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c146: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c147: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c148: Option<f64>,
    /// `uuid`, nullable.
    pub c149: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c150: i32,
    /// `text`, not null.
    pub c151: String,
    /// `bigint`, nullable.
    pub c152: Option<i64>,
    /// `boolean`, not null.
    pub c153: bool,
    /// `text`, nullable.
    pub c154: Option<String>,
    /// `numeric`, nullable.
    pub c155: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c156: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c157: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c158: Option<f64>,
    /// `uuid`, nullable.
    pub c159: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c160: i32,
    /// `text`, not null.
    pub c161: String,
    /// `bigint`, nullable.
    pub c162: Option<i64>,
    /// `boolean`, not null.
    pub c163: bool,
    /// `text`, nullable.
    pub c164: Option<String>,
    /// `numeric`, nullable.
    pub c165: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c166: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c167: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c168: Option<f64>,
    /// `uuid`, nullable.
    pub c169: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c170: i32,
    /// `text`, not null.
    pub c171: String,
    /// `bigint`, nullable.
    pub c172: Option<i64>,
    /// `boolean`, not null.
    pub c173: bool,
    /// `text`, nullable.
    pub c174: Option<String>,
    /// `numeric`, nullable.
    pub c175: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c176: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c177: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c178: Option<f64>,
    /// `uuid`, nullable.
    pub c179: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c180: i32,
    /// `text`, not null.
    pub c181: String,
    /// `bigint`, nullable.
    pub c182: Option<i64>,
    /// `boolean`, not null.
    pub c183: bool,
    /// `text`, nullable.
    pub c184: Option<String>,
    /// `numeric`, nullable.
    pub c185: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c186: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c187: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c188: Option<f64>,
    /// `uuid`, nullable.
    pub c189: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c190: i32,
    /// `text`, not null.
    pub c191: String,
    /// `bigint`, nullable.
    pub c192: Option<i64>,
    /// `boolean`, not null.
    pub c193: bool,
    /// `text`, nullable.
    pub c194: Option<String>,
    /// `numeric`, nullable.
    pub c195: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c196: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c197: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c198: Option<f64>,
    /// `uuid`, nullable.
    pub c199: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c200: i32,
    /// `text`, not null.
    pub c201: String,
    /// `bigint`, nullable.
    pub c202: Option<i64>,
    /// `boolean`, not null.
    pub c203: bool,
    /// `text`, nullable.
    pub c204: Option<String>,
    /// `numeric`, nullable.
    pub c205: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c206: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c207: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c208: Option<f64>,
    /// `uuid`, nullable.
    pub c209: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c210: i32,
    /// `text`, not null.
    pub c211: String,
    /// `bigint`, nullable.
    pub c212: Option<i64>,
    /// `boolean`, not null.
    pub c213: bool,
    /// `text`, nullable.
    pub c214: Option<String>,
    /// `numeric`, nullable.
    pub c215: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c216: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c217: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c218: Option<f64>,
    /// `uuid`, nullable.
    pub c219: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c220: i32,
    /// `text`, not null.
    pub c221: String,
    /// `bigint`, nullable.
    pub c222: Option<i64>,
    /// `boolean`, not null.
    pub c223: bool,
    /// `text`, nullable.
    pub c224: Option<String>,
    /// `numeric`, nullable.
    pub c225: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c226: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c227: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c228: Option<f64>,
    /// `uuid`, nullable.
    pub c229: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c230: i32,
    /// `text`, not null.
    pub c231: String,
    /// `bigint`, nullable.
    pub c232: Option<i64>,
    /// `boolean`, not null.
    pub c233: bool,
    /// `text`, nullable.
    pub c234: Option<String>,
    /// `numeric`, nullable.
    pub c235: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c236: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c237: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c238: Option<f64>,
    /// `uuid`, nullable.
    pub c239: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c240: i32,
    /// `text`, not null.
    pub c241: String,
    /// `bigint`, nullable.
    pub c242: Option<i64>,
    /// `boolean`, not null.
    pub c243: bool,
    /// `text`, nullable.
    pub c244: Option<String>,
    /// `numeric`, nullable.
    pub c245: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c246: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c247: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c248: Option<f64>,
    /// `uuid`, nullable.
    pub c249: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c250: i32,
    /// `text`, not null.
    pub c251: String,
    /// `bigint`, nullable.
    pub c252: Option<i64>,
    /// `boolean`, not null.
    pub c253: bool,
    /// `text`, nullable.
    pub c254: Option<String>,
    /// `numeric`, nullable.
    pub c255: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c256: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c257: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c258: Option<f64>,
    /// `uuid`, nullable.
    pub c259: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c260: i32,
    /// `text`, not null.
    pub c261: String,
    /// `bigint`, nullable.
    pub c262: Option<i64>,
    /// `boolean`, not null.
    pub c263: bool,
    /// `text`, nullable.
    pub c264: Option<String>,
    /// `numeric`, nullable.
    pub c265: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c266: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c267: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c268: Option<f64>,
    /// `uuid`, nullable.
    pub c269: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c270: i32,
    /// `text`, not null.
    pub c271: String,
    /// `bigint`, nullable.
    pub c272: Option<i64>,
    /// `boolean`, not null.
    pub c273: bool,
    /// `text`, nullable.
    pub c274: Option<String>,
    /// `numeric`, nullable.
    pub c275: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c276: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c277: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c278: Option<f64>,
    /// `uuid`, nullable.
    pub c279: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c280: i32,
    /// `text`, not null.
    pub c281: String,
    /// `bigint`, nullable.
    pub c282: Option<i64>,
    /// `boolean`, not null.
    pub c283: bool,
    /// `text`, nullable.
    pub c284: Option<String>,
    /// `numeric`, nullable.
    pub c285: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c286: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c287: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c288: Option<f64>,
    /// `uuid`, nullable.
    pub c289: Option<uuid::Uuid>,
    /// `integer`, not null.
    pub c290: i32,
    /// `text`, not null.
    pub c291: String,
    /// `bigint`, nullable.
    pub c292: Option<i64>,
    /// `boolean`, not null.
    pub c293: bool,
    /// `text`, nullable.
    pub c294: Option<String>,
    /// `numeric`, nullable.
    pub c295: Option<rust_decimal::Decimal>,
    /// `timestamp with time zone`, nullable.
    pub c296: Option<chrono::DateTime<chrono::Utc>>,
    /// `text[]`, nullable.
    pub c297: Option<Vec<Option<String>>>,
    /// `double precision`, nullable.
    pub c298: Option<f64>,
    /// `uuid`, nullable.
    pub c299: Option<uuid::Uuid>,
}
