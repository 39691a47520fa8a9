use howdah::PgRow;

// One mistake, one error: the uses of the struct are not reported too.
#[derive(PgRow)]
struct Place<T> {
    #[pg(nonsense)]
    id: T,
}

fn is_row<'r, R: PgRow<'r>>() {}

fn main() {
    is_row::<Place<i64>>();
}
