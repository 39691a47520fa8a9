//! Random SQL that is hard to split: the literals, names and comments of its statements are full of characters that end
//! others.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Statements that the server accepts, with `;` and comments between and around them.
pub(super) fn statements() -> impl Strategy<Value = String> {
    let between = (blank(), select(vec![";", ";;", "; ;"]), blank())
        .prop_map(|(before, semicolon, after)| format!("{before}{semicolon}{after}"));
    prop::collection::vec((statement(), between), 1..6).prop_map(|parts| {
        let parts = parts
            .into_iter()
            .map(|(statement, between)| statement + &between);
        parts.collect()
    })
}

/// Statements with a few characters added or removed, most of which open or close something.
pub(super) fn damaged_statements() -> impl Strategy<Value = String> {
    let insertion = select(vec![
        "'", "\"", "$", "$$", "$a$", "/*", "*/", "--", "\\", "E", ";", "\n", "(", ")", "''", "u&",
        "/", "*",
    ]);
    let damage = prop::collection::vec((any::<Index>(), prop::option::of(insertion)), 1..4);
    (statements(), damage).prop_map(|(text, damage)| {
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        for (place, insertion) in damage {
            let place = place.index(characters.len());
            match insertion {
                Some(insertion) => characters.insert(place, insertion.to_owned()),
                None => characters[place].clear(),
            }
        }
        characters.concat()
    })
}

fn statement() -> impl Strategy<Value = String> {
    let item = (expression(), blank(), prop::option::of(alias())).prop_map(
        |(expression, blank, alias)| match alias {
            Some(alias) => format!("{expression}{blank}as{blank}{alias}"),
            None => expression,
        },
    );
    (blank(), prop::collection::vec((item, blank()), 1..4)).prop_map(|(first, items)| {
        let items: Vec<String> = items
            .into_iter()
            .map(|(item, blank)| item + &blank)
            .collect();
        format!("select{first}{}", items.join(","))
    })
}

/// White space and comments, at least one of them.
fn blank() -> impl Strategy<Value = String> {
    let piece = select(vec![
        " ",
        "\n",
        "\r\n",
        "\t",
        "\r",
        "--\n",
        "-- it's \"; /* $$\n",
        "-- */\r",
        "/**/",
        "/* ; ' $a$ -- */",
        "/* /* \" */ ; */",
        "/*/ ; */",
        "/***/",
        "/*//**/*/",
    ]);
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

fn expression() -> impl Strategy<Value = String> {
    let fixed = select(vec![
        "1",
        "1.5e-3",
        ".5",
        "1.",
        "- -1",
        "+1",
        "1-- ;\n+2",
        "2*/* ; */3",
        "1-+2",
        "1<>2",
        "1!=-- ;\n2",
        "@ -5",
        "1::int4::text",
        "x'1F'",
        "b'101'",
        "N'n;'''",
        r"U&'\0041;'''",
        r"U&'!0041;\' uescape '!'",
        "(array[1,2,3])[1:2]",
        "(array[1,2,3])[:2]",
        "'{\"a;\":1}'::jsonb ? 'a;'",
        "'{1}'::int[] @> '{1}'",
        "case when true then ';' else '' end",
        "(select ';' as \"x;\")",
        "array['a;', $$b;$$]",
        "1 between 0 and 2",
        "text $a$;$a$",
        "'a'::\"text\"",
        "E'\\\\'",
        "$é$;$é$",
        "1 /(1)",
        "- 1 * 2",
    ]);
    prop_oneof![
        2 => fixed.prop_map(str::to_owned),
        2 => standard_string(),
        2 => escape_string(),
        2 => dollar_string(),
        1 => (standard_string(), escape_string()).prop_map(|(a, b)| format!("{a}||{b}")),
    ]
}

/// Names that look like something else.
fn alias() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "a$b$",
            "foo$x$",
            "é$$",
            "_1",
            "\"a;\"\"b\"",
            "\"--\"",
            "\"/*\"",
            "\"$$\"",
            r#"U&"d\0061t;a""#,
            "\u{a0}x",
            "\"'\"",
            "begin",
            "e"
        ])
        .prop_map(str::to_owned),
        noise("\"\"", "\\").prop_map(|content| format!("\"q{content}\"")),
    ]
}

/// Text that opens, closes and ends everything; `quote` and `backslash` are what stands for them.
fn noise(quote: &'static str, backslash: &'static str) -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a", "é", "🐘", ";", "--", "/*", "*/", "$", "$$", "$a$", "\n", " ", ":x", "::", "1", quote,
        quote, backslash, backslash,
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn standard_string() -> impl Strategy<Value = String> {
    let more = prop::collection::vec((continues(), noise("''", "\\")), 0..3);
    (noise("''", "\\"), more).prop_map(|(content, more)| literal("'", &content, &more))
}

fn escape_string() -> impl Strategy<Value = String> {
    let content = || {
        prop_oneof![
            noise("\\'", "\\\\"),
            noise("''", "\\n"),
            noise("\\'", "\\\"")
        ]
    };
    let more = prop::collection::vec((continues(), content()), 0..3);
    (select(vec!["E'", "e'"]), content(), more)
        .prop_map(|(open, content, more)| literal(open, &content, &more))
}

/// What may stand between two literals that are one.
fn continues() -> impl Strategy<Value = &'static str> {
    select(vec![
        "\n",
        " \r\n\t",
        "\r",
        " -- it's;\n",
        "--\n--\n  ",
        "\n-- \"\n",
    ])
}

fn literal(open: &str, content: &str, more: &[(&str, String)]) -> String {
    let more: String = more
        .iter()
        .map(|(between, content)| format!("{between}'{content}'"))
        .collect();
    format!("{open}{content}'{more}")
}

fn dollar_string() -> impl Strategy<Value = String> {
    (select(vec!["$$", "$a$", "$A$", "$é_1$"]), noise("'", "\\")).prop_filter_map(
        "ends early",
        |(tag, content)| {
            let inside_and_end = format!("{content}{tag}");
            let ends_late = inside_and_end.find(tag) == Some(content.len());
            ends_late.then(|| format!("{tag}{inside_and_end}"))
        },
    )
}
