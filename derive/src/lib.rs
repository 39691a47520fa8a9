//! Derive macros of [howdah](https://docs.rs/howdah), the typed query layer for PostgreSQL. An app uses
//! them through that crate, which re-exports them.
//!
//! [`macro@PgRow`] makes a struct readable from the rows of a query. The macro reads no file and asks
//! no server: what the schema says comes from the generated `schema` module, as consts, and the compiler
//! compares them.
//!
//! [`macro@PgEnum`], [`macro@PgComposite`] and [`macro@PgDomain`] make Rust types of one's own for types of the database.
//!
//! # How it is built
//!
//! - `attr` reads `#[pg(…)]` into settings, `check` reports settings that do not go together, `model`
//!   is what is left: which column each field reads, and how;
//! - `expand` turns the model into the plain impl that a person would write, and beside errors into its `skeleton`, so that
//!   the uses of the struct are not reported as well; `columns` is the way from one to the next;
//! - `value` has the derives for types of the database from end to end;
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
/// Each field reads the column of its name. Columns are matched once per prepared statement: they
/// may come in any order, and those that no field reads are left alone. A missing column, a type that
/// does not fit, or two columns of one name are errors that name query, column and field.
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
/// **Named structs** read columns by name, a raw identifier without its `r#`.
///
/// **Tuple structs** read columns by position, and there must be just as many.
///
/// ```
/// # use howdah::PgRow;
/// #[derive(PgRow)]
/// struct NameAndPopulation(String, Option<i64>);
/// ```
///
/// **Generic structs** get a bound for each field whose type names a type parameter, such as
/// `T: Decode<'r>` here.
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
/// **Borrowing structs** hold what they read without a copy; all their lifetimes are the row's.
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
/// Checks each field against the table while compiling: the column exists, the field's type holds its
/// type, and the field is an `Option` if it can be null. (An `Option` over a column that is never null
/// is fine.) The path is that of a table in the generated `schema` module.
///
/// ```text
/// error[E0080]: evaluation panicked: column `places.note` is nullable, but field `Place::note` is `String`: use `Option<String>`
///  --> src/model.rs:9:11
///   |
/// 9 |     note: String,
///   |           ^^^^^^ evaluation of `_` failed here
/// ```
///
/// Not checked are fields with `flatten`, whose struct names its own table; the absence of columns
/// with `default`; and types that name a generic parameter, of which only the column's name is checked.
/// All of them are checked when a statement is prepared.
///
/// ## `rename_all = "camelCase"`
///
/// How column names are made from field names: `"lowercase"`, `"UPPERCASE"`, `"PascalCase"`,
/// `"camelCase"`, `"snake_case"`, `"SCREAMING_SNAKE_CASE"`, `"kebab-case"` or `"SCREAMING-KEBAB-CASE"`.
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
/// The struct's one field is the only column of the row, whatever it is called.
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
/// Where the result has no column for a field, the field is that of the struct's `Default`.
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
/// Where the `howdah` crate is found, for crates that re-export it.
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
/// The name of the column, as PostgreSQL has it: unquoted, and not folded.
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
/// The columns of another row struct, all of whose names start with the prefix. An `Option` of a struct
/// is `None` if all of its columns are null, as after a left join that found nothing.
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
/// `Vec` reads an array of records, so that one query can return parents with their children. The field stands for the type
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
/// Where the result has no such column, the field is `Default::default()`. A null is not replaced.
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
/// Reads no column: the field is always `Default::default()`.
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
/// The column is a `json` or `jsonb` document, which `serde` reads into the field's type. For an
/// `Option`, both NULL and the document `null` are `None`. It stands for the type `howdah::Json<T>`,
/// and needs howdah's feature `json`.
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
/// Reads the column as another type and converts it with `TryFrom`. An error of the conversion is told
/// with query and column. For an `Option`, what is not null is converted.
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

