-- name: untyped
select jsonb_build_object('id', id, 'note', :note) from places;

-- name: untyped_number
select jsonb_build_object('id', $1::int, 'note', $2) from places;

-- name: list
select id from places where id in :ids;

-- name: table_name
select id from :table where id = :id;

-- name: question_mark
select id from places where id = ? and name = ?;

-- name: last_question_mark
select id from places where id = ?;

-- name: dollar_name
select id from places where id = $id;

-- name: braces
select id from places where id = {id};
