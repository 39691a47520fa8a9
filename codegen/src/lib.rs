//! The `howdah` command, and a library with the same functions for build scripts: both check `.sql` files against a
//! PostgreSQL schema and write a Rust function for each query. The app calls these functions with the crate
//! [`howdah`](https://docs.rs/howdah).
//!
//! ```sql
//! -- queries/places.sql
//!
//! -- name: find_place
//! select * from places where id = :id;
//! ```
//!
//! This query becomes the function `queries::places::find_place(id)` and a struct for its rows. PostgreSQL analyses the SQL;
//! howdah works out which values can be null and how many rows there can be.
//!
//! # With a lock file and a build script
//!
//! This is the recommended way: builds need no database, and no generated code is committed.
//!
//! 1. Install the command with `cargo install howdah-codegen`, and say in `howdah.toml` where the schema comes from:
//!
//!    ```toml
//!    migrations = "migrations"
//!    lock_only = true
//!    ```
//!
//! 2. Run `howdah generate` after each change of a query or of the schema. It starts a throw-away PostgreSQL server, applies
//!    the migrations, checks the queries, and writes the result to `howdah.lock`. Commit this file.
//!
//! 3. Add this crate to the build dependencies, without the command, and generate the modules from the lock file:
//!
//!    ```toml
//!    [build-dependencies]
//!    howdah-codegen = { version = "0.1", default-features = false }
//!    ```
//!
//!    ```no_run
//!    // build.rs
//!    fn main() -> Result<(), Box<dyn std::error::Error>> {
//!        howdah_codegen::Config::from_file("howdah.toml")?.offline().generate()?;
//!        Ok(())
//!    }
//!    ```
//!
//!    ```ignore
//!    // src/lib.rs
//!    pub mod queries {
//!        include!(concat!(env!("OUT_DIR"), "/queries/mod.rs"));
//!    }
//!    ```
//!
//!    The build fails if a query is not in the lock file, or has changed since.
//!
//! 4. Let CI run `howdah generate --check`. It writes nothing, and fails if the schema, the queries and the lock file
//!    disagree.
//!
//! # With the command alone
//!
//! Without `lock_only`, `howdah generate` also writes the modules to `src/queries`, and you commit them. Two more commands
//! write nothing: `howdah describe` shows what each query takes and returns, and why; `howdah derive TABLE` prints a struct
//! for a table, ready to paste. `howdah --help` lists all options, and [`Config`] has a method for each option of
//! `howdah.toml`.
//!
//! # Errors
//!
//! A [`Failure`] shows all errors of all files at once, each with its place in the file:
//!
//! ```text
//! error: column c.naem does not exist
//!  --> queries/countries.sql:3:16
//!   |
//! 3 | select c.code, c.naem, c.continent, count(*) as places
//!   |                ^^^^^^
//!   |
//!   = note: hint: Perhaps you meant to reference the column "c.name".
//! ```
//!
//! If there is one error, no file is written. A build script only has to return the `Failure` from `main`: its `Debug` output
//! is the message. Warnings do not stop a build; cargo shows them.
//!
//! # A database for each test
//!
//! An app's own tests can use the throw-away server, too ([`scratch`]): the schema is loaded once, and each test gets a copy of
//! it, which is dropped at the end. Use this crate as a dev-dependency, without the command.
//!
//! ```no_run
//! use howdah_codegen::{migrations, scratch::Server};
//!
//! let schema = migrations::read_migrations("migrations".as_ref())?;
//! let template = Server::shared()?.template_of(schema.files())?;
//! let database = template.database()?;
//! println!("{}", database.url()); // for `howdah::Pool::connect`
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it works
//!
//! Data flows one way, and each stage knows only the stages before it:
//!
//! ```text
//! .sql files ──► source ──► describe ──► analyze ──► model ──► emit ──► write
//! live schema ─► catalog ───┘    (pure functions from here on)
//! ```
//!
//! `source` splits the files into queries. `catalog` reads the schema, and `describe` asks the server for each query's types
//! and query tree. `analyze` works out what can be null and how many rows there can be. `model` chooses names and Rust types,
//! `emit` turns them into code, and `write` writes the files that have changed.

// The hidden modules are public for howdah's own tests and tools. They are not part of the API, and may change in any version.
#[doc(hidden)]
pub mod analyze;
#[doc(hidden)]
pub mod cardinality;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod describe;
#[doc(hidden)]
pub mod diagnostics;
#[doc(hidden)]
pub mod emit;
#[doc(hidden)]
pub mod generate;
#[doc(hidden)]
pub mod inspect;
#[doc(hidden)]
pub mod lock;
pub mod migrations;
#[doc(hidden)]
pub mod model;
mod nodes;
mod portable;
pub mod scratch;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod tree;
#[doc(hidden)]
pub mod write;

pub use cardinality::Cardinality;
pub use config::{Config, ConfigError};
pub use diagnostics::Style;
pub use emit::Form;
pub use generate::{Failure, Outcome, Report, describe, structs};
pub use model::{
    Calendar, DecimalType, Domains, Errors, QueryReport, ReportedColumn, ReportedError,
    ReportedField, ReportedParam, TableRule,
};
