//! Derive macros of [howdah](https://docs.rs/howdah), the typed query layer for PostgreSQL. Apps use them through that
//! crate, which re-exports them.
//!
//! - [`macro@PgRow`] reads rows of a query into a struct.
//! - [`macro@PgSelect`], [`macro@PgInsert`] and [`macro@PgUpdate`] read and write a table without `.sql` files.
//! - [`macro@PgEnum`], [`macro@PgComposite`] and [`macro@PgDomain`] make Rust types for enums, composite types and domains.
//!
//! The macros read no files and need no server. The schema is in the generated `schema` module as constants, and the
//! compiler compares the structs with it.
//!
//! # How it is built
//!
//! - `attr` reads `#[pg(…)]` into settings, `check` reports settings that do not go together, and `model` holds the
//!   result: which column each field reads, and how;
//! - `expand` turns the model into the plain impl that a person would write, or, if there are errors, into its
//!   `skeleton`, so that the uses of the struct are not reported as well; `columns` connects these steps;
//! - `value` has the complete derives for types of the database;
//! - `errors` gathers every mistake of an input, so that one build shows them all.

mod attr;
mod case;
mod check;
mod columns;
mod errors;
mod expand;
mod model;
#[cfg(test)]
mod snapshots;
mod suggest;
mod value;

use proc_macro::TokenStream;

use model::Derive;

