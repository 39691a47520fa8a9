//! What decoders must do with any bytes, for all types of one table.

mod hostile;
mod table;
