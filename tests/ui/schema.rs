//! What `howdah generate` writes for the tables of these cases.

pub mod places {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, SqlType, Table, types};

    pub const TABLE: Table = Table {
        schema: "public",
        name: "places",
        columns: &[ID, NAME, NOTE, TAGS, MOOD, LOCATION],
        constraints: &[PLACES_PKEY],
        primary_key: Some(&PLACES_PKEY),
        hidden: &[],
    };
    pub const ID: Column = Column {
        table: "places",
        name: "id",
        ty: types::INT8,
        nullable: false,
        default: ColumnDefault::IdentityAlways,
    };
    pub const NAME: Column = Column {
        table: "places",
        name: "name",
        ty: types::TEXT,
        nullable: false,
        default: ColumnDefault::None,
    };
    pub const NOTE: Column = Column { name: "note", nullable: true, ..NAME };
    pub const TAGS: Column = Column { name: "tags", ty: types::TEXT_ARRAY, ..NAME };
    pub const MOOD: Column =
        Column { name: "mood", ty: SqlType::enumeration("public", "mood"), ..NAME };
    pub const LOCATION: Column =
        Column { name: "location", ty: SqlType::spatial("public", "geometry", "Point", 4326), ..NAME };
    pub const PLACES_PKEY: Constraint = Constraint {
        schema: "public",
        table: "places",
        name: "places_pkey",
        kind: ConstraintKind::PrimaryKey,
        columns: &["id"],
        deferrable: false,
    };
    pub const PLACES_CHECK: Constraint =
        Constraint { name: "places_check", kind: ConstraintKind::Check, ..PLACES_PKEY };
}

/// A table of another schema than `public`.
pub mod log {
    use howdah::{Column, ColumnDefault, Constraint, Table, types};

    pub const TABLE: Table = Table {
        schema: "audit",
        name: "log",
        columns: &[ENTRY],
        constraints: &[],
        primary_key: None,
        hidden: &[],
    };
    pub const ENTRY: Column = Column {
        table: "log",
        name: "entry",
        ty: types::INT4,
        nullable: true,
        default: ColumnDefault::None,
    };
    pub const LOG_PKEY: Constraint = Constraint {
        schema: "audit",
        table: "log",
        name: "log_pkey",
        ..super::places::PLACES_PKEY
    };
}

/// A view that nothing can be written to.
pub mod totals {
    use howdah::{Column, ColumnDefault, Table, types};

    pub const TABLE: Table = Table {
        schema: "public",
        name: "totals",
        columns: &[PLACE, TOTAL],
        constraints: &[],
        primary_key: None,
        hidden: &[],
    };
    pub const PLACE: Column = Column {
        table: "totals",
        name: "place",
        ty: types::INT8,
        nullable: true,
        default: ColumnDefault::ReadOnly,
    };
    pub const TOTAL: Column = Column { name: "total", ..PLACE };
}

/// A view that does not show what an insert needs.
pub mod short {
    use howdah::Table;

    pub const TABLE: Table =
        Table { name: "short", columns: &[super::loud::ID], hidden: &["tags", "mood"], ..super::totals::TABLE };
}

/// A view that does not show one column that an insert needs.
pub mod shorter {
    use howdah::Table;

    pub const TABLE: Table = Table { name: "shorter", hidden: &["name"], ..super::short::TABLE };
}

/// A view with a column that is computed.
pub mod loud {
    use howdah::{Column, ColumnDefault, Table, types};

    pub const TABLE: Table = Table { name: "loud", columns: &[ID, NAME], ..super::totals::TABLE };
    pub const ID: Column =
        Column { table: "loud", name: "id", default: ColumnDefault::None, ..super::totals::PLACE };
    pub const NAME: Column =
        Column { name: "name", ty: types::TEXT, default: ColumnDefault::ReadOnly, ..ID };
}

/// A table whose only key may be null.
pub mod seats {
    use howdah::Table;

    pub const TABLE: Table =
        Table { constraints: &[super::bookings::BOOKINGS_SEAT_KEY], ..super::bookings::TABLE };
}

