-- name: add_owner
insert into owners (email) values (:email) returning id;

-- name: rename_owner
-- The same constraints as `add_owner`, so the same enum.
update owners set email = :email where id = :id;

-- name: add_owner_once
-- A conflict is no error.
insert into owners (email) values (:email) on conflict (email) do nothing;

-- name: delete_owner
delete from owners where id = :id;

-- name: add_room
insert into rooms (owner_id, name, seats, note) values (:owner, :name, :seats, :note) returning id;

-- name: hide_room
-- Nothing that it changes is part of a constraint, but for the index of those that are shown.
update rooms set hidden = :hidden where id = :id;

-- name: rename_room
update rooms set name = nullif(:name, '') where id = :id;

-- name: upsert_room
insert into rooms (owner_id, name, seats, price) values (:owner, :name, :seats, :price)
on conflict (owner_id, name) do update set seats = excluded.seats;

-- name: delete_room
delete from rooms where id = :id;

-- name: book
insert into bookings (room_id, day, who) values (:room, :day, :who);

-- name: move_booking
with gone as (
    delete from bookings where room_id = :room and day = :day returning who
)
insert into bookings (room_id, day, who) select :to_room, :to_day, who from gone;

-- name: add_code
insert into codes (code, other) values (:code, :other);

-- name: keep_code
insert into codes (code, other) values (:code, :other) on conflict do nothing;

-- name: find_code
select other from codes where code = :code;

-- name: add_archived
with archived as (
    insert into archive.owners (email) values (:archived) returning id
)
insert into owners (email) select :email from archived;

-- name: add_stay
-- It leaves out columns that need a value, half of a key, and what a column is generated from.
insert into stays (room_id) values (:room);

-- name: add_whole_stay
insert into stays (name, nights, guest) values (:name, :nights, :guest);

-- name: rename_stay
update stays set name = :name, guest = :guest where id = :id;

-- name: lengthen_stay
update stays set nights = :nights where id = :id;
