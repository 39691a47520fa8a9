--! item : (note?)
select * from items where id = :id;

--! items : (note?)
select * from items order by id limit :count;

--! document : (note?)
select * from documents where id = :id;

--! documents : (note?)
select * from documents order by id limit :count;

--! add_entry
insert into entries (name, quantity) values (:name, :quantity);

--! add_entries
insert into entries (name, quantity) select * from unnest(:names::text[], :quantities::int[]);

--! items_by_key : (note?)
select * from items where id = any(:ids);
