//! Errors in files: the message, the underlined texts and the help.

use super::{check, check_sql};

#[test]
fn data_of_copy_is_no_query() {
    for (sql, place, function) in [
        ("copy t (a) from stdin", "from stdin", "`howdah::copy_in`"),
        (
            "Copy (select a from stdin)\n-- all\nto STDOUT with (format csv)",
            "to STDOUT",
            "`howdah::copy_out` for a table, and `howdah::copy_out_query` for a query",
        ),
    ] {
        check_sql(
            sql,
            &[
                &format!("q | {sql}"),
                &format!(
                    "a query cannot send or receive the data of COPY @ {place}; use {function}"
                ),
            ],
        );
    }
    for sql in [
        "copy t from '/tmp/t.csv'",
        "copy (select a from stdin) to '/tmp/t.csv'",
        "select copy from stdin",
    ] {
        check_sql(sql, &[&format!("q | {sql}")]);
    }
}

#[test]
fn errors_in_parameters() {
    check_sql(
        "select :a, $1",
        &[
            "the query mixes `:name` and `$1` parameters @ :a; also $1; name all parameters or number all of them",
        ],
    );
    check_sql(
        "select $1, $3",
        &[
            "the query uses `$3` but not `$2` @ $3; number the parameters without gaps, or name them: `:name`",
        ],
    );
    check_sql(
        "select $0, $65536",
        &[
            "there is no parameter `$0` @ $0; parameters are numbered from `$1` to `$65535`",
            "there is no parameter `$65536` @ $65536; parameters are numbered from `$1` to `$65535`",
        ],
    );
    check_sql(
        "select :'a', :\"b\"",
        &[
            "`:'a'` is not a parameter @ :'a'; write `:name`; values travel as parameters, identifiers cannot be parameters",
            "`:\"b\"` is not a parameter @ :\"b\"; write `:name`; values travel as parameters, identifiers cannot be parameters",
        ],
    );
    check_sql(
        "select :a$b",
        &["`a$b` cannot be the name of a parameter @ :a$b; write `:a_b`"],
    );
    check(
        "-- name: q\n-- param: plce T\nselect :place",
        &[
            "q | 1place | select $1",
            "the query has no parameter `plce` @ plce; did you mean `place`?",
        ],
    );
    check(
        "-- name: q\n-- param: x T\nselect 1",
        &[
            "q | select 1",
            "the query has no parameter `x` @ x; it has no parameters; remove the line",
        ],
    );
    check(
        "-- name: q\n-- param: zz T\nselect :a, :b",
        &[
            "q | 1a, 2b | select $1, $2",
            "the query has no parameter `zz` @ zz; its parameters are `a`, `b`",
        ],
    );
}

#[test]
fn errors_in_heads() {
    check(
        "-- name:\nselect 1",
        &[
            "query | select 1",
            "the query has no name @ -- name:; write `-- name: find_place`",
        ],
    );
    check(
        "-- name: find-place\nselect 1",
        &[
            "find_place | select 1",
            "`find-place` cannot be the name of a Rust function @ find-place; write `find_place`",
        ],
    );
    check(
        "-- name: a :optional\nselect 1",
        &[
            "a | select 1",
            "unknown cardinality `:optional` @ :optional; did you mean `:opt`? the cardinalities are `:one`, `:opt`, `:many` and `:exec`",
        ],
    );
    check(
        "-- name: a the place\nselect 1",
        &[
            "a | select 1",
            "unexpected `the place` after the query's name @ the place; \
         a name line is `-- name: find_place :opt -> crate::Place`; documentation goes on the lines below it",
        ],
    );
    check(
        "-- name: a ->\nselect 1",
        &[
            "a | select 1",
            "`->` names no type @ ->; write `-> crate::Place`",
        ],
    );
    check(
        "-- name: a -> Vec<\nselect 1",
        &[
            "a | select 1",
            "`Vec<` is not a Rust type @ Vec<; write a type as in Rust, such as `i64`, `crate::Place` or `Vec<String>`",
        ],
    );
    check(
        "-- name: a\n-- parm: x T\nselect 1",
        &[
            "a | parm: x T | select 1",
            "unknown directive `parm:` @ parm; write `-- param:`; if this is documentation, word it differently",
        ],
    );
    check(
        "-- name: a\n-- column: x\n-- param:\nselect 1",
        &[
            "a | select 1",
            "`-- column: x` says nothing about it @ -- column: x; write `-- column: some_name RustType`, \
         `-- column: some_name?` if it may be null, or `-- column: some_name!` if not",
            "`-- param:` names no param @ -- param:; write `-- param: some_name RustType`, \
         `-- param: some_name?` if it may be null, or `-- param: some_name!` if not",
        ],
    );
    check(
        "-- name: a\n-- param: x T\n-- param: x?\nselect :x",
        &[
            "a | 1x T | select $1",
            "two `-- param:` lines are about `x` @ -- param: x?; also -- param: x T; say all in one line: `-- param: x? RustType`",
        ],
    );
}

