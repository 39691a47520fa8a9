//! A constant for each built-in type of PostgreSQL that a column or a parameter can have, and for its array type. The
//! constants have the names of `pg_type` in upper case.

use crate::SqlType;

macro_rules! base_types {
    ($($konst:ident $array:ident $name:literal;)*) => {$(
        #[doc = concat!("`", $name, "`")]
        pub const $konst: SqlType = SqlType::base("pg_catalog", $name);
        #[doc = concat!("`", $name, "[]`")]
        pub const $array: SqlType =
            SqlType::array("pg_catalog", concat!("_", $name), &$konst);
    )*};
}

base_types! {
    ACLITEM ACLITEM_ARRAY "aclitem";
    BIT BIT_ARRAY "bit";
    BOOL BOOL_ARRAY "bool";
    BOX BOX_ARRAY "box";
    BPCHAR BPCHAR_ARRAY "bpchar";
    BYTEA BYTEA_ARRAY "bytea";
    CHAR CHAR_ARRAY "char";
    CID CID_ARRAY "cid";
    CIDR CIDR_ARRAY "cidr";
    CIRCLE CIRCLE_ARRAY "circle";
    DATE DATE_ARRAY "date";
    FLOAT4 FLOAT4_ARRAY "float4";
    FLOAT8 FLOAT8_ARRAY "float8";
    INET INET_ARRAY "inet";
    INT2 INT2_ARRAY "int2";
    INT4 INT4_ARRAY "int4";
    INT8 INT8_ARRAY "int8";
    INTERVAL INTERVAL_ARRAY "interval";
    JSON JSON_ARRAY "json";
    JSONB JSONB_ARRAY "jsonb";
    JSONPATH JSONPATH_ARRAY "jsonpath";
    LINE LINE_ARRAY "line";
    LSEG LSEG_ARRAY "lseg";
    MACADDR MACADDR_ARRAY "macaddr";
    MACADDR8 MACADDR8_ARRAY "macaddr8";
    MONEY MONEY_ARRAY "money";
    NAME NAME_ARRAY "name";
    NUMERIC NUMERIC_ARRAY "numeric";
    OID OID_ARRAY "oid";
    PATH PATH_ARRAY "path";
    PG_LSN PG_LSN_ARRAY "pg_lsn";
    PG_SNAPSHOT PG_SNAPSHOT_ARRAY "pg_snapshot";
    POINT POINT_ARRAY "point";
    POLYGON POLYGON_ARRAY "polygon";
    REFCURSOR REFCURSOR_ARRAY "refcursor";
    REGCLASS REGCLASS_ARRAY "regclass";
    REGCOLLATION REGCOLLATION_ARRAY "regcollation";
    REGCONFIG REGCONFIG_ARRAY "regconfig";
    REGDICTIONARY REGDICTIONARY_ARRAY "regdictionary";
    REGNAMESPACE REGNAMESPACE_ARRAY "regnamespace";
    REGOPER REGOPER_ARRAY "regoper";
    REGOPERATOR REGOPERATOR_ARRAY "regoperator";
    REGPROC REGPROC_ARRAY "regproc";
    REGPROCEDURE REGPROCEDURE_ARRAY "regprocedure";
    REGROLE REGROLE_ARRAY "regrole";
    REGTYPE REGTYPE_ARRAY "regtype";
    TEXT TEXT_ARRAY "text";
    TID TID_ARRAY "tid";
    TIME TIME_ARRAY "time";
    TIMESTAMP TIMESTAMP_ARRAY "timestamp";
    TIMESTAMPTZ TIMESTAMPTZ_ARRAY "timestamptz";
    TIMETZ TIMETZ_ARRAY "timetz";
    TSQUERY TSQUERY_ARRAY "tsquery";
    TSVECTOR TSVECTOR_ARRAY "tsvector";
    TXID_SNAPSHOT TXID_SNAPSHOT_ARRAY "txid_snapshot";
    UUID UUID_ARRAY "uuid";
    VARBIT VARBIT_ARRAY "varbit";
    VARCHAR VARCHAR_ARRAY "varchar";
    XID XID_ARRAY "xid";
    XID8 XID8_ARRAY "xid8";
    XML XML_ARRAY "xml";
}

macro_rules! range_types {
    ($($konst:ident $array:ident $multi:ident $multi_array:ident $name:literal $multi_name:literal $bound:ident;)*) => {$(
        #[doc = concat!("`", $name, "`")]
        pub const $konst: SqlType = SqlType::range("pg_catalog", $name, &$bound);
        #[doc = concat!("`", $name, "[]`")]
        pub const $array: SqlType =
            SqlType::array("pg_catalog", concat!("_", $name), &$konst);
        #[doc = concat!("`", $multi_name, "`")]
        pub const $multi: SqlType = SqlType::multirange("pg_catalog", $multi_name, &$bound);
        #[doc = concat!("`", $multi_name, "[]`")]
        pub const $multi_array: SqlType =
            SqlType::array("pg_catalog", concat!("_", $multi_name), &$multi);
    )*};
}

range_types! {
    INT4RANGE INT4RANGE_ARRAY INT4MULTIRANGE INT4MULTIRANGE_ARRAY "int4range" "int4multirange" INT4;
    INT8RANGE INT8RANGE_ARRAY INT8MULTIRANGE INT8MULTIRANGE_ARRAY "int8range" "int8multirange" INT8;
    NUMRANGE NUMRANGE_ARRAY NUMMULTIRANGE NUMMULTIRANGE_ARRAY "numrange" "nummultirange" NUMERIC;
    TSRANGE TSRANGE_ARRAY TSMULTIRANGE TSMULTIRANGE_ARRAY "tsrange" "tsmultirange" TIMESTAMP;
    TSTZRANGE TSTZRANGE_ARRAY TSTZMULTIRANGE TSTZMULTIRANGE_ARRAY "tstzrange" "tstzmultirange" TIMESTAMPTZ;
    DATERANGE DATERANGE_ARRAY DATEMULTIRANGE DATEMULTIRANGE_ARRAY "daterange" "datemultirange" DATE;
}

/// `int2vector`, as the system catalogs use it.
pub const INT2VECTOR: SqlType = SqlType::array("pg_catalog", "int2vector", &INT2);
/// `oidvector`, as the system catalogs use it.
pub const OIDVECTOR: SqlType = SqlType::array("pg_catalog", "oidvector", &OID);
/// `record`, a row whose fields have no names.
pub const RECORD: SqlType = SqlType {
    schema: "pg_catalog",
    name: "record",
    kind: crate::SqlKind::Pseudo,
};
/// `void`, the result type of functions that return nothing.
pub const VOID: SqlType = SqlType {
    schema: "pg_catalog",
    name: "void",
    kind: crate::SqlKind::Pseudo,
};
/// `unknown`, the type of an untyped literal.
pub const UNKNOWN: SqlType = SqlType {
    schema: "pg_catalog",
    name: "unknown",
    kind: crate::SqlKind::Pseudo,
};
