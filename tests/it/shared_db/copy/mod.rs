//! COPY: rows come out as they went in, a failure leaves nothing behind, and errors name the row.

mod between;
mod deadlines;
mod errors;
mod files;
mod late;
mod rows;
