-- The labels of every enum, in their order.
select enumtypid, enumlabel from pg_enum order by enumtypid, enumsortorder
