//! The behaviour of PostgreSQL's scanner in a table; and tokens always tile the text.

use proptest::prelude::*;

use super::{Lexer, Quoted, Token, TokenKind};

/// Compares the tokens of `text`, white space left out, with `expected`: each one's text, and a letter for its kind.
fn check(text: &str, expected: &[(char, &str)]) {
    let found: Vec<(char, &str)> = Lexer::new(text)
        .filter(|token| token.kind != TokenKind::WhiteSpace)
        .map(|token| (letter(token.kind), &text[token.span]))
        .collect();
    assert_eq!(found, expected, "{text}");
}

fn letter(kind: TokenKind) -> char {
    match kind {
        TokenKind::WhiteSpace => ' ',
        TokenKind::LineComment => '-',
        TokenKind::BlockComment => '/',
        TokenKind::Identifier => 'i',
        TokenKind::QuotedIdentifier => '"',
        TokenKind::String => '\'',
        TokenKind::DollarString => '$',
        TokenKind::Number => '1',
        TokenKind::Parameter => 'p',
        TokenKind::Operator => '+',
        TokenKind::Unknown => '?',
        TokenKind::Unterminated(_) => '!',
        TokenKind::Colon
        | TokenKind::Cast
        | TokenKind::ColonEquals
        | TokenKind::Semicolon
        | TokenKind::Comma
        | TokenKind::Dot
        | TokenKind::OpenParen
        | TokenKind::CloseParen
        | TokenKind::OpenBracket
        | TokenKind::CloseBracket => '.',
    }
}

#[test]
fn strings() {
    check("'a''b' 'c'", &[('\'', "'a''b'"), ('\'', "'c'")]);
    check(r"'\' 'x'", &[('\'', r"'\'"), ('\'', "'x'")]);
    check(r"E'\'' e'\\'", &[('\'', r"E'\''"), ('\'', r"e'\\'")]);
    check(
        r"E'\é''' é'x'",
        &[('\'', r"E'\é'''"), ('i', "é"), ('\'', "'x'")],
    );
    check(
        r"U&'\0041''' u&'x'",
        &[('\'', r"U&'\0041'''"), ('\'', "u&'x'")],
    );
    check(
        "B'01' x'1F' N'ü'",
        &[('\'', "B'01'"), ('\'', "x'1F'"), ('\'', "N'ü'")],
    );
    check(
        "ae'x' u & 'x'",
        &[
            ('i', "ae"),
            ('\'', "'x'"),
            ('i', "u"),
            ('+', "&"),
            ('\'', "'x'"),
        ],
    );
}

#[test]
fn strings_go_on_after_a_line_end() {
    check("'a'\n'b'", &[('\'', "'a'\n'b'")]);
    check(
        "E'a' -- it's\r\n  '\\''",
        &[('\'', "E'a' -- it's\r\n  '\\''")],
    );
    check("'a' 'b'", &[('\'', "'a'"), ('\'', "'b'")]);
    check(
        "'a' /**/\n'b'",
        &[('\'', "'a'"), ('/', "/**/"), ('\'', "'b'")],
    );
    check("'a' -- end", &[('\'', "'a'"), ('-', "-- end")]);
    check("'a'\n- 1", &[('\'', "'a'"), ('+', "-"), ('1', "1")]);
}

#[test]
fn dollar_quotes() {
    check(
        "$$a$b$$ $é1$ $$ $é1$",
        &[('$', "$$a$b$$"), ('$', "$é1$ $$ $é1$")],
    );
    check("$a$ $$a$", &[('$', "$a$ $$a$")]);
    check(
        "foo$x$ 1$$a$$",
        &[('i', "foo$x$"), ('1', "1"), ('$', "$$a$$")],
    );
    check(
        "$1$$a$$ $1a",
        &[('p', "$1"), ('$', "$$a$$"), ('p', "$1"), ('i', "a")],
    );
    check("$a b$", &[('?', "$"), ('i', "a"), ('i', "b$")]);
}

#[test]
fn comments() {
    check(
        "/* a /* b */ c */ d",
        &[('/', "/* a /* b */ c */"), ('i', "d")],
    );
    check(
        "/*/ a */ /***/ /*//**/*/",
        &[('/', "/*/ a */"), ('/', "/***/"), ('/', "/*//**/*/")],
    );
    check("-- 'a\r\n--\n1", &[('-', "-- 'a"), ('-', "--"), ('1', "1")]);
    check(
        "1--2\n+3",
        &[('1', "1"), ('-', "--2"), ('+', "+"), ('1', "3")],
    );
    check("a @>-- b", &[('i', "a"), ('+', "@>"), ('-', "-- b")]);
    check(
        "a */* b */ c",
        &[('i', "a"), ('+', "*"), ('/', "/* b */"), ('i', "c")],
    );
    check("'--' \"/*\"", &[('\'', "'--'"), ('"', "\"/*\"")]);
}

