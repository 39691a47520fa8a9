//! The expressions that queries are made of, as templates: `{int}` stands for any expression of that type, `{T}` for one
//! of the type that is made, `{same}` for the first one of the template again. A line says what a type can be made of; the words of the
//! types are in `types.rs`.

use super::types::Type;

/// Templates for a type beside those of every type.
pub(super) fn of(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Int => &INT,
        Type::Text => &TEXT,
        Type::Bool => &BOOL,
        Type::Numeric => &[
            "{numeric} + {numeric}",
            "{int}::numeric",
            "round({numeric})",
            "-{numeric}",
        ],
        Type::Time => &[
            "now()",
            "date_trunc('day', {time})",
            "{time} + interval '1 day'",
            "to_timestamp({int})",
            "current_timestamp",
        ],
        Type::Ints => &INTS,
        Type::Texts => &TEXTS,
        Type::Json => &JSON,
        Type::Mood => &["enum_first({mood})", "(enum_range({mood}))[{int}]"],
        Type::Pos => &["{int}::pos"],
        Type::Label => &["coalesce({text}, '')::label"],
        Type::Pair => &[
            "row({int}, {text})::pair",
            "maybe_pair({int})",
            "strict_pair({int})",
            "flickering_pair({int})",
        ],
    }
}

/// Templates for every type.
pub(super) const ANY: [&str; 12] = [
    "coalesce({T}, {T})",
    "coalesce({T}, {T}, {T})",
    "case when {bool} then {T} else {T} end",
    "case when {bool} then {T} when {bool} then {T} end",
    "case {int} when {int} then {T} else {T} end",
    "case {mood} when {mood} then {T} when {mood} then {T} else {T} end",
    "nullif({T}, {T})",
    "greatest({T}, {T})",
    "case when {T} is null then {T} else {same} end",
    "case when {T} is null then {T} else {T} end",
    "case when {T} is not null and {bool} then {same} else {T} end",
    "case when {T} is distinct from {T} then {T} else {same} end",
];

const INT: [&str; 37] = [
    "dice()",
    "{int} + {int}",
    "{int} * {int}",
    "-{int}",
    "abs({int})",
    "length({text})",
    "cardinality({ints})",
    "array_length({ints}, 1)",
    "({ints})[{int}]",
    "({pair}).a",
    "(flickering_pair({int})).a",
    "strict_int({int})",
    "plain_int({int})",
    "strict_null({int})",
    "first_of({pair})",
    "first_or({pair}, {int})",
    "case when {int} > 0 then {same} else 0 end",
    "case {int} when {int} then {same} else 0 end",
    "no_null({int})",
    "flicker({int})",
    "out_one({int})",
    "{pos}::int",
    "({json} ->> 'a')::int",
    "{bool}::int",
    "array_position({ints}, {int})",
    "strpos({text}, {text})",
    "num_nulls({int}, {text})",
    "ascii({text})",
    "extract(day from now())::int",
    "(row({int}, {int})::pair).a",
    "any_int({int}, {text})",
    "any_int(y => {text}, x => {int})",
    "(any_pair({int}, {text})).a",
    "(array[{int}, {int}])[1]",
    "(select (s.r).a from (select {pair} as r) s)",
    "extract(dow from current_date - {int})::int",
    "(array[{pair}, {pair}])[{int}].a",
];

const TEXT: [&str; 20] = [
    "{text} || {text}",
    "upper({text})",
    "concat({text}, {int})",
    "concat_ws({text}, {text}, {text})",
    "{json} ->> 'a'",
    "substring({text} from 'a')",
    "({texts})[1]",
    "({pair}).b",
    "{int}::text",
    "{numeric}::text",
    "{label}::text",
    "array_to_string({texts}, {text})",
    "{mood}::text",
    "format('%s', {int})",
    "any_text({int}, {text})",
    "({text}::citext)::text",
    "to_char(now() - {int} * interval '1 day', 'YYYY')",
    "to_char({time}, 'YYYY')",
    "to_char(date_trunc('day', now()), {text})",
    "(regexp_split_to_array({text}, 'a'))[1]",
];

