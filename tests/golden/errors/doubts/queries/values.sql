-- name: sorted
select subject from tickets order by :column;

-- name: sorted_inside
select name, (select subject from tickets where customer_id = c.id order by :column::text collate "C" desc limit 1) as first
from customers c order by name;

-- name: gathered
select array_agg(subject order by :column::text) as subjects, count(*) over (order by :other::int) as n from tickets;

-- name: sorted_by_case
select subject from tickets order by case when :newest then opened end, customer_id + :n;

-- name: equal
select id from tickets where closed = null;

-- name: unequal_inside
select id from customers where exists (select from tickets where customer_id = customers.id and closed != null);

-- name: excluded
select id from tickets where subject not in ('lost', null, 'found');

-- name: excluded_by_number
select id from tickets where customer_id <> all (array[1, null::int]) or id <> all (:ids);

-- name: among
select id from tickets where subject in ('lost', null) or not subject in ('found', :other);

-- name: not_written_here
select id, subject from open_tickets;
