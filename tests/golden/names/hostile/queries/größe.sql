-- name: labels
select 'Self'::label;
