-- Warnings and errors are shown together.

-- name: refused
select nothing from tickets;
