-- name: put_together
select array[[1, 2], [3, 4]] as square, array[[[1]], [[null::int]]] as cube, array[1, 2] as list;

-- name: gathered
select array_agg(array[low, high] order by station) as pairs, array_agg(low order by station) as lows,
    array(select array[r.station] from readings r order by 1) as stations
from readings;

-- name: further_out
with gathered as (select station % 2 as odd, array_agg(array[low, 0]) as pairs from readings group by 1)
select g.pairs::bigint[] as pairs, s.pairs as same from gathered g join (table gathered) s using (odd);

-- name: as_stored
-- The arrays of a table may have any number of dimensions, and those of a union as many as its parts.
select tags, array_agg(low) over () as lows from readings
union all select array[['a']], array[[1]];

-- name: gathered_as_stored
-- Those of a table are read as lists, so what they are put into has two dimensions.
select array_agg(tags) as by_aggregate, array(select tags from readings) as by_query,
    array[min(tags), max(tags)] as by_hand, coalesce(array_agg(tags), '{}') as or_none,
    array(select station from readings) as of_no_arrays
from readings;
