-- name: seven
select 1 from t where a = :a and b = :b and c = :c and d = :d and e = :e and f = :f and g = :g;

-- name: eight
-- Rows like this one.
-- param: c?
select a from t where a = :a and b = :b and c is not distinct from :c and d = :d and e = :e and f = :f and g = :g and h = :h;

-- name: twice
select a from t where b = :text or c = :text;

-- name: positional
select a from t where a = $2 and b = $1 and h + $3 > 0;

-- name: page
select a from t where b = $1 limit $2 offset $3;

-- name: aliases_of_sqlx
select a as "a!: i64", b as "b: _", c as "c?", 1 as "xml:lang" from t;
