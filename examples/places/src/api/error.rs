//! What is answered when a request cannot be carried out. The database's refusals become answers here, by the constraint
//! that is violated; what a caller can do nothing about is logged, and answered without a word of it.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use howdah::{Error, ErrorKind};
use serde_json::json;

use crate::queries::schema::places::InsertViolation;

/// Why a request was not carried out.
#[derive(Debug)]
pub enum ApiError {
    /// 404: what it is about does not exist.
    NotFound(String),
    /// 409: it contradicts what is there already.
    Conflict(String),
    /// 422: it says something that makes no sense.
    Invalid(String),
    /// 500: not the caller's fault.
    Internal(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = match (error.violation(), error.kind()) {
            // A new constraint of the table or its domains does not compile until it has its message here.
            (Some(violation), _) => match violation {
                InsertViolation::PlacesAreListedOnce => {
                    let message = "this country has a place of this name at this spot already";
                    return Self::Conflict(message.to_owned());
                }
                InsertViolation::PlacesAreInACountry => "there is no such country",
                InsertViolation::CountryCodeIsTwoLetters => "a country code is two capital letters",
                InsertViolation::PlaceNameIsNotBlank => {
                    "a name cannot be blank, nor begin or end with a space"
                }
                InsertViolation::TagsAreNotNull => "a tag cannot be null",
            },
            // Such as a text with a zero byte, which PostgreSQL cannot hold.
            (None, ErrorKind::Encode) => "a value cannot be held by the database",
            (None, ErrorKind::NothingToDo) => "this changes nothing",
            (None, _) => return Self::Internal(error),
        };
        Self::Invalid(message.to_owned())
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}

/// A path that names nothing, such as `/places/x`.
impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::NotFound(rejection.body_text())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error, message) = match self {
            Self::NotFound(message) => (StatusCode::NOT_FOUND, "not_found", message),
            Self::Conflict(message) => (StatusCode::CONFLICT, "conflict", message),
            Self::Invalid(message) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", message),
            Self::Internal(error) => {
                eprintln!("{error}");
                let message = "something went wrong here".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
            }
        };
        let body = json!({ "error": error, "message": message });
        (status, Json(body)).into_response()
    }
}