#[test]
fn errors_in_files() {
    check(
        "select 1;\n-- name: a\nselect 2",
        &[
            "a | select 2",
            "statement before the first `-- name:` @ select 1; put `-- name: some_name` on the line above it",
        ],
    );
    check(
        "-- nmae: a\nselect 1",
        &[
            "unknown directive `nmae:` @ nmae; write `-- name:`; if this is documentation, word it differently",
        ],
    );
    check(
        "-- name: a\nselect 1;\n-- name : b\nselect 2;",
        &[
            "a | select 1",
            "unknown directive `name :` @ name ; write `-- name:`; if this is documentation, word it differently",
        ],
    );
    check(
        "-- name: a\n-- Doc.\n-- name: b\n;",
        &[
            "the query `a` is empty @ a; write a statement below its name, or remove it",
            "the query `b` is empty @ b; write a statement below its name, or remove it",
        ],
    );
    check(
        "-- name: a\nselect 1 ; select :x;\nselect 3",
        &[
            "a | select 1",
            "a query is one statement, but here is a second one @ select :x; also ;; \
         give it a name of its own: put `-- name: some_name` on the line above it",
        ],
    );
    check(
        "-- name: find_a\nselect 1;\n-- name: findA\nselect 2;\n-- name: find_a\nselect 3",
        &[
            "find_a | select 1",
            "findA | select 2",
            "find_a | select 3",
            "`find_a` and `findA` would be one function, `find_a` @ findA; also find_a; give one of them another name",
            "two queries are called `find_a` @ find_a; also find_a; give one of them another name",
        ],
    );
    check(
        "-- name: find_a\nselect 1;\n-- name: _find__a\nselect 2;",
        &[
            "find_a | select 1",
            "_find__a | select 2",
            "`find_a` and `_find__a` would be one function, `find_a` @ _find__a; also find_a; give one of them another name",
        ],
    );
    check(
        "-- name: a\nselect\n-- param: x T\n:x;\n-- column: y T",
        &[
            "a | 1x | select\n-- param: x T\n$1",
            "this directive is not in the head of a query @ -- param: x T; move it between the query's `-- name:` line and its SQL",
            "this directive is not in the head of a query @ -- column: y T; move it between the query's `-- name:` line and its SQL",
        ],
    );
}

#[test]
fn literals_that_never_end_leave_the_next_query_alone() {
    for (open, what, close) in [
        ("'a", "string", "'"),
        ("\"a", "quoted identifier", "\""),
        ("$x$a", "dollar-quoted string", "$x$"),
        ("/* a", "comment", "*/"),
    ] {
        check(
            &format!("-- name: a\nselect {open}\n;\n-- name: b\nselect 2"),
            &[
                "b | select 2",
                &format!("this {what} never ends @ {open}; close it with `{close}`"),
            ],
        );
    }
    check(
        "-- name: a\nselect 'a;\n\n-- name: b\nselect 'c';\n",
        &["this string never ends @ ';; also 'a;; close it with `'`"],
    );
}

#[test]
fn queries_without_names_are_not_duplicates() {
    let missing = "the query has no name @ -- name:; write `-- name: find_place`";
    check(
        "-- name:\nselect 1;\n-- name:\nselect 2",
        &["query | select 1", "query | select 2", missing, missing],
    );
}
