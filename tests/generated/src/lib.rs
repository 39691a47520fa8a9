//! The expected output of the golden cases in `tests/golden`, so that it is compiled, linted and run.

use howdah::{PgComposite, PgRow};

/// The app's type that the golden case `rows/app` maps onto.
#[derive(Clone, Debug, PartialEq, PgRow)]
pub struct Place {
    /// The key.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What there is to say.
    pub note: Option<String>,
}

/// The app's type that a query of the golden case `types/text_only` maps onto.
#[derive(Clone, Debug, PartialEq, PgRow)]
pub struct Map {
    /// The key.
    pub id: i32,
    /// What it shows.
    pub room: Option<howdah::Box3d>,
    /// The scans of all maps.
    pub scans: Vec<Option<Vec<u8>>>,
}

/// The app's type for a composite of the golden case `types/text_only_own`.
#[derive(Clone, Debug, PartialEq, PgComposite)]
pub struct Stay {
    /// How long.
    pub n: Option<i32>,
    /// Where.
    pub around: Option<howdah::Box2d>,
}

/// The expected output of the golden cases, compiled.
pub mod golden {
    include!(concat!(env!("OUT_DIR"), "/golden.rs"));
}

/// The error of a result, which is to be about this violation.
#[macro_export]
macro_rules! violates {
    ($result:expr, $variant:path) => {{
        let error = $result.unwrap_err();
        let violation = error.violation();
        assert!(
            matches!(violation, Some($variant)),
            "{error}, {violation:?}"
        );
        error
    }};
}
