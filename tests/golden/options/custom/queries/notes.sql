-- name: find :one
select * from notes where id = :id;

-- name: add
insert into notes values (:id, :body, :label, :meta);

-- name: label
-- column: label std::sync::Arc<str>
-- param: id u32
select label from notes where id = :id::oid::int8;

-- name: nulls_by_type
-- param: given Option<i32>
-- param: several Vec<Option<i32>>
select :given::int4 as given, :several::int4[] as several;
