-- name: add_person
insert into people (name, mail, work, digits, contact) values (:name, :mail, :work, :digits, :contact) returning id;

-- name: copy_person
-- What comes from columns of the domains is not checked again.
insert into people (name, mail, work) select name, mail, work from people where id = :id;

-- name: set_mail
update people set mail = lower(mail) where id = :id;

-- name: set_work
update people set work = nullif(:work, '') where id = :id;

-- name: add_digit
-- A value inside of an array.
update people set digits = digits || :digit::int::digit where id = :id;

-- name: rename_person
update people set name = :name where id = :id;

-- name: as_email
select :mail::email as mail;

-- name: find_person
select * from people where mail = :mail;
