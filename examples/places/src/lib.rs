//! A small web backend on howdah: the places of GeoNames, by name, by nearness, by country and tag.
//!
//! - `migrations/` makes the schema, `queries/` holds the SQL;
//! - `build.rs` turns the SQL into [`queries`], from what `howdah.lock` knows of the schema;
//! - [`place`] has the app's own structs, which the compiler checks against the schema;
//! - [`api`] is the web service, [`load`] fills the database, [`migrate`] brings it up to date.

pub mod api;
pub mod load;
pub mod migrate;
pub mod place;

pub use place::{NearbyPlace, Place, PlaceInCountry};

/// The queries of `queries/*.sql`, as howdah writes them.
pub mod queries {
    include!(concat!(env!("OUT_DIR"), "/queries/mod.rs"));
}

/// The README of the workspace, so that its code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
