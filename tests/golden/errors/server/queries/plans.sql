-- name: no_index
insert into places (id, name) values (:id, :name) on conflict (name) do nothing;

-- name: optional_locked
select p.id, e.id as entry from places p left join audit.entries e using (id) for update;

-- name: full_join_by_order
select p.id from places p full join audit.entries e on e.id < p.id;
