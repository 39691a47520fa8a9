//! The extensions that well-known types, functions, operator classes and access methods come with.

/// What comes with an extension, in lower case. A name that ends in `*` is the start of many.
const BRINGS: &[(&str, &[&str])] = &[
    ("btree_gist", &["gist_*"]),
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    (
        "earthdistance",
        &["earth", "earth_box", "earth_distance", "ll_to_earth"],
    ),
    (
        "fuzzystrmatch",
        &[
            "difference",
            "dmetaphone",
            "levenshtein",
            "metaphone",
            "soundex",
        ],
    ),
    ("hstore", &["hstore", "hstore_to_json", "hstore_to_jsonb"]),
    (
        "ltree",
        &[
            "lquery",
            "ltree",
            "ltxtquery",
            "nlevel",
            "subpath",
            "text2ltree",
        ],
    ),
    (
        "pg_trgm",
        &[
            "gin_trgm_ops",
            "gist_trgm_ops",
            "show_trgm",
            "similarity",
            "word_similarity",
        ],
    ),
    (
        "pgcrypto",
        &[
            "armor",
            "crypt",
            "dearmor",
            "digest",
            "gen_random_bytes",
            "gen_salt",
            "hmac",
            "pgp_*",
        ],
    ),
    (
        "postgis",
        &["box2d", "box3d", "geography", "geometry", "st_*"],
    ),
    ("tablefunc", &["connectby", "crosstab", "normal_rand"]),
    ("unaccent", &["unaccent"]),
    ("uuid-ossp", &["uuid_generate_*", "uuid_nil", "uuid_ns_*"]),
    (
        "vector",
        &[
            "halfvec",
            "hnsw",
            "ivfflat",
            "l2_distance",
            "cosine_distance",
            "sparsevec",
            "vector",
            "vector_*",
        ],
    ),
];

/// The extension that a type, a function, an operator class or an access method of this name comes with.
pub(crate) fn bringing(name: &str) -> Option<&'static str> {
    let is_it = |known: &&str| match known.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *known,
    };
    // `gist_trgm_ops` is named, and not of those that start with `gist_`.
    let exact = BRINGS.iter().find(|(_, names)| names.contains(&name));
    let found = exact.or_else(|| BRINGS.iter().find(|(_, names)| names.iter().any(is_it)));
    found.map(|(extension, _)| *extension)
}

/// The extension that the server misses something of, by its message.
pub(crate) fn missed(message: &str) -> Option<&'static str> {
    const GIST: &str = " has no default operator class for access method \"gist\"";
    if message.ends_with(GIST) {
        return Some("btree_gist");
    }
    let (missing, _) = message.split_once(" does not exist")?;
    let kinds = [
        "type ",
        "function ",
        "operator class ",
        "access method ",
        "text search dictionary ",
    ];
    let name = kinds.iter().find_map(|kind| missing.strip_prefix(kind))?;
    let name = name
        .split('(')
        .next()?
        .trim_end_matches("[]")
        .rsplit('.')
        .next()?
        .trim_matches('"');
    bringing(name)
}

#[cfg(test)]
mod tests {
    use super::missed;

    #[test]
    fn extensions_are_known_by_what_is_missed() {
        for (message, extension) in [
            ("type \"citext\" does not exist", Some("citext")),
            ("type \"public.geometry\" does not exist", Some("postgis")),
            (
                "function uuid_generate_v4() does not exist",
                Some("uuid-ossp"),
            ),
            (
                "function public.st_distance(point, point) does not exist",
                Some("postgis"),
            ),
            (
                "operator class \"gist_trgm_ops\" does not exist for access method \"gist\"",
                Some("pg_trgm"),
            ),
            (
                "operator class \"gist_int4_ops\" does not exist for access method \"gist\"",
                Some("btree_gist"),
            ),
            (
                "data type integer has no default operator class for access method \"gist\"",
                Some("btree_gist"),
            ),
            ("type \"place\" does not exist", None),
            ("relation \"vector\" does not exist", None),
        ] {
            assert_eq!(missed(message), extension, "{message}");
        }
    }
}