/// Reads the rows of a query into a struct.
///
/// Each field reads the column with its name. Columns are matched once per prepared statement. They can be in any order,
/// and columns without a field are ignored. A missing column, a type that does not fit, and two columns with the same name
/// are errors, which name the query, the column and the field.
///
/// ```
/// use howdah::PgRow;
///
/// #[derive(PgRow)]
/// struct Place {
///     id: i64,
///     name: String,
///     note: Option<String>, // may be null
/// }
/// ```
///
/// # Shapes
///
/// **Structs with named fields** read columns by name. A raw identifier counts without its `r#`.
///
/// **Tuple structs** read columns by position. The result must have exactly as many columns.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct NameAndPopulation(String, Option<i64>);
/// ```
///
/// **Generic structs** get a bound for each field whose type contains a type parameter, here `K: Decode<'r>`.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Keyed<K> {
///     id: K,
///     name: String,
/// }
/// ```
///
/// **Structs with lifetimes** borrow from the row instead of copying. All their lifetimes are the lifetime of the row.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Label<'r> {
///     id: i64,
///     name: &'r str,
/// }
/// ```
///
/// # On the struct
///
/// ## `table = schema::places`
///
/// Compares each field with the table while compiling: the column exists, the field's type can hold the column's type, and
/// the field is an `Option` if the column can be null. (An `Option` for a column that cannot be null is fine.) The path is
/// the path of a table in the generated `schema` module.
///
/// ```text
/// error[E0080]: evaluation panicked: column `places.note` is nullable, but field `Place::note` is `String`: use `Option<String>`
///  --> src/model.rs:9:11
///   |
/// 9 |     note: String,
///   |           ^^^^^^ evaluation of `_` failed here
/// ```
///
/// Some checks take place only when a statement is prepared: those of fields with `flatten`, whose struct names its own
/// table; whether the column of a field with `default` exists; and the types of fields that contain a generic parameter.
///
/// ## `rename_all = "camelCase"`
///
/// Makes the column names from the field names in this style: `"lowercase"`, `"UPPERCASE"`, `"PascalCase"`, `"camelCase"`,
/// `"snake_case"`, `"SCREAMING_SNAKE_CASE"`, `"kebab-case"` or `"SCREAMING-KEBAB-CASE"`.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// #[pg(rename_all = "camelCase")]
/// struct Place {
///     id: i64,
///     created_by: String, // column "createdBy"
/// }
/// ```
///
/// ## `transparent`
///
/// The struct has one field, which reads the only column of the result. The column can have any name.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// #[pg(transparent)]
/// struct Count {
///     rows: i64,
/// }
/// ```
///
/// ## `default`
///
/// If the result has no column for a field, the field gets its value from the struct's `Default`.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// #[pg(default)]
/// struct Settings {
///     page_size: i64,
/// }
///
/// impl Default for Settings {
///     fn default() -> Self {
///         Settings { page_size: 50 }
///     }
/// }
/// ```
///
/// ## `crate = path`
///
/// The path of the `howdah` crate, for crates that use it through a re-export.
///
/// ```
/// # use howdah::PgRow;
/// mod facade {
///     pub use howdah;
/// }
///
/// #[derive(PgRow)]
/// #[pg(crate = facade::howdah)]
/// struct Place {
///     id: i64,
/// }
/// ```
///
/// # On a field
///
/// ## `rename = "…"`
///
/// The name of the column, without quotes. It is case-sensitive.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Place {
///     #[pg(rename = "type")]
///     kind: String,
/// }
/// ```
///
/// ## `flatten`, `flatten(prefix = "…")`
///
/// The field is another row struct, and reads its columns. The names of these columns begin with the prefix. An `Option` is
/// `None` if all of the columns are null, as in a left join that found no row.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Country {
///     code: String,
///     name: String,
/// }
///
/// // select p.name, c.code as country_code, c.name as country_name
/// // from places p left join countries c on c.code = p.country
/// #[derive(PgRow)]
/// struct Place {
///     name: String,
///     #[pg(flatten(prefix = "country_"))]
///     country: Option<Country>,
/// }
/// ```
///
/// ## `record`
///
/// The column holds a row, which is read into another struct with `PgRow`: a whole row of a table, as in `select b from
/// books b`, a value of a composite type, or a record such as `row(1, 'a')`. An `Option` is `None` if the record is null. A
/// `Vec` reads an array of records, so that one query can return parents with their children. The field works like the type
/// `howdah::Record<T>`.
///
/// In a table's row or a composite value, fields are found by name, and fields that the struct does not have are ignored.
/// The fields of `row(…)` have no names; they are read in order, and there must be as many as in the struct. Records can
/// only be read.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Book {
///     title: String,
///     pages: Option<i16>,
/// }
///
/// // select a.name,
/// //        array(select b from books b where b.author = a.id order by b.title) as books,
/// //        (select b from books b where b.id = a.best_book) as best
/// // from authors a
/// #[derive(PgRow)]
/// struct Author {
///     name: String,
///     #[pg(record)]
///     books: Vec<Book>,
///     #[pg(record)]
///     best: Option<Book>,
/// }
/// ```
///
/// ## `default`
///
/// If the result has no such column, the field is `Default::default()`. Null is not replaced by the default.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Place {
///     name: String,
///     #[pg(default)]
///     distance: f64,
/// }
/// ```
///
/// ## `skip`
///
/// The field has no column, and is always `Default::default()`.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Place {
///     name: String,
///     #[pg(skip)]
///     visited: bool,
/// }
/// ```
///
/// ## `json`
///
/// The column is `json` or `jsonb`, and `serde` reads the document into the field's type. An `Option` is `None` for NULL
/// and also for the document `null`. The field works like the type `howdah::Json<T>`, and needs howdah's feature `json`.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(serde::Deserialize)]
/// struct OpeningHours {
///     from: u8,
///     to: u8,
/// }
///
/// #[derive(PgRow)]
/// struct Place {
///     name: String,
///     #[pg(json)]
///     hours: OpeningHours,
///     #[pg(json)]
///     extra: Option<Vec<String>>,
/// }
/// ```
///
/// ## `try_from = Type`
///
/// Reads the column as another type and converts the value with `TryFrom`. If the conversion fails, the error names the
/// query and the column. In an `Option`, values that are not null are converted.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct Place {
///     name: String,
///     #[pg(try_from = i64)]
///     population: u64,
///     #[pg(try_from = i32)]
///     floors: Option<u8>,
/// }
/// ```
#[proc_macro_derive(PgRow, attributes(pg))]
pub fn pg_row(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Row, &syn::parse_macro_input!(input)).into()
}

