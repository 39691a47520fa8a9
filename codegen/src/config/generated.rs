//! What the generated code is made of: its tables, its types, its derives.

use super::Config;
use crate::model::{
    Calendar, DecimalType, Domains, Errors, OpenEnumRule, OpenEnums, TableRule, Tables,
};

impl Config {
    /// Puts the tables that queries use into the `schema` module, as is the default.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables().used_tables();
    /// ```
    pub fn used_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::Used);
        self
    }

    /// Puts all tables of the database into the `schema` module, not only those that queries use.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables();
    /// ```
    pub fn all_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::All);
        self
    }

    /// Puts just these tables into the `schema` module.
    ///
    /// ```
    /// howdah_codegen::Config::new().tables(["places", "audit.entries"]);
    /// ```
    pub fn tables<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.settings.tables = Tables::Named(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a derive for all generated types, besides `Clone` and `Debug`.
    ///
    /// ```
    /// howdah_codegen::Config::new().derive("PartialEq").derive("serde::Serialize");
    /// ```
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.settings.derives.push(path.into());
        self
    }

    /// The Rust type of an SQL type: one that implements `Decode` and `Encode`.
    ///
    /// ```
    /// howdah_codegen::Config::new().sql_type("citext", "crate::Caseless");
    /// ```
    pub fn sql_type(mut self, sql: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.types.insert(sql.into(), rust.into());
        self
    }

    /// The Rust type of a column, and of parameters that are compared with it or stored in it.
    ///
    /// ```
    /// howdah_codegen::Config::new().column("places.note", "crate::Note");
    /// ```
    pub fn column(mut self, column: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.columns.insert(column.into(), rust.into());
        self
    }

    /// The name of the struct for whole rows of a table; `PlacesRow` for the table `places` if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().row_name("places", "Place");
    /// ```
    pub fn row_name(mut self, table: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.rows.insert(table.into(), name.into());
        self
    }

    /// What tells the constraints that a query can violate; an enum beside each query that writes if not given.
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

    /// What domains become; newtypes if not given.
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

    /// Whose types dates, times and timestamps become; those of `chrono` if not given.
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

    /// What `numeric` becomes; `rust_decimal::Decimal` if not given.
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

    /// Gives every enum a variant `Other(String)`, for labels that are added after the code was generated. A label that is
    /// not known is an error if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().open_enums();
    /// ```
    pub fn open_enums(mut self) -> Self {
        self.settings.open_enums = OpenEnums::Rule(OpenEnumRule::All);
        self
    }

    /// Gives one enum, `mood` or `public.mood`, a variant `Other(String)`, and others that are named so.
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

    /// The highest number of parameters that a function takes one by one; more come in a struct. 7 if not given, above
    /// which clippy's `too_many_arguments` would complain.
    ///
    /// ```
    /// howdah_codegen::Config::new().max_arguments(4);
    /// ```
    pub fn max_arguments(mut self, count: usize) -> Self {
        self.settings.max_arguments = count;
        self
    }
}
