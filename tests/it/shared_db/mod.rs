//! Tests that ask a running server and leave nothing in it that another test could see.

mod lexer;
