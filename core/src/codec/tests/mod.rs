//! What no bytes may do to a decoder, over one table of all types.

mod hostile;
mod table;
