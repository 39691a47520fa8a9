//! Fills the database with the places of GeoNames, thousands in each statement.

use std::error::Error;
use std::time::{Duration, Instant};

use howdah::{Pool, Transaction};
use howdah_geonames as geonames;

use crate::queries::places::load_places;

/// How many places one statement adds.
const BATCH: usize = 5_000;

/// What came of loading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loaded {
    /// How many places GeoNames has, those without a name aside.
    pub read: u64,
    /// How many of them are new to the database.
    pub added: u64,
    /// How long it took, reading included.
    pub elapsed: Duration,
}

impl Loaded {
    /// Places added in a second.
    #[must_use]
    pub fn rows_per_second(&self) -> f64 {
        self.added as f64 / self.elapsed.as_secs_f64()
    }
}

/// Adds all places that are not in the database yet, in one transaction.
///
/// # Errors
///
/// When the file or the database refuses; then nothing is added.
pub async fn load(pool: &Pool) -> Result<Loaded, Box<dyn Error + Send + Sync>> {
    let started = Instant::now();
    let mut loaded = pool
        .transaction(async |tx| {
            let (mut read, mut added) = (0, 0);
            let mut batch = Vec::with_capacity(BATCH);
            for place in geonames::places() {
                let place = place?;
                // Two have no name.
                if place.name.trim().is_empty() {
                    continue;
                }
                read += 1;
                batch.push(place);
                if batch.len() == BATCH {
                    added += add(tx, &batch).await?;
                    batch.clear();
                }
            }
            added += add(tx, &batch).await?;
            let elapsed = Duration::ZERO;
            Ok::<_, Box<dyn Error + Send + Sync>>(Loaded {
                read,
                added,
                elapsed,
            })
        })
        .await?;
    // The planner chooses by what it knows of the rows.
    pool.batch_execute("analyze places").await?;
    loaded.elapsed = started.elapsed();
    Ok(loaded)
}

/// Adds these places with one statement, which takes them column by column.
async fn add(tx: &Transaction<'_>, places: &[geonames::Place]) -> Result<u64, howdah::Error> {
    let names: Vec<&str> = places.iter().map(|place| place.name.trim()).collect();
    let countries: Vec<&str> = places.iter().map(|place| place.cc.as_str()).collect();
    let regions: Vec<_> = places.iter().map(|place| known(&place.admin1)).collect();
    let districts: Vec<_> = places.iter().map(|place| known(&place.admin2)).collect();
    let tags: Vec<String> = places.iter().map(tags).collect();
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    let lons: Vec<f64> = places.iter().map(|place| place.lon).collect();
    let lats: Vec<f64> = places.iter().map(|place| place.lat).collect();
    load_places(
        &names, &countries, &regions, &districts, &tags, &lons, &lats,
    )
    .fetch(tx)
    .await
}

/// What is left empty where it is not known.
fn known(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

/// The words of the regions that a place is in, such as `ile-de-france paris`.
fn tags(place: &geonames::Place) -> String {
    let mut tags = vec![slug(&place.admin1), slug(&place.admin2)];
    tags.retain(|tag| !tag.is_empty());
    tags.dedup();
    tags.join(" ")
}

/// In lower case, with a dash for each run of what is neither letter nor digit.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words_with_dashes() {
        assert_eq!(slug("Ile-de-France"), "ile-de-france");
        assert_eq!(slug(" St. John's (North) "), "st-john-s-north");
        assert_eq!(slug(""), "");
    }
}
