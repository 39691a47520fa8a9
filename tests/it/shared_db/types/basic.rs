//! Booleans, integers, floating point, text, bytes, identities and documents.

use howdah::{Json, Value, query};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::{
    round_trip::{round_trip, told},
    samples,
};
use crate::shared_db::support::pool;

#[tokio::test]
async fn booleans_and_integers() {
    let (pool, _database) = pool().await;
    round_trip("bool").run(&pool, [true, false]).await;
    let values = samples(any::<i16>(), 10);
    let edges = [i16::MIN, -1, 0, i16::MAX];
    round_trip("int2")
        .run(&pool, values.into_iter().chain(edges))
        .await;
    let values = samples(any::<i32>(), 10);
    let edges = [i32::MIN, -1, 0, i32::MAX];
    round_trip("int4")
        .run(&pool, values.into_iter().chain(edges))
        .await;
    let values = samples(any::<i64>(), 10);
    let edges = [i64::MIN, -1, 0, i64::MAX];
    round_trip("int8")
        .run(&pool, values.into_iter().chain(edges))
        .await;
    let numbers = || samples(any::<u32>(), 5).into_iter().chain([0, u32::MAX]);
    round_trip("oid").run(&pool, numbers()).await;
    for ty in ["xid", "cid"] {
        round_trip(ty).without_order().run(&pool, numbers()).await;
    }
    // A byte of its own: ASCII as itself, what is beyond in octal.
    let text = |byte: &i8| match *byte {
        0 => String::new(),
        1.. => char::from(*byte as u8).to_string(),
        _ => format!("\\{:03o}", *byte as u8),
    };
    let octal = query("select current_setting('server_version_num')::int4 >= 160000");
    let octal = octal.fetch_one::<Value<bool>>(&pool).await.unwrap();
    // Before 16, text of a byte beyond ASCII is no valid UTF-8.
    let least = if octal { i8::MIN } else { 0 };
    told("\"char\"", text).run(&pool, least..=i8::MAX).await;
}

