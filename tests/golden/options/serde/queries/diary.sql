-- name: entries
select * from diary where tags @> :tags and pages >= :pages order by id;

-- name: write
insert into diary values (:id, :mood, :state, :tags, :pages);