/// A table with a generated column, and of whose keys none is good for everything.
pub mod bookings {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};

    pub const TABLE: Table = Table {
        schema: "public",
        name: "bookings",
        columns: &[NAME, LENGTH, SEAT, DURING, FREE],
        constraints: &[BOOKINGS_SEAT_KEY, BOOKINGS_NAME_KEY],
        primary_key: None,
        hidden: &[],
    };
    pub const NAME: Column = Column {
        table: "bookings",
        name: "name",
        ty: types::TEXT,
        nullable: false,
        default: ColumnDefault::None,
    };
    pub const LENGTH: Column =
        Column { name: "length", ty: types::INT4, default: ColumnDefault::Generated, ..NAME };
    pub const SEAT: Column = Column { name: "seat", ty: types::INT4, nullable: true, ..NAME };
    pub const DURING: Column = Column { name: "during", ty: types::TSTZRANGE, nullable: true, ..NAME };
    pub const FREE: Column = Column { name: "free", ty: types::INT4MULTIRANGE, nullable: true, ..NAME };
    /// Of a column that may be null.
    pub const BOOKINGS_SEAT_KEY: Constraint = Constraint {
        schema: "public",
        table: "bookings",
        name: "bookings_seat_key",
        kind: ConstraintKind::Unique,
        columns: &["seat"],
        deferrable: false,
    };
    pub const BOOKINGS_NAME_KEY: Constraint =
        Constraint { name: "bookings_name_key", columns: &["name"], deferrable: true, ..BOOKINGS_SEAT_KEY };
}

/// A table of types without a binary form.
pub mod maps {
    use howdah::{Carrier, Column, ColumnDefault, SqlType, Table, types};

    pub const TABLE: Table = Table {
        schema: "public",
        name: "maps",
        columns: &[ID, BOUNDS, LENGTH, TILES, SCAN, STAY],
        constraints: &[],
        primary_key: None,
        hidden: &[],
    };
    pub const ID: Column = Column {
        table: "maps",
        name: "id",
        ty: types::INT8,
        nullable: false,
        default: ColumnDefault::None,
    };
    pub const BOUNDS: Column = Column {
        name: "bounds",
        ty: SqlType::carried(
            "public",
            "box2d",
            &Carrier {
                ty: SqlType::spatial("public", "geometry", "", 0),
                leaving: ("", "::\"public\".\"geometry\""),
                coming: Some(("(", "::\"public\".\"box2d\")")),
            },
        ),
        ..ID
    };
    pub const LENGTH: Column = Column {
        name: "length",
        ty: SqlType::carried(
            "public",
            "seg",
            &Carrier {
                ty: types::TEXT,
                leaving: ("", "::text"),
                coming: Some(("(", "::\"public\".\"seg\")")),
            },
        ),
        nullable: true,
        ..ID
    };
    pub const TILES: Column = Column {
        name: "tiles",
        ty: SqlType::carried(
            "public",
            "_box2d",
            &Carrier {
                ty: SqlType::array("public", "_geometry", &SqlType::spatial("public", "geometry", "", 0)),
                leaving: ("", "::\"public\".\"geometry\"[]"),
                coming: Some(("(", "::\"public\".\"_box2d\")")),
            },
        ),
        ..ID
    };
    pub const SCAN: Column = Column {
        name: "scan",
        ty: SqlType::carried(
            "public",
            "raster",
            &Carrier {
                ty: types::BYTEA,
                leaving: ("", "::bytea"),
                coming: Some(("(pg_catalog.encode(", ", 'hex')::\"public\".\"raster\")")),
            },
        ),
        ..ID
    };
    pub const STAY: Column = Column {
        name: "stay",
        ty: SqlType::carried(
            "public",
            "stay",
            &Carrier {
                ty: SqlType::base("public", "stay"),
                leaving: ("(select row((v).\"around\"::\"public\".\"geometry\") from (select ", " as v) as carried)"),
                coming: None,
            },
        ),
        nullable: true,
        ..ID
    };
}
