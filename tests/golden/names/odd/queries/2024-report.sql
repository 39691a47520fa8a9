-- name: findIt
select * from "Other"."Two Words" where "Id" = $1;

-- name: match
select 1, 2, 'a' as "camelCase", 'b' as "camel_case", 'c' as "🐘", 'd' as "crate", true as "1st";

-- name: option
select 'Self'::"Other"."enum" as label, null::int as "maybe!", 1 as "one!";

-- name: string
select "type", "self" from "Other"."Two Words" where "type" <> $1;
