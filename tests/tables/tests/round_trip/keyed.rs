//! The steps for tables with keys.

use howdah::{Key, UpdateRow, WriteRow};
use howdah_table_tests::Keyed;

use crate::check::{Counts, Outcome, at, ensure, same};
use crate::plain::{Copies, list, quoted};
use crate::steps::Steps;

impl<T: Keyed> Steps<'_, T> {
    fn key(&self) -> Vec<&'static str> {
        <T as UpdateRow>::KEY.to_vec()
    }

    /// The assignments of an update that leaves the key alone, from a table.
    fn assignments(&self, from: &str) -> String {
        let written = <T as WriteRow>::FIELDS.iter().map(|field| field.column);
        let set = written
            .filter(|column| !self.key().contains(column))
            .map(quoted);
        set.map(|column| format!("{column} = {from}.{column}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) async fn find(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        for row in inserted {
            let found = row.found().fetch(self.pool).await.map_err(at("find"))?;
            same("find", &Vec::from_iter(&found), &[row])?;
            ensure(
                row.is_there()
                    .fetch(self.pool)
                    .await
                    .map_err(at("exists"))?,
                || "exists: no".to_owned(),
            )?;
        }
        let backwards: Vec<T> = inserted.iter().rev().cloned().collect();
        let found = T::find_all(&backwards, self.pool)
            .await
            .map_err(at("find_many"))?;
        same("find_many", &found, &backwards)?;
        let order = list("", self.key());
        let sorted = format!("select * from {} order by {order}", self.copies.real);
        let plain = howdah::query(sorted)
            .fetch_all::<T>(self.pool)
            .await
            .map_err(at("plain"))?;
        same(
            "order_by",
            &T::sorted().fetch(self.pool).await.map_err(at("order_by"))?,
            &plain,
        )?;
        counts.read += 4 * inserted.len();
        Ok(())
    }

    /// Gives each row of the first half the values of one of the second.
    pub(crate) async fn update(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        let half = self.half();
        for (number, (old, new)) in inserted.iter().zip(&self.rows[half..]).enumerate() {
            let whole = new.with_key_of(old);
            let update = if number % 2 == 0 {
                new.change(old)
            } else {
                whole.change_whole()
            };
            let updated = update
                .returning()
                .fetch(self.pool)
                .await
                .map_err(at("update"))?;
            ensure(updated.is_some(), || format!("update: not found: {old:?}"))?;
        }
        self.plain_update().await?;
        counts.written += inserted.len();
        self.compare("update").await
    }

    async fn plain_update(&self) -> Outcome<()> {
        let (Copies { seed, plain, .. }, half) = (&self.copies, self.half());
        let set = self.assignments("s");
        self.copies
            .run(format!(
                "update {plain} p set {set} from {seed} s where s.howdah_n = p.howdah_n + {half}"
            ))
            .await
    }

    /// Puts the first rows back as they were, and inserts others by the same statement.
    pub(crate) async fn upsert(&self, key: Key<T>, counts: &mut Counts) -> Outcome<()> {
        let (half, most) = (self.half(), self.half() + self.half() / 2);
        for (number, row) in self.rows[..most].iter().enumerate() {
            let upsert = || row.by_column().on_conflict(key).do_update();
            match upsert().returning_outcome().fetch(self.pool).await {
                Ok(outcome) => ensure(outcome.is_inserted() == (number >= half), || {
                    format!("upsert of row {number}: {outcome:?}")
                })?,
                Err(error)
                    if error
                        .to_string()
                        .contains("a partitioned table does not tell") =>
                {
                    let row = upsert().returning().fetch(self.pool).await;
                    row.map_err(at("upsert"))?;
                }
                Err(error) => return Err(at("upsert")(error)),
            }
        }
        self.plain_upsert(most).await?;
        self.compare("upsert").await?;
        let again = self.rows[0].by_column().on_conflict(key).do_nothing();
        let again = again.execute(self.pool).await.map_err(at("do_nothing"))?;
        ensure(again == 0, || format!("do_nothing: {again} rows"))?;
        counts.written += most;
        self.compare("do_nothing").await
    }

    async fn plain_upsert(&self, rows: usize) -> Outcome<()> {
        let (Copies { seed, plain, .. }, columns) = (&self.copies, &self.columns);
        let (key, set) = (list("", self.key()), self.assignments("excluded"));
        let action = if set.is_empty() {
            "nothing".to_owned()
        } else {
            format!("update set {set}")
        };
        let upsert = format!(
            "insert into {plain} ({columns}, howdah_n) select {columns}, howdah_n from {seed} where howdah_n < {rows} \
             on conflict ({key}) do {action}"
        );
        self.copies.run(upsert).await
    }

    /// Deletes every other row.
    pub(crate) async fn delete(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        for row in inserted.iter().step_by(2) {
            let deleted = row
                .remove()
                .returning()
                .fetch(self.pool)
                .await
                .map_err(at("delete"))?;
            same("delete", &Vec::from_iter(&deleted), &[row])?;
        }
        self.copies
            .run(format!(
                "delete from {} where howdah_n % 2 = 0",
                self.copies.plain
            ))
            .await?;
        counts.written += inserted.len() / 2;
        self.compare("delete").await
    }

    /// Exchanges the values of the second half's rows for the first half's.
    pub(crate) async fn update_many(&self, counts: &mut Counts) -> Outcome<()> {
        let half = self.half();
        let (first, second) = self.rows.split_at(half);
        // Their values are to be unique.
        T::remove_many(second, self.pool)
            .await
            .map_err(at("delete_many"))?;
        self.copies
            .run(format!(
                "delete from {} where howdah_n >= {half}",
                self.copies.plain
            ))
            .await?;
        let rows: Vec<T> = first
            .iter()
            .zip(second)
            .map(|(old, new)| new.with_key_of(old))
            .collect();
        let updated = T::change_many(&rows)
            .execute(self.pool)
            .await
            .map_err(at("update_many"))?;
        ensure(updated == rows.len() as u64, || {
            format!("update_many: {updated} rows")
        })?;
        self.plain_update().await?;
        counts.written += rows.len();
        self.compare("update_many").await
    }

    pub(crate) async fn upsert_many(&self, key: Key<T>, counts: &mut Counts) -> Outcome<()> {
        let upsert = T::many(&self.rows).on_conflict(key).do_update();
        upsert.execute(self.pool).await.map_err(at("upsert_many"))?;
        self.plain_upsert(self.rows.len()).await?;
        counts.written += self.rows.len();
        self.compare("upsert_many").await
    }
}