/// Inserts rows into a table, with a builder that sets single columns, or from whole structs.
///
/// Each field is written into the column with its name. The compiler compares the struct with the table in the generated
/// `schema` module: the columns exist, can hold the fields' types and can be written, and no column that needs a value is
/// left out. Columns that are not set get their defaults.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// use howdah::{Error, PgInsert, PgRow, Pool, key};
///
/// #[derive(PgRow, PgInsert)]
/// #[pg(table = schema::places)]
/// struct Place {
///     #[pg(key, generated)] // the database sets it
///     id: i64,
///     name: String,
///     note: Option<String>,
///     tags: Vec<String>,
/// }
///
/// async fn add(pool: &Pool) -> Result<(), Error> {
///     // Without `name`, this would not compile: the schema says that it is not null and has no default.
///     let place = Place::insert().name("Kathmandu").tags(&["city"]).returning().fetch(pool).await?;
///
///     // There may already be a row with this name.
///     let upsert = Place::insert()
///         .name("Kathmandu")
///         .note(Some("capital"))
///         .on_conflict(key!(schema::places::PLACES_NAME_KEY))
///         .do_update();
///     let outcome = upsert.returning_outcome().fetch(pool).await?;
///     assert!(!outcome.is_inserted());
///
///     // All fields of a struct, except those that the database sets.
///     let copy = Place { name: "Kathmandu 2".to_owned(), ..place };
///     copy.insert_row().execute(pool).await?;
///     Ok(())
/// }
/// ```
///
/// # Many rows
///
/// `insert_many` inserts a slice of structs. `upsert_many` also updates rows whose key exists already. `howdah::InsertMany`
/// describes further options, such as those of `on_conflict`.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// # use howdah::{PgInsert, key};
/// # #[derive(PgInsert)]
/// # #[pg(table = schema::places)]
/// # struct Place { name: String }
/// async fn save(pool: &howdah::Pool, places: &[Place]) -> Result<(), howdah::Error> {
///     let by_name = key!(schema::places::PLACES_NAME_KEY);
///     let counts = Place::upsert_many(places, by_name).execute_counted(pool).await?;
///     println!("{} new, {} updated", counts.inserted, counts.updated);
///     Ok(())
/// }
/// ```
///
/// # Violated constraints
///
/// The generated module of the table has enums of the constraints that inserts, updates and deletes can violate:
/// `InsertViolation`, `UpdateViolation` and `DeleteViolation`. An enum is left out if there are no such constraints.
///
/// A view that PostgreSQL writes through has the enums of the table below. A view with `instead of` triggers has none, nor has
/// a foreign table, whose constraints are only known to the other server.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// # use howdah::PgInsert;
/// # #[derive(PgInsert)]
/// # #[pg(table = schema::places)]
/// # struct Place { name: String }
/// use schema::places::InsertViolation;
///
/// async fn add(pool: &howdah::Pool, name: &str) -> Result<(), howdah::Error> {
///     if let Err(error) = Place::insert().name(name).execute(pool).await {
///         match error.violation() {
///             Some(InsertViolation::PlacesNameKey) => println!("{name} exists already"),
///             None => return Err(error),
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// # Views and generic structs
///
/// The table can be a view, if PostgreSQL can write through it or it has `instead of` triggers. An insert into another
/// view, or into a column that the view computes, does not compile. An insert through a view needs all values that the
/// table below needs. If the view does not show a column that needs a value, no insert compiles.
///
/// The macro implements `howdah::WriteRow`, which bulk inserts and COPY use. A struct with type parameters has
/// `insert_row`, but no builder.
///
/// # Types without a binary form
///
/// A column whose type PostgreSQL cannot send in binary, such as `box2d` or `seg`, is cast to a type that it can, and back. The
/// field has the type that holds that one: `howdah::Box2d`, or `String`. `howdah::types_guide` lists them. COPY cannot cast:
/// `copy_in` of such a struct does not compile, and `insert_many` does without COPY.
///
/// # The methods that set columns
///
/// A method has the name of its field. If the builder already has a method with this name, such as `sql`, it is called
/// `set_…`. The argument is `&str` for a `String`, a slice for a `Vec`, a reference for other types that own memory, such as
/// `serde_json::Value` and `howdah::LTree`, and an `Option` if the field is one. `None` means null. Types of your own are
/// passed as they are.
///
/// # On a field
///
/// `rename`, `rename_all`, `skip`, `json`, `try_from` and `crate` have the same meaning as for [`macro@PgRow`], so one
/// struct can be read and written. A field with `try_from = Type` is cloned and converted to that type.
///
/// ## `generated`
///
/// The database sets the value: an identity that is `generated always`, a generated column, a default that the app never
/// overrides, or a value from a trigger. The field is never written, and no insert needs it.
#[proc_macro_derive(PgInsert, attributes(pg))]
pub fn pg_insert(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Insert, &syn::parse_macro_input!(input)).into()
}

