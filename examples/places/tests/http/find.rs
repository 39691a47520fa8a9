//! Requests that read.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::service::Service;

const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;
const INVALID: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

fn all<'a>(places: &'a Value, key: &str) -> Vec<&'a Value> {
    let places = places.as_array().unwrap();
    places.iter().map(|place| &place[key]).collect()
}

#[tokio::test]
async fn places_are_found_by_the_beginning_of_their_names() {
    let service = Service::start().await;
    let answer = service.get("/places?prefix=kathm&limit=5").await;
    let found = answer.expect(StatusCode::OK);
    assert_eq!(all(&found, "name"), ["Kathmandu"]);
    let kathmandu = &found[0];
    assert_eq!(kathmandu["country"], "NP");
    assert_eq!(
        kathmandu["region"],
        json!({ "name": "Central Region", "district": "Bagmati Zone" })
    );
    assert_eq!(
        kathmandu["location"],
        json!({ "lat": 27.70169, "lon": 85.3206 })
    );
    assert_eq!(kathmandu["origin"], "geonames");
    assert_eq!(kathmandu["details"], json!({ "source": "GeoNames" }));
}

#[tokio::test]
async fn the_beginning_of_a_name_is_no_pattern() {
    let service = Service::start().await;
    let found = service.get("/places?prefix=%25").await;
    assert_eq!(found.expect(StatusCode::OK), json!([]));
}

#[tokio::test]
async fn the_nearest_place_comes_first() {
    let service = Service::start().await;
    let path = "/places/near?lat=48.8566&lon=2.3522&radius=5000&limit=3";
    let found = service.get(path).await.expect(StatusCode::OK);
    assert_eq!(found[0]["name"], "Paris");
    assert_eq!(found[0]["country"], "FR");
    let metres: Vec<f64> = all(&found, "metres")
        .into_iter()
        .filter_map(Value::as_f64)
        .collect();
    assert_eq!(metres.len(), 3);
    assert!(metres.is_sorted(), "{metres:?}");
    assert!((400.0..500.0).contains(&metres[0]), "{metres:?}");
    assert!(metres[2] <= 5_000.0, "{metres:?}");
}

#[tokio::test]
async fn nothing_is_near_in_the_middle_of_the_ocean() {
    let service = Service::start().await;
    let path = "/places/near?lat=-48.8767&lon=-123.3933&radius=1000000";
    assert_eq!(service.get(path).await.expect(StatusCode::OK), json!([]));
}

#[tokio::test]
async fn places_of_a_country_are_found_by_tag() {
    let service = Service::start().await;
    let path = "/countries/FR/places?tag=ile-de-france&limit=100";
    let found = service.get(path).await.expect(StatusCode::OK);
    assert_eq!(found.as_array().unwrap().len(), 100);
    assert!(
        all(&found, "country")
            .into_iter()
            .all(|country| country == "FR")
    );
    for tags in all(&found, "tags") {
        assert_eq!(tags[0], "ile-de-france");
    }
    let path = "/countries/FR/places?tag=bagmati-zone";
    assert_eq!(service.get(path).await.expect(StatusCode::OK), json!([]));
}

#[tokio::test]
async fn a_country_that_does_not_exist_is_not_found() {
    let service = Service::start().await;
    let answer = service.get("/countries/ZZ/places?tag=north").await;
    let message = answer.refusal(NOT_FOUND, "not_found");
    assert_eq!(message, "there is no country ZZ");
}

#[tokio::test]
async fn a_place_comes_with_its_country() {
    let service = Service::start().await;
    let found = service.get("/places?prefix=reykjav").await;
    let id = &found.expect(StatusCode::OK)[0]["id"];
    let place = service.get(&format!("/places/{id}")).await;
    let place = place.expect(StatusCode::OK);
    assert_eq!(&place["id"], id);
    assert_eq!(place["country"], "IS");
    assert_eq!(place["country_name"], "Iceland");
    assert_eq!(place["continent"], "europe");
}

#[tokio::test]
async fn a_place_that_does_not_exist_is_not_found() {
    let service = Service::start().await;
    let message = service.get("/places/0").await;
    let message = message.refusal(NOT_FOUND, "not_found");
    assert_eq!(message, "there is no place 0");
    for path in ["/places/x", "/nowhere"] {
        service.get(path).await.refusal(NOT_FOUND, "not_found");
    }
}

#[tokio::test]
async fn countries_come_with_their_numbers_of_places() {
    let service = Service::start().await;
    let countries = service.get("/countries").await.expect(StatusCode::OK);
    let places = |code: &str| {
        let countries = countries.as_array().unwrap();
        let country = countries.iter().find(|country| country["code"] == code);
        country.unwrap()["places"].as_i64().unwrap()
    };
    assert!(places("US") > 10_000);
    assert_eq!(places("MC"), 6);
    let counts: Vec<i64> = all(&countries, "places")
        .into_iter()
        .filter_map(Value::as_i64)
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let service = Service::start().await;
    for (path, says) in [
        ("/places", "prefix"),
        (
            "/places?prefix=a&limit=101",
            "`limit` must be from 1 to 100",
        ),
        ("/places?prefix=a&limit=many", "invalid digit"),
        ("/places/near?lat=91&lon=0&radius=1", "`lat` must be"),
        ("/places/near?lat=0&lon=0&radius=NaN", "`radius` must be"),
        ("/places?prefix=%00", "cannot be held"),
    ] {
        let message = service.get(path).await.refusal(INVALID, "invalid");
        assert!(message.contains(says), "{path}: {message}");
    }
}
