//! COPY: what goes in comes out, nothing is left behind when it fails, and errors name the row.

mod between;
mod deadlines;
mod errors;
mod files;
mod late;
mod rows;