const INTS: [&str; 11] = [
    "array[{int}, {int}]",
    "array[]::int[]",
    "{ints} || {int}",
    "{ints} || {ints}",
    "({ints})[{int}:{int}]",
    "array_remove({ints}, {int})",
    "array_remove({ints}, null)",
    "array_append({ints}, {int})",
    "array[{ints}]",
    "any_ints({int}, {text})",
    "trim_array({ints}, 1)",
];

const TEXTS: [&str; 6] = [
    "array[{text}]",
    "string_to_array({text}, {text})",
    "{texts} || {texts}",
    "{ints}::text[]",
    "array_remove({texts}, null)",
    "regexp_match({text}, 'a')",
];

const JSON: [&str; 7] = [
    "jsonb_build_object('a', {int})",
    "to_jsonb({int})",
    "{json} -> 'a'",
    "{json} || {json}",
    "to_jsonb({text})",
    "jsonb_set({json}, '{a}', {json})",
    "jsonb_strip_nulls({json})",
];

const BOOL: [&str; 47] = [
    "{bool} and {bool}",
    "{bool} or {bool}",
    "not {bool}",
    "({bool} or {bool}) and {bool}",
    "{int} = {int}",
    "{int} < {int}",
    "{int} <> {int}",
    "{text} = {text}",
    "{text} like {text}",
    "{mood} < {mood}",
    "{numeric} = {numeric}",
    "{pair} = {pair}",
    "{json} @> {json}",
    "{int} in ({int}, {int})",
    "{int} not in ({int}, {int})",
    "{int} = any ({ints})",
    "{int} <> all ({ints})",
    "{int} > any ({ints})",
    "{int} <> all (array[{ints}])",
    "not ({int} = any ({ints}))",
    "{int} between {int} and {int}",
    "{any} is null",
    "{any} is not null",
    "not ({any} is null)",
    "{pair} is not null",
    "{pair} is null",
    "row({int}, {text}) is not null",
    "not (row({int}, {text}) is null)",
    "{int} is distinct from {int}",
    "{int} is not distinct from {int}",
    "{any} is distinct from null",
    "{bool} is true",
    "{any} is null or {bool}",
    "{int} is not null and {same} > {int}",
    "{bool} is not true",
    "{bool} is not false",
    "{bool} is not unknown",
    "({int}, {text}) < ({int}, {text})",
    "({int}, {text}) = ({int}, {text})",
    "coalesce({bool}, false)",
    "strict_or({bool}, {bool})",
    "has_first({pair})",
    "({json} ->> 'a') is not null",
    "any_bool({int}, {text})",
    "{text}::citext = {text}",
    "xmlexists('/a' passing xmlparse(content '<a/>'))",
    "jsonb_path_exists({json}, '$.a')",
];

/// Conditions that prove that something is not null, or nearly do.
pub(super) const PROOFS: [&str; 33] = [
    "{any} is null",
    "{int} = 1",
    "{int} <> 1",
    "not ({int} <> 1)",
    "{text} = 'a'",
    "{bool}",
    "not {bool}",
    "{any} is not null",
    "{any} is not null and {any} is not null",
    "{any} is not null or {any} is not null",
    "{int} is not null or {same} > 0",
    "not ({any} is null)",
    "not ({any} is not null)",
    "not ({any} is null and {any} is null)",
    "not ({any} is null or {any} is null)",
    "row({int}, {text}) is not null",
    "not (row({int}, {text}) is null)",
    "{pair} is not null",
    "not ({pair} is null)",
    "{int} = {int}",
    "{int} = {int} or {int} = {int}",
    "not ({int} = {int} and {int} = {int})",
    "{int} = any ({ints})",
    "{int} <> all ({ints})",
    "not ({int} = any ({ints}))",
    "{any} is distinct from null",
    "{int} is distinct from 1",
    "{int} is not distinct from 1",
    "coalesce({int} = {int}, false)",
    "({int} > 0) is not false",
    "exists (select from (values (1)) s where {int} > 0)",
    "exists (select from (values (1)) s where {int} > 0 having count(*) >= 0)",
    "{int} in (select 1 where {int} > 0)",
];

