//! What is answered when a request cannot be carried out. The database's refusals become answers here, by the names of its
//! constraints; what a caller can do nothing about is logged, and answered without a word of it.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use howdah::{Error, ErrorKind};
use serde_json::json;

use crate::queries::schema::places;

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
        let violated =
            |constraint: &howdah::Constraint| error.constraint() == Some(constraint.name);
        if violated(&places::PLACES_ARE_LISTED_ONCE) {
            let message = "this country has a place of this name at this spot already";
            return Self::Conflict(message.to_owned());
        }
        if violated(&places::PLACES_ARE_IN_A_COUNTRY) {
            return Self::Invalid("there is no such country".to_owned());
        }
        if let Some(name) = error.constraint().filter(|_| error.is_check_violation()) {
            return Self::Invalid(name.replace('_', " "));
        }
        // Such as a text with a zero byte, which PostgreSQL cannot hold.
        if error.kind() == ErrorKind::Encode {
            return Self::Invalid("a value cannot be held by the database".to_owned());
        }
        Self::Internal(error)
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
