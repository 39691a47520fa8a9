create table everything (
  a bool not null, b int2 not null, c int4 not null, d int8 not null, e float4 not null, f float8 not null,
  g oid not null, h "char" not null, i text not null, j varchar(9) not null, k char(3) not null, l name not null,
  m bytea not null, n numeric not null, o date not null, p time not null, q timestamp not null,
  r timestamptz not null, s uuid not null, t json not null, u jsonb not null,
  v int[] not null, w text[], x bytea[], y jsonb[], z numeric[]
);