/// Updates and deletes rows: the row with a key, or all rows for which a condition is true.
///
/// Only columns that you set are written. If you do not call the method of a column, the column keeps its value; `None`
/// sets it to null. An update that sets no column is an error. With `or_nothing` it does nothing instead.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// use howdah::{Error, PgRow, PgSelect, PgUpdate, Pool};
///
/// #[derive(PgRow, PgSelect, PgUpdate)]
/// #[pg(table = schema::places)]
/// struct Place {
///     #[pg(key)]
///     id: i64,
///     name: String,
///     note: Option<String>,
/// }
///
/// async fn change(pool: &Pool) -> Result<(), Error> {
///     // update "places" set "note" = $1 where "id" = $2
///     Place::update(42).note(None).execute(pool).await?;
///
///     let renamed: Option<Place> = Place::update(42).name("Oslo").returning().fetch(pool).await?;
///     Place::update(42).set_to_sql(Place::NAME, "upper(name)").execute(pool).await?;
///     Place::update_where(Place::NOTE.is_null()).note(Some("none")).execute(pool).await?;
///
///     if let Some(mut place) = renamed {
///         place.name.push('!');
///         place.update_row().execute(pool).await?; // sets all columns
///     }
///     Place::delete(42).execute(pool).await?;
///     Place::delete_many(&[1, 2, 3]).execute(pool).await?;
///     Ok(())
/// }
/// ```
///
/// # Only what a request changes
///
/// A request such as an HTTP PATCH has a struct of its own, whose fields are `Option`s of the columns' types: `None` leaves the
/// column alone, and `Some(None)` sets it to null. The type of the builder does not depend on the columns that are set.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// # use howdah::{PgRow, PgUpdate};
/// # #[derive(PgRow, PgUpdate)]
/// # #[pg(table = schema::places)]
/// # struct Place { #[pg(key)] id: i64, name: String, note: Option<String> }
/// struct Changes {
///     name: Option<String>,
///     note: Option<Option<String>>,
/// }
///
/// async fn change(id: i64, changes: Changes, pool: &howdah::Pool) -> Result<u64, howdah::Error> {
///     let mut update = Place::update(id).or_nothing();
///     if let Some(name) = &changes.name {
///         update = update.name(name);
///     }
///     if let Some(note) = &changes.note {
///         update = update.note(note.as_deref());
///     }
///     update.execute(pool).await
/// }
/// ```
///
/// # What it implements
///
/// If the struct has a key, the macro also implements `howdah::UpdateRow`, which bulk updates use. The methods that set
/// columns are those of [`macro@PgInsert`]. Columns of the key and `generated` columns have no such method.
///
/// # On a field
///
/// ## `key`
///
/// The column is the key, alone or together with other fields marked `key`. The compiler checks that the table has a
/// primary key, a unique constraint or a unique index of these columns. `update`, `delete`, `find` and similar functions
/// take the values of the key in the order of the fields.
///
/// ## `version`
///
/// The column is an integer that counts the changes of its row (optimistic locking). Each update raises it by one, and so
/// does `do_update` of an insert whose row exists already. `update`, `delete` and `update_row` take the version that was
/// read. If the row has another version by then, or was deleted, nothing is written, and the error has the kind
/// `ErrorKind::Stale`. With `only_where`, this is not an error: nothing is written either if the row does not meet the
/// condition, so the number of rows, 0, or the row, `None`, is the answer to both.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// # use howdah::PgUpdate;
/// #[derive(PgUpdate)]
/// #[pg(table = schema::places)]
/// struct Place {
///     #[pg(key)]
///     id: i64,
///     name: String,
///     #[pg(version)]
///     version: i32,
/// }
///
/// let update = Place::update(42, 3).name("Oslo");
/// assert_eq!(
///     update.sql(),
///     r#"update "places" set "name" = $1, "version" = "version" + 1 where "id" = $2 and "version" = $3"#
/// );
/// ```
#[proc_macro_derive(PgUpdate, attributes(pg))]
pub fn pg_update(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Update, &syn::parse_macro_input!(input)).into()
}

