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

-- name: sqlc
select id from places where id = sqlc.arg(id) and name = sqlc.narg('name');

-- name: embedded
select sqlc.embed(places) from places;

-- name: at_name
select id from places where name = @given;

-- name: too_many
insert into places (id) values (:id, :name);

-- name: untyped_document
select to_jsonb(:note) as note;

-- name: untyped_list
select unnest(:ids) as id;

-- name: untyped_sum
select :a + :b as sum;

-- name: marked
insert into places (id, name, note) values (:id, :name, :note?);

-- name: marked_before_others
update places set note = :note? , name = :name! where id = :id;
