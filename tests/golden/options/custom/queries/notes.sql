-- name: find :one
select * from notes where id = :id;

-- name: add
insert into notes values (:id, :body, :label, :meta);

-- name: label
-- column: label std::sync::Arc<str>
-- param: id u32
select label from notes where id = :id::oid::int8;
