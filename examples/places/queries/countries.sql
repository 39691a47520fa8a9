-- name: countries
-- All countries that have places, those with the most first.
select c.code, c.name, c.continent, count(*) as places
from countries c
join places p on p.country = c.code
group by c.code
order by places desc, c.code;

-- name: country_exists
select exists (select from countries where code = :code);
