//! Structs for the rows of tables whose columns have types without a binary form: what is derived casts them, both ways.

mod copies;
mod keyed;
mod rows;
mod tables;
