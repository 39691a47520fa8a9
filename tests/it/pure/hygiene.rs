//! Derives where an app's own types are called as those are that derives have for themselves. Compiling this is the test.

#![allow(dead_code, non_camel_case_types, reason = "only the names matter")]

use crate::shared_db::pg_schema as schema;

/// Structs that are called like type parameters of builders.
mod structs {
    use super::schema;

    macro_rules! named {
        ($($name:ident)*) => {$(
            #[derive(howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
            #[pg(table = schema::reviews)]
            struct $name {
                #[pg(key)]
                id: i64,
                place: i64,
                stars: i16,
            }
        )*};
    }

    named! { K G0 C E R S0 T }
}

/// Types of fields that are called like type parameters of builders, and like the builders.
mod fields {
    use super::schema;

    macro_rules! named {
        ($($name:ident)*) => {$(
            #[derive(Clone, Debug, howdah::PgDomain)]
            #[pg(transparent)]
            struct $name(i64);
        )*};
    }

    named! { K G0 C E R S0 T ReviewInsert ReviewUpdate }

    #[derive(howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
    #[pg(table = schema::reviews)]
    struct Review {
        #[pg(key)]
        id: ReviewUpdate,
        place: ReviewInsert,
        stars: i16,
    }

    macro_rules! rows {
        ($($row:ident $name:ident)*) => {$(
            #[derive(howdah::PgRow, howdah::PgSelect, howdah::PgInsert, howdah::PgUpdate)]
            #[pg(table = schema::reviews)]
            struct $row {
                #[pg(key)]
                id: i64,
                place: $name,
                stars: i16,
            }
        )*};
    }

    rows! { OfK K OfG0 G0 OfC C OfE E OfR R OfS0 S0 OfT T }
}

/// A lifetime that is called like that of statements.
mod lifetimes {
    use super::schema;

    #[derive(howdah::PgRow, howdah::PgInsert, howdah::PgUpdate)]
    #[pg(table = schema::reviews)]
    struct Review<'statement> {
        #[pg(key)]
        id: i64,
        place: i64,
        stars: i16,
        words: Option<&'statement str>,
    }
}

/// Types that are called like those of the prelude and of the language.
mod prelude {
    use super::schema;

    struct Box;
    struct Clone;
    struct Default;
    struct Err;
    struct Into;
    struct Iterator;
    struct None;
    struct Ok;
    struct Option;
    struct Result;
    struct Send;
    struct Some;
    struct String;
    struct Sync;
    struct Vec;
    struct bool;
    struct i64;
    struct str;
    struct u64;
    struct u8;
    struct usize;

    type Text = ::std::string::String;

    #[derive(::howdah::PgRow, ::howdah::PgSelect, ::howdah::PgInsert, ::howdah::PgUpdate)]
    #[pg(table = schema::places)]
    struct Place {
        #[pg(key, generated)]
        id: ::core::primitive::i64,
        name: ::std::string::String,
        note: ::core::option::Option<::std::string::String>,
        tags: ::std::vec::Vec<::std::string::String>,
        #[pg(version)]
        version: i32,
    }

    #[derive(::howdah::PgEnum)]
    enum Mood {
        Sad,
        #[pg(other)]
        Other(::std::string::String),
    }

    #[derive(::howdah::PgComposite)]
    struct Pair {
        a: i32,
        ty: ::core::option::Option<i32>,
        out: Text,
    }

    #[derive(::howdah::PgDomain)]
    struct Number {
        ty: i32,
    }
}