/// Templates with aggregates; the parts are about the rows of a group.
pub(super) fn aggregates(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Int => &[
            "count(*)::int",
            "count({any})::int",
            "count(distinct {any})::int",
            "max({int})",
            "sum({int})::int",
            "percentile_disc(0.5) within group (order by {int})",
            "mode() within group (order by {int})",
            "bit_or({int})",
            "(array_agg({int} order by {any}))[1]",
            "(array_agg({int}))[2]",
        ],
        Type::Text => &[
            "min({text})",
            "string_agg({text}, ',')",
            "mode() within group (order by {text})",
            "max({text}::citext)::text",
        ],
        Type::Bool => &["bool_and({bool})", "every({bool})"],
        Type::Numeric => &["avg({int})", "sum({numeric})", "stddev({int})"],
        Type::Time => &["max({time})"],
        Type::Ints => &["array_agg({int})", "array_agg({int} order by {any})"],
        Type::Texts => &["array_agg({text})", "array_agg(distinct {text})"],
        Type::Json => &[
            "jsonb_agg({any})",
            "jsonb_object_agg(coalesce({text}, ''), {int})",
        ],
        Type::Mood => &["max({mood})"],
        Type::Pos | Type::Label | Type::Pair => &[],
    }
}

/// Columns of composites and anonymous records, which only the outermost query has; `{row}` is a row that can be named.
pub(super) const RECORDS: [&str; 16] = [
    "row({any}, {any})",
    "row({int}, row({text}, {any}))",
    "row({int}, {ints})",
    "row({int}, {text})::pair",
    "{row}",
    "row({int}, {row})",
    "array[row({int}, {text}), row({int}, {text})]",
    "array[row({int}, {text})] || row({int}, {text})",
    "array[{pair}, {pair}]",
    "(array[row({int}, {any})])[1]",
    "case when {bool} then row({int}, {text}) else row({int}, {text}) end",
    "coalesce({pair}, row({int}, {text})::pair)",
    "array(select row({any}, {int}))",
    "(select s from (select {any} as a, {any} as b) s)",
    "(select s.r from (select {int} as r union all select {int}) s limit 1)",
    "any_pair({int}, {text})",
];

/// As [`RECORDS`], over the rows of a group.
pub(super) const AGGREGATED_RECORDS: [&str; 5] = [
    "array_agg(({any}, {any}))",
    "array_agg({pair})",
    "array_agg({row})",
    "coalesce(array_agg(({int}, {text})), '{}')",
    "(array_agg(({int}, {text}) order by {any}))[1]",
];

/// Window functions, of any type and of some.
pub(super) fn windows(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Int => &[
            "lag({int}) over ",
            "lag({int}, 1, {int}) over ",
            "row_number() over ",
            "ntile({int}) over ",
            "max({int}) over ",
            "count({any}) over ",
            "sum({int}) filter (where {bool}) over ",
            "first_value({int}) over ",
            "last_value({int}) over ",
            "nth_value({int}, 1) over ",
        ],
        Type::Numeric => &["avg({int}) over ", "sum({numeric}) over "],
        Type::Ints => &["array_agg({int}) over "],
        Type::Bool => &["bool_or({bool}) over ", "last_value({bool}) over "],
        _ => &[
            "first_value({T}) over ",
            "last_value({T}) over ",
            "lead({T}, 1, {T}) over ",
        ],
    }
}
