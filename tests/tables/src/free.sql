-- Frees the tables of what ties their rows to others, which random rows have not: references and triggers.
do $$
declare
    statement text;
begin
    for statement in
        select format('alter table %s drop constraint %I', conrelid::regclass, conname)
        from pg_constraint where contype = 'f' and conparentid = 0
        union all
        select distinct format('alter table %s disable trigger user', tgrelid::regclass)
        from pg_trigger where not tgisinternal and tgparentid = 0
    loop
        execute statement;
    end loop;
end $$;
create schema plain;
