create schema "Other";
create table "Other"."Two Words" ("Id" int primary key, "type" text not null, "🐘" text, "self" int, "2nd" int, "größe" int);
create type "Other"."enum" as enum ('Self', 'two words', 'two_words', '', '-', 'a"b');
-- Names whose characters take two columns each.
create table "地点" ("编号" int8 primary key, "名称" text not null, "国家代码" text not null, "海拔高度" numeric, "最后更新时间" timestamptz not null);
