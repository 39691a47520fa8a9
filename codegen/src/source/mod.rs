//! Splits `.sql` files into queries: names, documentation, directives, and SQL with its parameters numbered.
//!
//! It is a lexer with PostgreSQL's rules and a reader of `--` lines. It does not parse SQL, needs no server and reads
//! no files. Information that is not in the text, such as types, is left to later stages.
//!
//! ```sql
//! -- name: find_place :opt -> crate::Place
//! -- The place with this id.
//! -- param: id crate::PlaceId
//! -- column: tags Vec<crate::Tag>
//! select * from places where id = :id;
//! ```
//!
//! The name line can state a cardinality and the Rust type of the rows. The `--` lines right below it are
//! documentation. `-- param: name Type` and `-- column: name Type` state Rust types; `name?` can be null, `name!`
//! cannot, and a type can follow either. A parameter written as `$1` is called `$1` there; a column's name can be in
//! double quotes.
//!
//! `:name` is a parameter, and `$1` in queries that use only numbers. Casts (`::`), `:=` and the slices of arrays
//! (`a[1:n]`) are left alone; see [`Query::sql`]. A query ends at its `;` or at the next name line.

mod directive;
mod error;
mod file;
mod head;
mod lexer;
mod literal;
mod mistaken;
mod names;
mod params;
mod placeholders;
mod query;
mod recovery;
mod sql_map;
mod statements;

pub use error::{Lines, Severity, SourceError};
pub use file::parse;
pub use lexer::{Lexer, Quoted, Token, TokenKind};
pub(crate) use names::with_words;
pub use names::{did_you_mean, is_identifier, snake_case, suggest_identifier};
pub use query::{NullableParams, Override, Param, Query, SourceFile, Spanned};
pub use sql_map::map_params;
pub(crate) use statements::each_statement;
pub(crate) use statements::first_word;
pub use statements::split_statements;