/// Inserts of a struct into a table: a builder that takes the columns one by one, and whole structs.
///
/// Each field is written into the column of its name. The compiler compares the struct with the table of the
/// generated `schema` module: the columns exist, hold the fields' types, may be written, and none is left
/// out that needs a value. Columns that are not set get their defaults.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// use howdah::{Error, PgInsert, PgRow, Pool, key};
///
/// #[derive(PgRow, PgInsert)]
/// #[pg(table = schema::places)]
/// struct Place {
///     #[pg(key, generated)] // the database makes it
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
///     // A row of that name may be there already.
///     let upsert = Place::insert()
///         .name("Kathmandu")
///         .note(Some("capital"))
///         .on_conflict(key!(schema::places::PLACES_NAME_KEY))
///         .do_update();
///     let outcome = upsert.returning_outcome().fetch(pool).await?;
///     assert!(!outcome.is_inserted());
///
///     // All fields of a struct, but those that the database makes.
///     let copy = Place { name: "Kathmandu 2".to_owned(), ..place };
///     copy.insert_row().execute(pool).await?;
///     Ok(())
/// }
/// ```
///
/// # Many rows
///
/// `insert_many` takes a slice of structs, and `upsert_many` updates those whose key is there already. See
/// `howdah::InsertMany` for what else can be asked of them, and for what `on_conflict` has besides.
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
/// The generated module of the table has an enum of the constraints that an insert can violate, and others for updates and
/// deletions: `InsertError`, `UpdateError` and `DeleteError`, where there are any.
/// A view has none of its own: what is written through it is refused by the constraints of the table below, whose enums know
/// them. Nor has a foreign table, whose constraints are known to the other server alone.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples_schema/places.rs")); }
/// # use howdah::PgInsert;
/// # #[derive(PgInsert)]
/// # #[pg(table = schema::places)]
/// # struct Place { name: String }
/// use schema::places::InsertError;
///
/// async fn add(pool: &howdah::Pool, name: &str) -> Result<(), howdah::Error> {
///     match Place::insert().name(name).execute(pool).await.map_err(InsertError::from) {
///         Err(InsertError::PlacesNameKey(_)) => println!("{name} is there already"),
///         other => drop(other?),
///     }
///     Ok(())
/// }
/// ```
///
/// # More
///
/// It implements `howdah::WriteRow`, which bulk inserts and COPY read structs by. A struct with type parameters
/// has `insert_row`, but no builder.
///
/// The table may be a view that PostgreSQL writes through, or one with triggers that write instead; writing to another, or
/// to a column that the view computes, does not compile. A view that is written through needs what the table below needs;
/// where it does not show a column that must be given a value, no insert compiles.
///
/// # The methods that set columns
///
/// A method is called like its field, or `set_…` where the builder has a method of that name, such as `sql`.
/// It takes what query functions take: `&str` for a `String`, a slice for a `Vec`, and an `Option` where the
/// field is one, `None` being null.
///
/// # On a field
///
/// `rename`, `rename_all`, `skip`, `json`, `try_from` and `crate` are those of [`macro@PgRow`], so that one
/// struct can be read and written. A field with `try_from = Type` is cloned and converted to that type.
///
/// ## `generated`
///
/// The database makes the value: identities that are `generated always`, generated columns, defaults that
/// the app never overrides, or what a trigger fills in. Nothing writes the field, and no insert needs it.
#[proc_macro_derive(PgInsert, attributes(pg))]
pub fn pg_insert(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Insert, &syn::parse_macro_input!(input)).into()
}

