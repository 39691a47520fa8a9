-- name: left_out
insert into tickets (subject) values (:subject);

-- name: two_left_out
with added as (insert into customers (email) values (:email) returning id)
insert into public.tickets (closed) select null from added;

-- name: left_out_despite_conflict
insert into customers (email) values (:email) on conflict do nothing;

-- name: inserted_null
insert into customers (name) values (null);

-- name: updated_null
update tickets set closed = null, subject = null where id = :id;

-- name: updated_null_after_conflict
insert into customers (name) values (:name) on conflict (id) do update set name = null;

-- name: merged
merge into customers c using tickets t on t.customer_id = c.id
when matched then update set name = null
when not matched then insert (email) values ('x');

-- name: by_trigger
insert into audited (id) values (:id);

-- name: by_rule
insert into ruled (id) values (:id);

-- name: through_view
update open_tickets set subject = :subject where id = :id;

-- name: nullable
update customers set email = null;
