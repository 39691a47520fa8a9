-- name: of_a_later_use
select id from places where (:name is null or name = :name);

-- name: of_what_it_is_compared_with
select id from places where now() > :since - interval '1 day' and current_date >= :day - 7;

-- name: a_day_less_days
select id from places where current_date >= :day - 7;

-- name: of_a_function
select date_trunc('day', :moment);

-- name: of_a_series
select n from generate_series(:first, :last) n;

-- name: of_an_array
select id from places where id = any(:ids::bigint);

-- name: of_the_standard
select id::interger from places;

-- name: of_another_language
select id::string from places;
