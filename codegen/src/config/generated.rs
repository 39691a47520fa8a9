//! Options about the content of the generated code: its tables, types and derives.

use super::Config;
use crate::model::{
    Calendar, DecimalType, Domains, Errors, OpenEnumRule, OpenEnums, TableRule, Tables,
};

impl Config {
    /// Puts the tables that queries use into the `schema` module. This is the default.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables().used_tables();
    /// ```
    pub fn used_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::Used);
        self
    }

    /// Puts all tables of the database into the `schema` module, except PostgreSQL's own and the unused tables of extensions.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables();
    /// ```
    pub fn all_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::All);
        self
    }

    /// Puts only these tables into the `schema` module.
    ///
    /// ```
    /// howdah_codegen::Config::new().tables(["places", "audit.entries"]);
    /// ```
    pub fn tables<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.settings.tables = Tables::Named(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a derive to all generated types. They always have `Debug`, and enums, composites and domains have `Clone`.
    /// Rows have no more, because each derive costs time to compile. With serde's derives, enums are written and read
    /// as their labels. All types in the generated structs need the trait: howdah's own types (ranges, intervals,
    /// addresses and so on) have serde's traits with its feature `serde`; replace others by a type of yours
    /// ([`sql_type`](Self::sql_type)).
    ///
    /// ```
    /// howdah_codegen::Config::new().derive("Clone").derive("serde::Serialize");
    /// ```
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.settings.derives.push(path.into());
        self
    }

    /// Sets the Rust type of an SQL type. It must implement howdah's `Decode` and `Encode`.
    ///
    /// ```
    /// howdah_codegen::Config::new().sql_type("citext", "crate::Caseless");
    /// ```
    pub fn sql_type(mut self, sql: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.types.insert(sql.into(), rust.into());
        self
    }

    /// Sets the Rust type of a column, and of parameters that are stored in it or compared with it.
    ///
    /// ```
    /// howdah_codegen::Config::new().column("places.note", "crate::Note");
    /// ```
    pub fn column(mut self, column: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.columns.insert(column.into(), rust.into());
        self
    }

    /// Sets the name of the struct for whole rows of a table. The default for the table `places` is `PlacesRow`.
    ///
    /// ```
    /// howdah_codegen::Config::new().row_name("places", "Place");
    /// ```
    pub fn row_name(mut self, table: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.rows.insert(table.into(), name.into());
        self
    }

    /// Chooses how to tell which constraint a query has violated. The default is [`Errors::Enums`].
    ///
    /// ```
    /// use howdah_codegen::{Config, Errors};
    ///
    /// Config::new().errors(Errors::Consts);
    /// ```
    pub fn errors(mut self, errors: Errors) -> Self {
        self.settings.errors = errors;
        self
    }

    /// Chooses the Rust types of domains. The default is [`Domains::Newtype`].
    ///
    /// ```
    /// use howdah_codegen::{Config, Domains};
    ///
    /// Config::new().domains(Domains::Transparent);
    /// ```
    pub fn domains(mut self, domains: Domains) -> Self {
        self.settings.domains = domains;
        self
    }

    /// Chooses the crate whose types hold dates, times and timestamps. The default is [`Calendar::Chrono`].
    ///
    /// ```
    /// use howdah_codegen::{Calendar, Config};
    ///
    /// Config::new().calendar(Calendar::Jiff);
    /// ```
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.settings.calendar = calendar;
        self
    }

    /// Chooses the Rust type of `numeric`. The default is [`DecimalType::RustDecimal`].
    ///
    /// ```
    /// use howdah_codegen::{Config, DecimalType};
    ///
    /// Config::new().decimal(DecimalType::BigDecimal);
    /// ```
    pub fn decimal(mut self, decimal: DecimalType) -> Self {
        self.settings.decimal = decimal;
        self
    }

    /// Gives every enum a variant `Other(String)`, for labels that are added after the code was generated. Without it, reading
    /// an unknown label is an error.
    ///
    /// ```
    /// howdah_codegen::Config::new().open_enums();
    /// ```
    pub fn open_enums(mut self) -> Self {
        self.settings.open_enums = OpenEnums::Rule(OpenEnumRule::All);
        self
    }

    /// Gives one enum, such as `mood` or `public.mood`, a variant `Other(String)`. Call it again to name more enums.
    ///
    /// ```
    /// howdah_codegen::Config::new().open_enum("mood");
    /// ```
    pub fn open_enum(mut self, name: impl Into<String>) -> Self {
        match &mut self.settings.open_enums {
            OpenEnums::Named(names) => names.push(name.into()),
            open => *open = OpenEnums::Named(vec![name.into()]),
        }
        self
    }

    /// Sets how many parameters a function can have. A query with more takes a struct instead. The default is 7, the most
    /// that clippy's lint `too_many_arguments` allows.
    ///
    /// ```
    /// howdah_codegen::Config::new().max_arguments(4);
    /// ```
    pub fn max_arguments(mut self, count: usize) -> Self {
        self.settings.max_arguments = count;
        self
    }
}
