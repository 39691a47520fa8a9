create type color;
create function color_in(cstring) returns color language internal immutable strict as 'int4in';
create function color_out(color) returns cstring language internal immutable strict as 'int4out';
create function color_recv(internal) returns color language internal immutable strict as 'int4recv';
create function color_send(color) returns bytea language internal immutable strict as 'int4send';
create type color (input = color_in, output = color_out, receive = color_recv, send = color_send, like = int4);
create table visits (id int primary key, took color not null, hosts color[] not null);
