//! Where nothing runs, and what no bulk statement writes.

use howdah::Pool;

struct Place;

fn nowhere(pool: &Pool) {
    let _ = howdah::query("select 1").execute(&"postgres://localhost");
    let _ = howdah::InsertMany::new(&[Place]);
    let _ = howdah::copy_in("places").from_rows([Place], pool);
}

fn main() {}
