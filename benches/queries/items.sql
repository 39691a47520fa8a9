-- name: item
select * from items where id = :id;

-- name: items
select * from items order by id limit :count;

-- name: documents
select * from documents order by id limit :count;

-- name: add_entry
insert into entries (name, quantity) values (:name, :quantity);

-- name: items_by_key
select * from items where id = any(:ids);

-- name: document
select * from documents where id = :id;
