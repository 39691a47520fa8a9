-- name: hear
listen places_changed;

-- name: open
begin;

-- name: next_ten
fetch 10 from places_cursor;

-- name: second_phase
commit prepared 'x';

-- name: code
do $code$ begin
    raise notice '%', array[1, 2][1:2]; -- :remark
    perform :count::int;
end $code$;

-- name: plain_code
do 'begin null; end';
