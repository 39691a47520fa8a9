-- name: selects
select * from wide where "id" = :id or "as" = :as or "async" = :async or "await" = :await or "crate" = :crate or "dyn" = :dyn or "fn" = :fn or "gen" = :gen or "impl" = :impl or "mod" = :mod or "move" = :move or "mut" = :mut or "self" = :self or "static" = :static or "struct" = :struct or "super" = :super or "try" = :try or "type" = :type or "unsafe" = :unsafe or "use" = :use or "where" = :where or "drop" = :drop or "query" = :query or "rows" = :rows or "i64" = :i64 or "bool" = :bool or "fmt" = :fmt or "core" = :core or "std" = :std or "alloc" = :alloc or "howdah" = :howdah or "columns" = :columns or "executor" = :executor or "value" = :value or "f" = :f or "raw" = :raw or "out" = :out or "x__" = :x__ or "a" = :a or "l" = :l or "__x" = :__x;

-- name: f
select "1", "2024", "µg", 1 as "2" from wide where "1" = $1 and "2024" = $2 and "µg" = $3;

-- name: self
select "self", "crate" from wide where "i64" = :self;

-- name: query
select "self", "crate" from wide where "i64" = :query;

-- name: string
select "self", "crate" from wide where "i64" = :string;

-- name: ok
select "self", "crate" from wide where "i64" = :ok;

-- name: i64
select "self", "crate" from wide where "i64" = :i64;

-- name: std
select "self", "crate" from wide where "i64" = :std;

-- name: __x
select "self", "crate" from wide where "i64" = :__x;

-- name: columns
select "self", "crate" from wide where "i64" = :columns;

-- name: match
select "self", "crate" from wide where "i64" = :match;

-- name: result
select "self", "crate" from wide where "i64" = :result;

-- name: verify
select "self", "crate" from wide where "i64" = :verify;

-- name: _1
select "self", "crate" from wide where "i64" = :_1;
