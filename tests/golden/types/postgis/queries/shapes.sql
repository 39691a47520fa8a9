-- name: find
select id, spot, here, road, area, anything from shapes where id = :id;

-- name: add
insert into shapes (id, spot, road) values (:id, :spot, :road);

-- name: high
select high from shapes where id = :id;
