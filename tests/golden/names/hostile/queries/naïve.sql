-- name: fmt
select :fmt::vec;
