-- name: plan
-- Domains have no structs of their own.
select (:plan::plan)::text as plan, (:plans::plans)::text as plans;

-- name: stay
-- The app's struct is not taken apart,
select (:stay::stay).n;

-- name: trip
-- nor is one that holds it.
select (:trip::trip).name;

-- name: tilings
-- A `Vec` in a `Vec` is an array of two dimensions.
select cardinality(:tilings::tiles[]);

-- name: file
call file(:plans);
