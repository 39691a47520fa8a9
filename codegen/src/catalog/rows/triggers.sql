-- The enabled triggers that the user has made.
select tgrelid, tgtype from pg_trigger where not tgisinternal and tgenabled <> 'D'
