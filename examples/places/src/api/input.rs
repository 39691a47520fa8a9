//! What requests say, and what of it is refused before the database is asked. Rules that the schema states (names are not
//! blank, codes have two letters) are not repeated here: the database's refusal becomes an answer in [`super::error`].

use geo_types::Point;
use serde::{Deserialize, Deserializer};

use super::ApiError;
use crate::queries::types::{CountryCode, PlaceName, Region};

/// The most rows that are answered.
const MAX_ROWS: i64 = 100;

/// How many rows are wanted; ten, if that is not said.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Limit(i64);

impl Default for Limit {
    fn default() -> Self {
        Self(10)
    }
}

impl Limit {
    pub(super) fn rows(self) -> Result<i64, ApiError> {
        if (1..=MAX_ROWS).contains(&self.0) {
            return Ok(self.0);
        }
        let message = format!("`limit` must be from 1 to {MAX_ROWS}");
        Err(ApiError::Invalid(message))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Search {
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) limit: Limit,
}

#[derive(Debug, Deserialize)]
pub(super) struct Near {
    lat: f64,
    lon: f64,
    radius: f64,
    #[serde(default)]
    pub(super) limit: Limit,
}

impl Near {
    pub(super) fn here(&self) -> Result<Point<f64>, ApiError> {
        point(self.lat, self.lon)
    }

    pub(super) fn radius(&self) -> Result<f64, ApiError> {
        if (0.0..=1_000_000.0).contains(&self.radius) {
            return Ok(self.radius);
        }
        let message = "`radius` must be from 0 to 1000000 metres".to_owned();
        Err(ApiError::Invalid(message))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Tagged {
    pub(super) tag: String,
    #[serde(default)]
    pub(super) limit: Limit,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlace {
    pub(super) name: PlaceName,
    pub(super) country: CountryCode,
    pub(super) region: Option<Region>,
    lat: f64,
    lon: f64,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default = "nothing")]
    pub(super) details: serde_json::Value,
}

fn nothing() -> serde_json::Value {
    serde_json::json!({})
}

impl NewPlace {
    pub(super) fn location(&self) -> Result<Point<f64>, ApiError> {
        point(self.lat, self.lon)
    }
}

/// What is to change. What is left out stays as it is; a region that is `null` is taken away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) region: Option<Option<Region>>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) details: Option<serde_json::Value>,
}

/// Tells `null` from what is left out, which `default` makes `None`.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// PostGIS would take any numbers, and wrap them around the globe.
fn point(lat: f64, lon: f64) -> Result<Point<f64>, ApiError> {
    if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
        return Ok(Point::new(lon, lat));
    }
    let message = "`lat` must be from -90 to 90 and `lon` from -180 to 180".to_owned();
    Err(ApiError::Invalid(message))
}
