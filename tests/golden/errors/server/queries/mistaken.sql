-- name: double_quotes
select id from places where name = "Rome";

-- name: twice_equal
select id from places where name == 'Rome';

-- name: result_in_condition
select id % 100 as group_no from places where group_no > 1;

-- name: parameter_of_another_type
select id from places where now() < now() - :days;

-- name: parameter_of_its_type
select id from places where now() < now() - :days::interval - 1;

-- name: slip_in_function
select lenght(name) from places;

-- name: function_elsewhere
select tidied(name) from places;

-- name: other_arguments
select length(id) from places;

-- name: function_of_another_database
select ifnull(note, '') from places;
