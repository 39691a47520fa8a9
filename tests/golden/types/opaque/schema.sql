create type color as range (subtype = text, multirange_type_name = colors);
create table visits (id int primary key, took colors not null, hosts colors[] not null);
