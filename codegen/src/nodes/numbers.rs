//! The numbers that enums and built-in types are printed as, by their names in PostgreSQL's headers.

/// `GroupingSetKind` (`nodes/parsenodes.h`).
pub(crate) mod grouping_set {
    pub(crate) const EMPTY: i64 = 0;
    pub(crate) const SIMPLE: i64 = 1;
    pub(crate) const SETS: i64 = 4;
}

/// `JoinType` (`nodes/nodes.h`).
pub(crate) mod join {
    pub(crate) const INNER: i64 = 0;
    pub(crate) const LEFT: i64 = 1;
    pub(crate) const FULL: i64 = 2;
    pub(crate) const RIGHT: i64 = 3;
}

/// `LockClauseStrength` (`nodes/lockoptions.h`).
pub(crate) mod lock_strength {
    pub(crate) const FOR_SHARE: i64 = 2;
    pub(crate) const FOR_NO_KEY_UPDATE: i64 = 3;
    pub(crate) const FOR_UPDATE: i64 = 4;
}

/// `LockWaitPolicy` (`nodes/lockoptions.h`).
pub(crate) mod lock_wait {
    pub(crate) const BLOCK: i64 = 0;
    /// NOWAIT.
    pub(crate) const ERROR: i64 = 2;
}

/// `NullTestType` (`nodes/primnodes.h`).
pub(crate) mod null_test {
    pub(crate) const IS_NULL: i64 = 0;
    pub(crate) const IS_NOT_NULL: i64 = 1;
}

/// `ParamKind` (`nodes/primnodes.h`).
pub(crate) mod param_kind {
    /// A parameter of the query, or an argument of the function.
    pub(crate) const EXTERN: i64 = 0;
    /// A column of the subquery that something is compared with.
    pub(crate) const SUBLINK: i64 = 2;
    /// A column of the subquery that several columns are set to.
    pub(crate) const MULTIEXPR: i64 = 3;
}

/// `SetOperation` (`nodes/parsenodes.h`).
pub(crate) mod set_operation {
    pub(crate) const UNION: i64 = 1;
    pub(crate) const INTERSECT: i64 = 2;
    pub(crate) const EXCEPT: i64 = 3;
}

/// `SubLinkType` (`nodes/primnodes.h`).
pub(crate) mod sublink {
    pub(crate) const EXISTS: i64 = 0;
    pub(crate) const ALL: i64 = 1;
    pub(crate) const ANY: i64 = 2;
    pub(crate) const ROWCOMPARE: i64 = 3;
    /// `(select …)` as a value.
    pub(crate) const EXPR: i64 = 4;
    /// `(a, b) = (select …)` in UPDATE.
    pub(crate) const MULTIEXPR: i64 = 5;
    pub(crate) const ARRAY: i64 = 6;
}

/// `XmlExprOp` (`nodes/primnodes.h`).
pub(crate) mod xml {
    pub(crate) const CONCAT: i64 = 0;
    pub(crate) const ELEMENT: i64 = 1;
    pub(crate) const FOREST: i64 = 2;
    pub(crate) const PARSE: i64 = 3;
    pub(crate) const SERIALIZE: i64 = 6;
    pub(crate) const IS_DOCUMENT: i64 = 7;
}

/// The OIDs of functions that read and change settings and locks of the session (`catalog/pg_proc.dat`).
pub(crate) mod setting {
    use std::ops::RangeInclusive;

    /// `current_setting`, with and without the argument `missing_ok`.
    pub(crate) const CURRENT: [u32; 2] = [2077, 3294];
    /// `set_config`.
    pub(crate) const SET: u32 = 2078;
    /// `pg_advisory_lock`, `pg_try_advisory_lock`, `pg_advisory_unlock` and their sisters, without those of transactions.
    pub(crate) const LOCKS: RangeInclusive<u32> = 2880..=2892;
}

/// The OIDs of built-in types (`catalog/pg_type.dat`).
pub(crate) mod oid {
    pub(crate) const BOOL: u32 = 16;
    pub(crate) const BYTEA: u32 = 17;
    pub(crate) const CHAR: u32 = 18;
    pub(crate) const NAME: u32 = 19;
    pub(crate) const INT8: u32 = 20;
    pub(crate) const INT2: u32 = 21;
    pub(crate) const INT4: u32 = 23;
    pub(crate) const TEXT: u32 = 25;
    pub(crate) const OID: u32 = 26;
    pub(crate) const JSON: u32 = 114;
    pub(crate) const XML: u32 = 142;
    pub(crate) const FLOAT4: u32 = 700;
    pub(crate) const FLOAT8: u32 = 701;
    pub(crate) const BPCHAR: u32 = 1042;
    pub(crate) const VARCHAR: u32 = 1043;
    pub(crate) const DATE: u32 = 1082;
    pub(crate) const TIME: u32 = 1083;
    pub(crate) const TIMESTAMP: u32 = 1114;
    pub(crate) const TIMESTAMPTZ: u32 = 1184;
    pub(crate) const INTERVAL: u32 = 1186;
    pub(crate) const TIMETZ: u32 = 1266;
    pub(crate) const NUMERIC: u32 = 1700;
    pub(crate) const RECORD: u32 = 2249;
    pub(crate) const VOID: u32 = 2278;
    pub(crate) const ANYARRAY: u32 = 2277;
    pub(crate) const UUID: u32 = 2950;
    pub(crate) const ANYRANGE: u32 = 3831;
    pub(crate) const ANYMULTIRANGE: u32 = 4537;

    pub(crate) const INTEGERS: [u32; 3] = [INT2, INT4, INT8];
}
