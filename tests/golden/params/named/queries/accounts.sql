-- What a parameter without a name is called: after the column it is compared with, as it is or within a call ...

-- name: after
select id from accounts where (email, id) > ($1, $2);

-- name: of_kinds
select id from accounts where kind in ($1, $2);

-- name: not_of_kind
select id from accounts where kind is distinct from $1;

-- name: by_email_of_any_case
select id from accounts where lower(email) = lower($1);

-- name: searched
select id from accounts where email ilike '%' || $1 || '%';

-- name: of_day
select id from accounts where date_trunc('day', created_at) = $1;

-- name: of_kind_if_any
select id from accounts where coalesce($1, kind) = kind;

-- name: bio_or
select coalesce(bio, $1) as text from accounts;

-- name: with_theme
select id from accounts where settings ->> 'theme' = $1;

-- name: tagged
select id from accounts where tags @> $1 and $2 = any(tags);

-- name: during
select id from accounts where period @> $1::timestamptz and period && $2;

-- name: of_given
select a.id from unnest($1::bigint[], $2::text[]) as v(i, e) join accounts a on a.id = v.i and a.email = v.e;

-- name: similar
select id from accounts where starts_with(email, $1);

-- ... or is stored in, from a call, too ...

-- name: charge
update accounts set balance = balance - $1, bio = upper($2), kind = left($3, 20) where id = $4;

-- name: at_least_nothing
update accounts set balance = greatest($1, 0) where id = $2;

-- ... else after the function's argument ...

-- name: notified
select notify($1, $2, max_attempts => $3);

-- name: later
select now() + make_interval(days => $1) as at;

-- ... and not after a column that merely is an argument of the same call.

-- name: cut
select left(bio, $1) as start, split_part(bio, $2, 1) as part, date_trunc($3, created_at) as at, settings ->> $4 as setting,
    array_append(tags, $5) as tags, created_at + $6::interval as due, balance * $7 as product, bio || $8 as longer
from accounts;

-- name: named
select left(bio, :length) as start, split_part(bio, :separator, 1) as part from accounts where bio = :bio and kind like :pattern;

-- name: of_kind
select id from accounts where kind = $1;

-- name: of_ids
select email from accounts where id in (select * from unnest($1::bigint[]));

-- name: ranked
with ranks as (select row_number() over (order by balance) as rank, email as address from accounts)
select rank from ranks where rank <= $1 and address = $2;

-- One thing under two names is called by the one that says more of it; a tree's node and its parent are two things.

-- name: close
with gone as (delete from entries where account_id = $1) delete from accounts where id = $1;

-- name: close_all
with gone as (delete from accounts where id = any($1)) delete from entries where account_id = any($1);

-- name: entry_or_reversal
select id from entries where id = $1 or reverses_id = $1;

-- name: locked
select pg_advisory_xact_lock($1, hashtext(email)) from accounts;

-- name: lock
select pg_advisory_xact_lock($1);

-- name: of_both
select a.id from accounts a join accounts_of_old o on o.id = $1 and a.id = $1;

-- name: pairs
select * from unnest($1::bigint[], $2::text[]) as given (key, word), unnest($3::int[]) as place, unnest($4::int[]);

-- name: totals
select * from (select count(*) as accounts from accounts) a full join (select max(balance) as most from accounts) b on true;

-- name: given
with given (key) as (values ($1::bigint)), more as (select $2::text as word, $3::int)
select key, word, $4::date as day from given, more;

-- name: opened
select id from accounts where created_at >= $1 and created_at < $2 and balance > $3;

-- name: opened_before
select id from accounts where $2 >= balance and $1 > created_at and balance between $3 and $4 and id = $5;

-- name: changed
update accounts set balance = balance + $1 where id = $2 and balance - $3 > 0 and created_at - $4 > '1 day';

-- name: merged
merge into accounts a using accounts_of_old o on a.id = o.id and a.bio = $1
when matched then update set bio = $1
when not matched then insert (id, email, kind, bio) values (o.id, '', '', $1);
