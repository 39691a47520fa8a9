create table t (a int not null, b text not null, c text, d int[] not null, e text[] not null, f bytea not null, g jsonb not null, h int);