/// Each class of bit patterns: zeros, subnormals, infinities, NaNs of both kinds with and without sign and payload,
/// and any others.
#[tokio::test]
async fn floating_point_of_every_class() {
    let (pool, _database) = pool().await;
    let edges = [
        0,
        1,
        0x000F_FFFF_FFFF_FFFF,
        0x0010_0000_0000_0000,
        0x3FF0_0000_0000_0000,
        0x4340_0000_0000_0000,
        0x7FEF_FFFF_FFFF_FFFF,
        0x7FF0_0000_0000_0000,
        0x7FF0_0000_0000_0001,
        0x7FF8_0000_0000_0000,
        0x7FF8_0000_DEAD_BEEF,
    ];
    let edges = edges.iter().flat_map(|bits| [*bits, bits | 1 << 63]);
    let patterns = samples(any::<u64>(), 40).into_iter().chain(edges);
    told("float8", f64::to_string)
        .same_if(|a, b| a.to_bits() == b.to_bits())
        .read_if(|a, b| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
        .run(&pool, patterns.map(f64::from_bits))
        .await;
    let edges = [
        0,
        1,
        0x007F_FFFF,
        0x0080_0000,
        0x3F80_0000,
        0x4B80_0000,
        0x7F7F_FFFF,
        0x7F80_0000,
        0x7F80_0001,
        0x7FC0_0000,
        0x7FC0_BEEF,
    ];
    let edges = edges.iter().flat_map(|bits| [*bits, bits | 1 << 31]);
    let patterns = samples(any::<u32>(), 40).into_iter().chain(edges);
    told("float4", f32::to_string)
        .same_if(|a, b| a.to_bits() == b.to_bits())
        .read_if(|a, b| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
        .run(&pool, patterns.map(f32::from_bits))
        .await;
}

#[tokio::test]
async fn texts() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create extension citext").await.unwrap();
    let edges = [
        "",
        "O'Neil",
        "Zürich 🐘",
        "a,\"b\" {c} \\d",
        "null",
        "\u{10FFFF}\u{1}",
    ];
    let values = || {
        let any = samples("[^\0]{0,12}", 20).into_iter();
        any.chain(edges.map(str::to_owned))
    };
    for ty in ["text", "varchar", "citext"] {
        round_trip::<String>(ty).run(&pool, values()).await;
    }
    // At most 63 bytes, of characters of up to four.
    round_trip::<String>("name").run(&pool, values()).await;
    round_trip::<String>("char(5)")
        .run(&pool, ["ab   ", "     ", "éééé "].map(String::from))
        .await;
    let documents = ["<a>b &amp; c</a>", "<a x=\"1\"/>", "text alone"];
    round_trip::<String>("xml")
        .without_equality()
        .run(&pool, documents.map(String::from))
        .await;
    let declared = ["UTF-8", "utf8"]
        .map(|encoding| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>é</a>"));
    for document in declared {
        let text = query("select (xpath('/a/text()', $1))[1]::text").bind(document);
        let text = text.fetch_one::<Value<String>>(&pool).await;
        assert_eq!(text.unwrap(), "é");
    }
    let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>é</a>";
    pool.batch_execute("create domain document as xml")
        .await
        .unwrap();
    for (sql, refused) in [
        (
            "select $1::xml::text",
            query("select $1::xml::text").bind(latin),
        ),
        (
            "select $1::document::text",
            query("select $1::document::text").bind(latin),
        ),
        (
            "select $1::xml[]::text",
            query("select $1::xml[]::text").bind([latin].as_slice()),
        ),
    ] {
        let message = refused.fetch_one::<Value<String>>(&pool).await;
        let message = message.unwrap_err().to_string();
        assert!(
            message.ends_with(
                "the document declares the encoding \"ISO-8859-1\", but is sent as UTF-8: declare that, or leave the \
                 encoding out"
            ),
            "{sql}: {message}"
        );
    }
    let text = query("select $1::text").bind(latin);
    assert_eq!(text.fetch_one::<Value<String>>(&pool).await.unwrap(), latin);
    let refused = query("select $1::text")
        .bind("a\0b")
        .fetch_one::<Value<String>>(&pool);
    let message = refused.await.unwrap_err().to_string();
    assert!(
        message.ends_with("text in PostgreSQL cannot hold a zero byte"),
        "{message}"
    );
}

#[tokio::test]
async fn bytes() {
    let (pool, _database) = pool().await;
    let values = samples(proptest::collection::vec(any::<u8>(), 0..40), 20);
    let hex = |bytes: &Vec<u8>| {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\\x{digits}")
    };
    let edges = [vec![], vec![0], (0..=255).collect()];
    told("bytea", hex)
        .run(&pool, values.into_iter().chain(edges))
        .await;
    let borrowed: Option<i64> = query("select length($1::bytea)::int8")
        .bind(&b"abc"[..])
        .fetch_one::<Value<_>>(&pool)
        .await
        .unwrap();
    assert_eq!(borrowed, Some(3));
}

#[tokio::test]
async fn identities() {
    let (pool, _database) = pool().await;
    let values = samples(any::<u128>(), 10).into_iter().chain([0, u128::MAX]);
    round_trip("uuid")
        .run(&pool, values.map(Uuid::from_u128))
        .await;
}

#[tokio::test]
async fn documents() {
    let (pool, _database) = pool().await;
    let documents = || {
        [
            json!({ "a": [1, 2.5, null, "x"], "b": { "c": true, "": [] } }),
            json!("O'Neil \u{1}\" 🐘"),
            json!(null),
            json!([[], {}, -1e-9, 18_446_744_073_709_551_615_u64]),
        ]
    };
    round_trip("json")
        .without_equality()
        .run(&pool, documents())
        .await;
    round_trip("jsonb").run(&pool, documents()).await;
    let typed = [Json(vec![1_i32, 2]), Json(vec![])];
    told("jsonb", |document: &Json<Vec<i32>>| {
        format!("{:?}", document.0)
    })
    .run(&pool, typed)
    .await;
    let raw = query("select '{\"a\" : 1}'::json")
        .fetch_one::<Value<Box<serde_json::value::RawValue>>>(&pool)
        .await
        .unwrap();
    assert_eq!(raw.get(), "{\"a\" : 1}");
}

#[tokio::test]
async fn what_output_functions_give_is_text() {
    let (pool, _database) = pool().await;
    let text = query("select int4out(5)").fetch_one::<Value<String>>(&pool);
    assert_eq!(text.await.unwrap(), "5");
}
