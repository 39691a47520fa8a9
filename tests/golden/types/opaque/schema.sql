create table visits (id int primary key, took interval not null, seen tstzrange, hosts inet[] not null, words tsvector);