/// Reads rows of a table: the row with a key, or lists with a condition, an order, a limit and pages.
///
/// The struct also needs [`macro@PgRow`] or a `PgRow` written by hand. All of its columns, including those of nested
/// structs, must be columns of the table. The macro makes a constant for each column that knows the field's type, so the
/// compiler checks the values that a column is compared with.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// use howdah::{Error, PgRow, PgSelect, Pool, page_order};
///
/// #[derive(PgRow, PgSelect)]
/// #[pg(table = schema::places)]
/// struct Place {
///     #[pg(key)]
///     id: i64,
///     name: String,
///     note: Option<String>,
///     tags: Vec<String>,
/// }
///
/// async fn look_around(pool: &Pool) -> Result<(), Error> {
///     let place: Option<Place> = Place::find(42).fetch(pool).await?;
///     let places: Vec<Place> = Place::find_many(&[3, 1, 2]).fetch(pool).await?; // in this order
///     let known: bool = Place::exists(42).fetch(pool).await?;
///
///     let cities = Place::TAGS.has("city").and(Place::NAME.starts_with("K"));
///     let cities = Place::select().filter(cities).order_by(Place::NAME.asc()).limit(10);
///     for city in cities.fetch(pool).await? {
///         println!("{}", city.name);
///     }
///     let without_note: i64 = Place::select().filter(Place::NOTE.is_null()).count(pool).await?;
///
///     // Page after page: this one begins after the place with these values. Without the key, it would not compile.
///     let order = page_order!(Place::NAME.asc(), Place::ID.asc());
///     let page = Place::select().page(50, order, Some(("Oslo", 42))).fetch(pool).await?;
///     Ok(())
/// }
/// ```
///
/// The struct cannot have lifetimes or type parameters. Without a field marked `key`, it has only lists.
///
/// [`Filter::sql`](https://docs.rs/howdah/latest/howdah/struct.Filter.html#method.sql) and `Order::sql` take conditions and
/// orders that have no method, `for_update` and its siblings lock the rows of a list.
///
/// # Joins, aggregates, rows that are deleted only by a mark
///
/// The table of the struct can be a view. Then lists, filters, orders and pages work on any query, and the compiler checks
/// the struct as it does for tables: howdah works out which columns of a view can be null. As a view has no constraints, it
/// believes what is marked `key`.
///
/// ```sql
/// create view open_orders as
/// select o.id, o.total, c.name as customer
/// from orders o join customers c on c.id = o.customer
/// where o.deleted_at is null;
/// ```
#[proc_macro_derive(PgSelect, attributes(pg))]
pub fn pg_select(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Select, &syn::parse_macro_input!(input)).into()
}

