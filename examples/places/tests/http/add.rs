//! Requests that write.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::service::Service;

const INVALID: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

fn tea_house() -> Value {
    json!({
        "name": "Tea House at Gorak Shep",
        "country": "NP",
        "region": { "name": "Province 1", "district": null },
        "lat": 27.9809,
        "lon": 86.8286,
        "tags": ["tea", "beds"],
        "details": { "beds": 12, "open": { "from": "march" } },
    })
}

#[tokio::test]
async fn a_place_that_was_added_is_there() {
    let service = Service::start().await;
    let answer = service.post("/places", tea_house()).await;
    let path = answer.location.clone().unwrap();
    let added = answer.expect(StatusCode::CREATED);
    assert_eq!(path, format!("/places/{}", added["id"]));
    assert_eq!(added["origin"], "visitor");
    let place = service.get(&path).await.expect(StatusCode::OK);
    assert_eq!(place["country_name"], "Nepal");
    for key in ["name", "country", "region", "tags", "details"] {
        assert_eq!(place[key], tea_house()[key], "{key}");
    }
    assert_eq!(place["location"], json!({ "lat": 27.9809, "lon": 86.8286 }));
    assert_eq!(place["created_at"], added["created_at"]);
    let near = service
        .get("/places/near?lat=27.98&lon=86.83&radius=1000")
        .await;
    assert_eq!(near.expect(StatusCode::OK)[0]["id"], added["id"]);
}

#[tokio::test]
async fn a_place_can_go_without_what_is_optional() {
    let service = Service::start().await;
    let new = json!({ "name": "Nowhere", "country": "NR", "lat": -0.5, "lon": 166.9 });
    let added = service.post("/places", new).await;
    let added = added.expect(StatusCode::CREATED);
    assert_eq!(added["region"], Value::Null);
    assert_eq!(added["tags"], json!([]));
    assert_eq!(added["details"], json!({}));
}

#[tokio::test]
async fn the_same_place_twice_is_a_conflict() {
    let service = Service::start().await;
    let first = service.post("/places", tea_house()).await;
    first.expect(StatusCode::CREATED);
    let second = service.post("/places", tea_house()).await;
    let message = second.refusal(StatusCode::CONFLICT, "conflict");
    assert_eq!(
        message,
        "this country has a place of this name at this spot already"
    );
}

#[tokio::test]
async fn a_place_that_makes_no_sense_is_refused() {
    let service = Service::start().await;
    let count = howdah::query("select count(*) from places");
    let (before,) = count.fetch_one::<(i64,)>(&service.pool).await.unwrap();
    for (key, value, says) in [
        ("name", json!(" "), "a name cannot be blank"),
        ("name", json!("a\u{0}b"), "cannot be held"),
        ("name", json!(5), "invalid type"),
        ("country", json!("np"), "a country code is two"),
        ("country", json!("ZZ"), "there is no such country"),
        ("lat", json!(-90.5), "`lat` must be from -90 to 90"),
        ("lon", json!(null), "invalid type"),
        ("tags", json!("tea"), "invalid type"),
        ("beds", json!(1), "unknown field `beds`"),
    ] {
        let mut place = tea_house();
        place[key] = value;
        let message = service.post("/places", place).await;
        let message = message.refusal(INVALID, "invalid");
        assert!(message.contains(says), "{key}: {message}");
    }
    let answer = service
        .send(Method::POST, "/places", "{\"name\":".to_owned())
        .await;
    answer.refusal(INVALID, "invalid");
    let count = howdah::query("select count(*) from places");
    let (after,) = count.fetch_one::<(i64,)>(&service.pool).await.unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_place_is_renamed() {
    let service = Service::start().await;
    let added = service.post("/places", tea_house()).await;
    let added = added.expect(StatusCode::CREATED);
    let path = format!("/places/{}", added["id"]);
    let name = json!({ "name": "Café \"Himāl\"; drop table places" });
    let renamed = service.patch(&path, name.clone()).await;
    let renamed = renamed.expect(StatusCode::OK);
    assert_eq!(renamed["name"], name["name"]);
    assert_eq!(renamed["location"], added["location"]);
    let found = service.get("/places?prefix=CAF%C3%89%20%22").await;
    assert_eq!(found.expect(StatusCode::OK)[0]["id"], added["id"]);
}

#[tokio::test]
async fn only_what_a_change_names_is_changed() {
    let service = Service::start().await;
    let added = service.post("/places", tea_house()).await;
    let added = added.expect(StatusCode::CREATED);
    let path = format!("/places/{}", added["id"]);
    let mut expected = added;
    for (key, value) in [
        ("tags", json!(["tea"])),
        ("details", json!({ "beds": 14 })),
        ("region", Value::Null),
        (
            "region",
            json!({ "name": "Koshi", "district": "Solukhumbu" }),
        ),
    ] {
        let changed = service.patch(&path, json!({ key: value })).await;
        expected[key] = value;
        assert_eq!(changed.expect(StatusCode::OK), expected);
    }
    for (changes, says) in [
        (json!({}), "this changes nothing"),
        (json!({ "name": null }), "this changes nothing"),
        (json!({ "name": "" }), "a name cannot be blank"),
        (json!({ "country": "IN" }), "unknown field `country`"),
    ] {
        let message = service.patch(&path, changes).await;
        let message = message.refusal(INVALID, "invalid");
        assert!(message.contains(says), "{message}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict() {
    let service = Service::start().await;
    let added = service.post("/places", tea_house()).await;
    added.expect(StatusCode::CREATED);
    let mut other = tea_house();
    other["name"] = json!("Other Tea House");
    let other = service.post("/places", other).await;
    let other = other.expect(StatusCode::CREATED);
    let path = format!("/places/{}", other["id"]);
    let renamed = service
        .patch(&path, json!({ "name": tea_house()["name"] }))
        .await;
    renamed.refusal(StatusCode::CONFLICT, "conflict");
    let place = service.get(&path).await.expect(StatusCode::OK);
    assert_eq!(place["name"], "Other Tea House");
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_renamed() {
    let service = Service::start().await;
    let renamed = service.patch("/places/0", json!({ "name": "x" })).await;
    renamed.refusal(StatusCode::NOT_FOUND, "not_found");
}
