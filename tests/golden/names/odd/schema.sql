create schema "Other";
create table "Other"."Two Words" ("Id" int primary key, "type" text not null, "🐘" text, "self" int, "2nd" int, "größe" int);
create type "Other"."enum" as enum ('Self', 'two words', 'two_words', '', '-', 'a"b');
