create table readings (station int primary key, low int not null, high int, tags text[] not null);
