create table customers (id int8 primary key generated always as identity, name text not null, email text);
create table tickets (
    id int8 primary key generated always as identity,
    customer_id int8 not null references customers,
    subject text not null,
    opened timestamptz not null default now(),
    closed timestamptz
);
create table audited (id int8 primary key, noted text not null);
create function note() returns trigger language plpgsql as 'begin new.noted := ''noted''; return new; end';
create trigger note before insert or update on audited for each row execute function note();
create table ruled (id int8 primary key, noted text not null);
create rule elsewhere as on insert to ruled do instead insert into audited values (new.id, 'x');
create view open_tickets as select id, subject from tickets where closed is null or subject = null;
create policy own on tickets using (subject <> null);
alter table tickets enable row level security;
