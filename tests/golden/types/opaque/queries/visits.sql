-- name: find
select * from visits where id = :id;

-- name: add
insert into visits (id, took, hosts) values (:id, :took, :hosts);
