//! The user's choices for the generated code: the part of the configuration that the model reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The user's choices for the generated code.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Rust types of SQL types: `citext` or `public.citext` to `crate::Text`.
    pub types: BTreeMap<String, String>,
    /// Rust types of columns: `places.note` or `public.places.note` to `crate::Note`.
    pub columns: BTreeMap<String, String>,
    /// Names of the structs for whole rows of a table: `places` to `Place`.
    pub rows: BTreeMap<String, String>,
    /// The Rust types of domains.
    pub domains: Domains,
    /// The crate whose types hold dates and times.
    pub calendar: Calendar,
    /// The Rust type of `numeric`.
    pub decimal: DecimalType,
    /// The enums with a variant for unknown labels.
    pub open_enums: OpenEnums,
    /// The derives of generated types besides `Clone` and `Debug`.
    pub derives: Vec<String>,
    /// The highest number of parameters that a function takes one by one.
    pub max_arguments: usize,
    /// The tables of the `schema` module.
    pub tables: Tables,
    /// How to tell which constraint a query has violated.
    pub errors: Errors,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            types: BTreeMap::new(),
            columns: BTreeMap::new(),
            rows: BTreeMap::new(),
            domains: Domains::default(),
            calendar: Calendar::default(),
            decimal: DecimalType::default(),
            open_enums: OpenEnums::default(),
            derives: Vec::new(),
            // Clippy's `too_many_arguments` warns from the eighth argument on.
            max_arguments: 7,
            tables: Tables::default(),
            errors: Errors::default(),
        }
    }
}

/// The Rust types of domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Domains {
    /// A struct for each domain, around the Rust type of its base type.
    #[default]
    Newtype,
    /// The Rust type of the domain's base type.
    Transparent,
}

/// How the generated code tells which constraint a query has violated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Errors {
    /// By an enum for each query that writes, and for each table's builders.
    #[default]
    Enums,
    /// Only by the constants of the `schema` module.
    Consts,
}

/// The crate whose types hold dates, times and timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// `chrono::NaiveDate`, `NaiveTime`, `NaiveDateTime` and `DateTime<Utc>`.
    #[default]
    Chrono,
    /// `time::Date`, `Time`, `PrimitiveDateTime` and `OffsetDateTime`. Needs howdah's feature `time`.
    Time,
    /// `jiff::civil::Date`, `civil::Time`, `civil::DateTime` and `Timestamp`. Needs howdah's feature `jiff`.
    Jiff,
    /// `howdah::Date`, `Time` and `Timestamp`, which hold all of PostgreSQL's calendar and infinity.
    Howdah,
}

/// The Rust type of `numeric`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalType {
    /// `rust_decimal::Decimal`, which holds 96 bits.
    #[default]
    RustDecimal,
    /// `bigdecimal::BigDecimal`, which holds numbers of any size. Needs howdah's feature `bigdecimal`.
    #[serde(rename = "bigdecimal")]
    BigDecimal,
    /// `howdah::Numeric`, which also holds `NaN` and infinity, but has no arithmetic.
    Howdah,
}

/// Which enums have a variant `Other(String)`, for labels that are added after the code was generated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected `\"all\"`, `\"none\"` or a list of enums"
)]
pub enum OpenEnums {
    /// `"all"` or `"none"`.
    Rule(OpenEnumRule),
    /// These: `mood` or `public.mood`.
    Named(Vec<String>),
}

impl Default for OpenEnums {
    fn default() -> Self {
        Self::Rule(OpenEnumRule::None)
    }
}

/// A rule for enums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenEnumRule {
    /// None: an unknown label is an error.
    None,
    /// All of them.
    All,
}

/// The tables of the `schema` module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected `\"used\"`, `\"all\"` or a list of tables"
)]
pub enum Tables {
    /// `"used"` or `"all"`.
    Rule(TableRule),
    /// These: `places` or `public.places`.
    Named(Vec<String>),
}

impl Default for Tables {
    fn default() -> Self {
        Self::Rule(TableRule::Used)
    }
}

/// The tables of the `schema` module, if they are not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableRule {
    /// The tables that a query reads or writes.
    Used,
    /// All tables of the database, except PostgreSQL's own, and those of extensions that no query uses.
    All,
}