/// Reads and writes an enum of the database, `create type … as enum`, as a Rust enum.
///
/// Each variant stands for the label with its name. The database type is expected in the schema `public`, with the name of
/// the Rust enum in `snake_case`. The macro implements `howdah::Decode` and `howdah::Encode`. A label without a variant is
/// an error that names the query and the column, unless there is a variant for [`other`](#other) labels.
///
/// ```
/// use howdah::PgEnum;
///
/// // create type mood as enum ('happy', 'very sad')
/// #[derive(PgEnum)]
/// #[pg(rename_all = "lowercase")]
/// enum Mood {
///     Happy,
///     #[pg(rename = "very sad")]
///     VerySad,
/// }
/// ```
///
/// # On the enum
///
/// - `name = "…"` is the name of the type in the database. A schema other than `public` comes first: `name = "app.mood"`.
/// - `schema = "…"` is the schema, if it is not part of the name. Then the name can contain dots.
/// - `rename_all = "…"` makes the labels from the names of the variants, in the styles of [`macro@PgRow`].
/// - `crate = path` is the path of the `howdah` crate.
///
/// # On a variant
///
/// ## `rename = "…"`
///
/// The label of the variant.
///
/// ## `other`
///
/// The variant holds all labels that no other variant stands for. Its type must convert from and to `&str`: for example
/// `String`, or `Cow<str>` in an enum with a lifetime.
///
/// ```
/// # use howdah::PgEnum;
/// #[derive(PgEnum)]
/// #[pg(name = "app.mood", rename_all = "snake_case")]
/// enum Mood {
///     Happy,
///     #[pg(other)]
///     Other(String),
/// }
/// ```
#[proc_macro_derive(PgEnum, attributes(pg))]
pub fn pg_enum(input: TokenStream) -> TokenStream {
    value::pg_enum(&syn::parse_macro_input!(input)).into()
}

/// Reads and writes a composite type of the database, `create type … as (…)`, or the whole row of a table, as a struct.
///
/// The fields have the names of the composite's fields, in the same order. Names, order and types are compared with the
/// database once per prepared statement. Every field of a composite can be null, so make fields `Option` unless you know
/// better. A null in another field is an error that names the query, the column and the field.
///
/// The macro implements `howdah::Decode` and `howdah::Encode`. A struct with a lifetime borrows from the row.
///
/// ```
/// use howdah::PgComposite;
///
/// // create type address as (street text, no int)
/// #[derive(PgComposite)]
/// struct Address {
///     street: Option<String>,
///     #[pg(rename = "no")]
///     number: Option<i32>,
/// }
/// ```
///
/// # On the struct
///
/// `name`, `schema`, `rename_all` and `crate` have the same meaning as for [`macro@PgEnum`].
///
/// # On a field
///
/// `rename = "…"` is the name of the composite's field.
#[proc_macro_derive(PgComposite, attributes(pg))]
pub fn pg_composite(input: TokenStream) -> TokenStream {
    value::pg_composite(&syn::parse_macro_input!(input)).into()
}

/// Reads and writes the values of a domain, `create domain … as …`, as a struct around the Rust type of the domain's base
/// type.
///
/// The macro implements `howdah::Decode` and `howdah::Encode`. The server describes columns of a domain by the base type,
/// so the struct reads and writes both.
///
/// ```
/// use howdah::PgDomain;
///
/// // create domain email as text check (value like '%@%')
/// #[derive(PgDomain)]
/// struct Email(String);
/// ```
///
/// # On the struct
///
/// `name`, `schema` and `crate` have the same meaning as for [`macro@PgEnum`].
///
/// ## `transparent`
///
/// There is no domain. The struct reads and writes the same types as its field.
///
/// ```
/// # use howdah::PgDomain;
/// #[derive(PgDomain)]
/// #[pg(transparent)]
/// struct PlaceId(i64);
/// ```
#[proc_macro_derive(PgDomain, attributes(pg))]
pub fn pg_domain(input: TokenStream) -> TokenStream {
    value::pg_domain(&syn::parse_macro_input!(input)).into()
}
