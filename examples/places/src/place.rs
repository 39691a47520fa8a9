//! The app's own structs that rows are read into: what the generated ones cannot know, such as how they look as JSON, is
//! said here. Both the schema and the queries check them while compiling.

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat, Utc};
use geo_types::Point;
use howdah::{PgRow, PgUpdate};
use serde::{Serialize, Serializer};

use crate::queries::schema;
use crate::queries::types::{Continent, CountryCode, Origin, Region};

/// A place. Change a field's type, and neither this nor the queries that read it compile. Updates need no query: the
/// struct has a builder for them.
#[derive(Clone, Debug, PartialEq, PgRow, PgUpdate, Serialize)]
#[pg(table = schema::places)]
pub struct Place {
    /// Its number.
    #[pg(key)]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The country that it is in.
    pub country: CountryCode,
    /// The province and district that it is in, if known.
    pub region: Option<Region>,
    /// Where it is.
    #[serde(serialize_with = "degrees")]
    pub location: Point<f64>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whatever else is known.
    pub details: serde_json::Value,
    /// Who told us of it.
    #[serde(serialize_with = "text")]
    pub origin: Origin,
    /// Since when it is listed.
    #[serde(serialize_with = "rfc_3339")]
    pub created_at: DateTime<Utc>,
}

/// A place, and how far away it is.
#[derive(Clone, Debug, PartialEq, PgRow, Serialize)]
pub struct NearbyPlace {
    /// The place.
    #[pg(flatten)]
    #[serde(flatten)]
    pub place: Place,
    /// Its distance in metres.
    pub metres: f64,
}

/// A place, and the country that it is in.
#[derive(Clone, Debug, PartialEq, PgRow, Serialize)]
pub struct PlaceInCountry {
    /// The place.
    #[pg(flatten)]
    #[serde(flatten)]
    pub place: Place,
    /// The country's name.
    pub country_name: String,
    /// The continent that the country is part of.
    #[serde(serialize_with = "text")]
    pub continent: Continent,
}

/// `{"lat": …, "lon": …}`, so that nobody has to know which comes first.
fn degrees<S: Serializer>(point: &Point<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Degrees {
        lat: f64,
        lon: f64,
    }
    let (lon, lat) = point.x_y();
    Degrees { lat, lon }.serialize(serializer)
}

fn text<S: Serializer>(value: impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&value)
}

fn rfc_3339<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
