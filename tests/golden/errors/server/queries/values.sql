-- name: wrong_label
select id from parcels where state = 'snet';

-- name: no_label_like_it
select id from parcels where state = 'x';

-- name: days_in_quotes
select now() - interval ':days days';

-- name: hours_in_quotes
select now() - interval ':hours hours';

-- name: interval_param
select now() - interval :age;

-- name: sets_identity
insert into parcels (state, id) values ('sent', :id);

-- name: sets_generated
insert into parcels (state, "Volume") values ('sent', 3);

-- name: changes_generated
update parcels set state = 'sent', "Volume" = :volume where id = :id;
