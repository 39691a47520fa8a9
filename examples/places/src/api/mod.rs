//! The web service: which request runs which query.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /places?prefix=par` | places by the beginning of their names |
//! | `GET /places/near?lat=48.8566&lon=2.3522&radius=5000` | places within metres, nearest first |
//! | `GET /places/{id}` | a place, with its country |
//! | `POST /places` | adds a place |
//! | `PATCH /places/{id}` | changes its name, region, tags or details |
//! | `GET /countries` | the countries, with their numbers of places |
//! | `GET /countries/{code}/places?tag=paris` | places of a country that carry a tag |

mod error;
mod extract;
mod input;

use std::io;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use howdah::Pool;
use tokio::net::TcpListener;

pub use error::ApiError;
use extract::{Body, Params, Path};
use input::{Changes, Near, NewPlace, Search, Tagged};

use crate::place::{NearbyPlace, Place, PlaceInCountry};
use crate::queries::countries::{Countries, countries, country_exists};
use crate::queries::places::{add_place, find_place, nearby_places, search_places, tagged_places};

/// Answers requests, until the process ends.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(listener: TcpListener, pool: Pool) -> io::Result<()> {
    axum::serve(listener, router(pool)).await
}

/// The routes.
pub fn router(pool: Pool) -> Router {
    Router::new()
        .route("/places", get(search).post(add))
        .route("/places/near", get(near))
        .route("/places/{id}", get(find).patch(change))
        .route("/countries", get(list_countries))
        .route("/countries/{code}/places", get(tagged))
        .fallback(async || ApiError::NotFound("there is nothing at this path".to_owned()))
        .with_state(pool)
}

async fn search(
    State(pool): State<Pool>,
    Params(search): Params<Search>,
) -> Result<Body<Vec<Place>>, ApiError> {
    let found = search_places(&search.prefix, search.limit.rows()?);
    Ok(Body(found.fetch(&pool).await?))
}

async fn near(
    State(pool): State<Pool>,
    Params(near): Params<Near>,
) -> Result<Body<Vec<NearbyPlace>>, ApiError> {
    let found = nearby_places(near.here()?, near.radius()?, near.limit.rows()?);
    Ok(Body(found.fetch(&pool).await?))
}

async fn tagged(
    State(pool): State<Pool>,
    Path(country): Path<String>,
    Params(tagged): Params<Tagged>,
) -> Result<Body<Vec<Place>>, ApiError> {
    let limit = tagged.limit.rows()?;
    let found = tagged_places(&country, &tagged.tag, limit)
        .fetch(&pool)
        .await?;
    if found.is_empty() && !country_exists(&country).fetch(&pool).await? {
        let message = format!("there is no country {country}");
        return Err(ApiError::NotFound(message));
    }
    Ok(Body(found))
}

async fn list_countries(State(pool): State<Pool>) -> Result<Body<Vec<Countries>>, ApiError> {
    Ok(Body(countries().fetch(&pool).await?))
}

async fn find(
    State(pool): State<Pool>,
    Path(id): Path<i64>,
) -> Result<Body<PlaceInCountry>, ApiError> {
    let found = find_place(id).fetch(&pool).await?;
    found.map(Body).ok_or_else(|| no_place(id))
}

async fn add(
    State(pool): State<Pool>,
    Body(new): Body<NewPlace>,
) -> Result<impl IntoResponse, ApiError> {
    let location = new.location()?;
    let tags: Vec<&str> = new.tags.iter().map(String::as_str).collect();
    let region = new.region.as_ref();
    let place = add_place(
        &new.name,
        &new.country,
        region,
        location,
        &tags,
        &new.details,
    )
    .fetch(&pool)
    .await?;
    let path = format!("/places/{}", place.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, path)], Body(place)))
}

async fn change(
    State(pool): State<Pool>,
    Path(id): Path<i64>,
    Body(changes): Body<Changes>,
) -> Result<Body<Place>, ApiError> {
    let mut update = Place::update(id);
    if let Some(name) = &changes.name {
        update = update.name(name);
    }
    if let Some(region) = changes.region {
        update = update.region(region);
    }
    if let Some(tags) = &changes.tags {
        update = update.tags(tags);
    }
    if let Some(details) = &changes.details {
        update = update.details(details);
    }
    let changed = update.returning().fetch(&pool).await?;
    changed.map(Body).ok_or_else(|| no_place(id))
}

fn no_place(id: i64) -> ApiError {
    ApiError::NotFound(format!("there is no place {id}"))
}