#[test]
fn names() {
    check(
        "a_1$ _é \u{a0}b",
        &[('i', "a_1$"), ('i', "_é"), ('i', "\u{a0}b")],
    );
    check(
        r#""a""b" U&"\0041" u&x"#,
        &[
            ('"', r#""a""b""#),
            ('"', r#"U&"\0041""#),
            ('i', "u"),
            ('+', "&"),
            ('i', "x"),
        ],
    );
}

#[test]
fn numbers() {
    check(
        "1 1.5 .5 1. 1e10 1.5E-3 1_000",
        &[
            ('1', "1"),
            ('1', "1.5"),
            ('1', ".5"),
            ('1', "1."),
            ('1', "1e10"),
            ('1', "1.5E-3"),
            ('1', "1_000"),
        ],
    );
    check(
        "0x1F 0o17 0b_101 0xg",
        &[
            ('1', "0x1F"),
            ('1', "0o17"),
            ('1', "0b_101"),
            ('1', "0"),
            ('i', "xg"),
        ],
    );
    check(
        "1..10 1_ 1ex",
        &[
            ('1', "1"),
            ('.', ".."),
            ('1', "10"),
            ('1', "1"),
            ('i', "_"),
            ('1', "1"),
            ('i', "ex"),
        ],
    );
}

#[test]
fn punctuation() {
    check(
        "a::int b:=1 c=>2",
        &[
            ('i', "a"),
            ('.', "::"),
            ('i', "int"),
            ('i', "b"),
            ('.', ":="),
            ('1', "1"),
            ('i', "c"),
            ('+', "=>"),
            ('1', "2"),
        ],
    );
    check(
        "a[1:n];",
        &[
            ('i', "a"),
            ('.', "["),
            ('1', "1"),
            ('.', ":"),
            ('i', "n"),
            ('.', "]"),
            ('.', ";"),
        ],
    );
    check(
        "a.b ?| \\ {",
        &[
            ('i', "a"),
            ('.', "."),
            ('i', "b"),
            ('+', "?|"),
            ('?', "\\"),
            ('?', "{"),
        ],
    );
}

#[test]
fn what_never_ends() {
    for (text, quoted) in [
        ("'a'' \n", Quoted::String),
        (r"E'\'", Quoted::String),
        (r"E'a\", Quoted::String),
        ("'a'\n'", Quoted::String),
        ("\"a\"\"", Quoted::Identifier),
        ("$a$ $b$ $A$", Quoted::DollarString),
        ("$$ $", Quoted::DollarString),
        ("/* /* */", Quoted::BlockComment),
        ("/*/", Quoted::BlockComment),
    ] {
        let tokens: Vec<Token> = Lexer::new(text).collect();
        let expected = Token {
            kind: TokenKind::Unterminated(quoted),
            span: 0..text.len(),
        };
        assert_eq!(tokens, [expected], "{text}");
    }
}

/// Texts made of pieces that are difficult for a lexer.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "'",
        "''",
        "\"",
        "\\",
        "E'",
        "U&'",
        "U&\"",
        "x'",
        "$",
        "$$",
        "$a$",
        "$1",
        "/*",
        "*/",
        "--",
        "\n",
        "\r\n",
        " ",
        ":",
        "::",
        ":=",
        "=>",
        ";",
        "[",
        "]",
        "(",
        ")",
        ",",
        "..",
        "1",
        "1e",
        "0x",
        "_",
        "a",
        "é",
        "\u{feff}",
        "🐘",
        "+",
        "-",
        "*",
        "/",
        "@",
        "?",
        "{",
        "begin",
        "atomic",
        "case",
        "end",
        "create",
        "function",
        "name",
        "-- name: a\n",
        "select",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn assert_tiles(text: &str) -> Result<(), TestCaseError> {
    let mut end = 0;
    for token in Lexer::new(text) {
        prop_assert_eq!(token.span.start, end);
        prop_assert!(token.span.end > end);
        prop_assert!(text.is_char_boundary(token.span.end));
        end = token.span.end;
    }
    prop_assert_eq!(end, text.len());
    Ok(())
}

proptest! {
    #[test]
    fn tokens_tile_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_tiles(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn tokens_tile_what_looks_like_sql(text in pieces()) {
        assert_tiles(&text)?;
    }
}