/// Updates and deletions: by key, or of all rows that meet a condition.
///
/// Only the columns that are set are written. Not to call a method leaves its column alone, `None` sets it to
/// null, and the two cannot be confused. An update that sets nothing is an error, or does nothing where
/// `or_nothing` says so.
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
///     Place::update_where(Place::NOTE.is_null()).note(Some("none")).execute(pool).await?;
///
///     if let Some(mut place) = renamed {
///         place.name.push('!');
///         place.update_row().execute(pool).await?; // all of its columns
///     }
///     Place::delete(42).execute(pool).await?;
///     Place::delete_many(&[1, 2, 3]).execute(pool).await?;
///     Ok(())
/// }
/// ```
///
/// It implements `howdah::UpdateRow`, which bulk updates read structs by, if there is a key. The methods are those
/// of [`macro@PgInsert`]; none sets a column of the key or one that is `generated`.
///
/// # On a field
///
/// ## `key`
///
/// The column, alone or with others that say so as well, tells which row it is. The compiler looks for a primary
/// key, a unique constraint or a unique index of these columns. `update`, `delete`, `find` and the like take the
/// columns of the key in the order of the fields.
///
/// ## `version`
///
/// The column, an integer, counts the changes of its row. Each update raises it by one, and so does `do_update` of an
/// insert whose row is there already. `update`, `delete` and
/// `update_row` take the version that was read, and where the row has another one by then, or is gone, nothing is
/// written and the error's kind is `ErrorKind::Stale`.
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

/// Reads of a table: the row with a key, and lists with a condition, an order and pages.
///
/// It stands beside [`macro@PgRow`], or a `PgRow` written by hand, of which all columns have to be the table's, those of
/// nested structs as well. It makes a const for each column, which knows the field's type: what is compared with a column
/// is checked by the compiler.
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
/// The struct has no lifetimes or type parameters. Without a field that is the `key`, there are lists only.
#[proc_macro_derive(PgSelect, attributes(pg))]
pub fn pg_select(input: TokenStream) -> TokenStream {
    columns::derive(Derive::Select, &syn::parse_macro_input!(input)).into()
}

/// Reads and writes an enum of the database, `create type … as enum`, as a Rust enum.
///
/// Each variant is the label of its name. The type in the database has the enum's name in `snake_case`, in the schema
/// `public`. It implements `howdah::Decode` and `howdah::Encode`; a label that no variant has is an error that names query
/// and column, unless there is a variant for [`other`](#other) labels.
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
/// `name = "…"` says how the type is called in the database, with its schema unless that is `public`: `name =
/// "app.mood"`. With `schema = "…"` beside it, the name may have dots of its own. `rename_all = "…"` spells the labels as
/// that of [`macro@PgRow`] does, and `crate = path` says where howdah is.
///
/// # On a variant
///
/// ## `rename = "…"`
///
/// The label is another one.
///
/// ## `other`
///
/// The variant holds every label that no other variant has, as a type that is made from `&str` and gives one: a `String`,
/// or for an enum with a lifetime a `Cow<str>`.
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

/// Reads and writes a composite type of the database, `create type … as (…)`, or the row of a table as one value, as a
/// struct.
///
/// Each field is the composite's field of its name, and all stand in the same order. Names, order and types are compared
/// with the database once per prepared statement. Any field of a composite can be null, so that fields are `Option`
/// unless you know better; a null in another one is an error that names query, column and field.
///
/// It implements `howdah::Decode` and `howdah::Encode`. A struct with a lifetime borrows from the row.
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
/// `name`, `schema`, `rename_all` and `crate` are those of [`macro@PgEnum`].
///
/// # On a field
///
/// `rename = "…"`: the field of the composite has another name.
#[proc_macro_derive(PgComposite, attributes(pg))]
pub fn pg_composite(input: TokenStream) -> TokenStream {
    value::pg_composite(&syn::parse_macro_input!(input)).into()
}

/// Reads and writes the values of a domain, `create domain … as …`, as a struct around the type of its base.
///
/// It implements `howdah::Decode` and `howdah::Encode`. The server describes columns of a domain by their base, so that the
/// struct reads and writes both.
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
/// `name`, `schema` and `crate` are those of [`macro@PgEnum`].
///
/// ## `transparent`
///
/// There is no domain: the struct reads and writes whatever its field does.
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
