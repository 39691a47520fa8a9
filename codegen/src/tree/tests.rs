//! The reader on what servers print, and on what they never would.

use proptest::prelude::*;

use super::{Arena, Value};

/// Reads into an arena that the test never drops.
fn read(text: &str) -> Result<Value<'_>, super::Malformed> {
    super::read(text, Box::leak(Box::new(Arena::new())))
}

fn node(text: &str) -> super::Node<'_> {
    match read(text) {
        Ok(Value::Node(node)) => node,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn fields_lists_and_nulls() {
    let node = node(
        "{QUERY :commandType 1 :utilityStmt <> :hasAggs false :hasSubLinks true :rtable ({A :relid 5} {B :x (i 1 2)}) :cols (b 8 9) :none (b)}",
    );
    assert_eq!(node.tag, "QUERY");
    assert_eq!(node.number("commandType"), Some(1));
    assert_eq!(node.get("utilityStmt"), Some(&Value::Null));
    assert!(node.flag("hasSubLinks") && !node.flag("hasAggs") && !node.flag("absent"));
    let tags: Vec<_> = node.nodes("rtable").map(|n| n.tag).collect();
    assert_eq!(tags, ["A", "B"]);
    let columns: Vec<_> = node.list("cols").iter().map(Value::number).collect();
    assert_eq!(columns, [Some(8), Some(9)]);
    assert!(node.list("none").is_empty());
}

#[test]
fn children_come_in_order() {
    let node = node("{Q :a {A :x {X}} :b <> :c ({B} (o 1) ({C} {D})) :e {E}}");
    let tags: Vec<_> = node.children().map(|n| n.tag).collect();
    assert_eq!(tags, ["A", "B", "C", "D", "E"]);
    let others: Vec<_> = node.children_but("c").map(|n| n.tag).collect();
    assert_eq!(others, ["A", "E"]);
}

#[test]
fn names_with_every_odd_character() {
    let node = node(
        r#"{ALIAS :aliasname a\ \(b\)\{\}\\ :empty "" :colon :x :colnames ("id" "two\ words" "q"uote")}"#,
    );
    assert_eq!(node.text("aliasname").as_deref(), Some(r"a (b){}\"));
    assert_eq!(node.text("empty").as_deref(), Some(""));
    assert_eq!(node.text("colon").as_deref(), Some(":x"));
    let names: Vec<_> = node
        .list("colnames")
        .iter()
        .filter_map(Value::text)
        .collect();
    assert_eq!(names, ["id", "two words", "q\"uote"]);
}

#[test]
fn constants_are_cut_to_their_length() {
    let node = node("{CONST :constvalue 4 [ -1 0 0 1 0 0 0 0 ] :location 7}");
    assert_eq!(node.get("constvalue"), Some(&Value::Datum(&[255, 0, 0, 1])));
    assert_eq!(node.location(), Some(7));
}

#[test]
fn expressions_are_equal_wherever_they_stand() {
    let one = node("{VAR :varno 1 :varattno 2 :varnosyn 3 :location 7}");
    let other = node("{VAR :varno 1 :varattno 2 :varnosyn 1 :location 90}");
    assert_eq!(one.canonical(), other.canonical());
    assert_ne!(
        one.canonical(),
        node("{VAR :varno 1 :varattno 3 :location 7}").canonical()
    );
}

#[test]
fn expressions_are_equal_however_written() {
    let cast = node("{RELABELTYPE :arg {VAR :varno 1} :relabelformat 1}");
    let implied = node("{RELABELTYPE :arg {VAR :varno 1} :relabelformat 2}");
    assert_eq!(cast.canonical(), implied.canonical());
}

#[test]
fn what_is_no_tree_is_an_error() {
    for text in [
        "",
        "{",
        "{A :x",
        "(1 2",
        "{A :x }",
        "}",
        "{A} {B}",
        "{A :v 4 [ x ]}",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    let deep = "(".repeat(1_000_000);
    assert_eq!(read(&deep).unwrap_err().what, "nesting too deep");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r#"([ (){}\[\]<>:\\"a-c0-9é-]|\{A :b )*"#) {
        let _ = read(&text);
    }
}
