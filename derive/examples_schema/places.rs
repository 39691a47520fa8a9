// What `howdah generate` writes for the table of the documentation's examples:
//
//     create table places (
//         id bigint generated always as identity primary key,
//         name text not null unique,
//         note text,
//         tags text[] not null default '{}',
//         created_at timestamptz not null default now(),
//         version integer not null default 1
//     );

pub mod places {
    use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, Violated, Violation, types};

    pub const TABLE: Table = Table {
        schema: "public",
        name: "places",
        columns: &[ID, NAME, NOTE, TAGS, CREATED_AT, VERSION],
        constraints: &[PLACES_NAME_KEY, PLACES_PKEY],
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
    pub const TAGS: Column =
        Column { name: "tags", ty: types::TEXT_ARRAY, default: ColumnDefault::Value, ..NAME };
    pub const CREATED_AT: Column =
        Column { name: "created_at", ty: types::TIMESTAMPTZ, default: ColumnDefault::Value, ..NAME };
    pub const VERSION: Column =
        Column { name: "version", ty: types::INT4, default: ColumnDefault::Value, ..NAME };
    pub const PLACES_NAME_KEY: Constraint = Constraint {
        schema: "public",
        table: "places",
        name: "places_name_key",
        kind: ConstraintKind::Unique,
        columns: &["name"],
        deferrable: false,
    };
    pub const PLACES_PKEY: Constraint =
        Constraint { name: "places_pkey", kind: ConstraintKind::PrimaryKey, columns: &["id"], ..PLACES_NAME_KEY };

    /// What an insert can violate.
    #[derive(Debug)]
    pub enum InsertViolation {
        /// `UNIQUE (name)` of `public.places`
        PlacesNameKey,
    }

    impl Violation for InsertViolation {
        const ALL: &'static [(Self, Violated)] =
            &[(Self::PlacesNameKey, Violated::Constraint("public", "places", "places_name_key"))];
    }
}
