//! Days as years, months and days of the Gregorian calendar, which PostgreSQL extends to all times. The method is Howard
//! Hinnant's: years that begin in March, in eras of 400.

/// The days of an era.
const ERA: i64 = 146_097;
/// From 0000-03-01 to 2000-01-01.
const EPOCH: i64 = 730_425;

/// The year, month and day of a number of days since 2000-01-01; 1 BC is the year 0.
pub(super) const fn from_days(days: i64) -> (i64, u8, u8) {
    let days = days + EPOCH;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    match month {
        0..10 => (year, month as u8 + 3, day as u8),
        _ => (year + 1, month as u8 - 9, day as u8),
    }
}

/// The days since 2000-01-01, if there is such a day.
pub(super) const fn to_days(year: i64, month: u8, day: u8) -> Option<i64> {
    if month == 0 || month > 12 || day == 0 || day > 31 {
        return None;
    }
    let (march_year, march_month) = match month {
        3.. => (year, month as i64 - 3),
        _ => (year - 1, month as i64 + 9),
    };
    let (era, of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
    let of_year = (153 * march_month + 2) / 5 + day as i64 - 1;
    let days = era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
    // The 30th of February would have become the 1st or 2nd of March.
    match from_days(days) {
        (y, m, d) if y == year && m == month && d == day => Some(days),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for ((year, month, day), days) in [
            ((2000, 1, 1), 0),
            ((2000, 2, 29), 59),
            ((1999, 12, 31), -1),
            ((1970, 1, 1), -10_957),
            ((0, 1, 1), -730_485),
            ((-4713, 11, 24), -2_451_545),
            ((5_874_897, 12, 31), 2_145_031_948),
        ] {
            assert_eq!(to_days(year, month, day), Some(days));
            assert_eq!(from_days(days), (year, month, day));
        }
        assert_eq!(to_days(1900, 2, 29), None);
        assert_eq!(to_days(2023, 4, 31), None);
        assert_eq!(to_days(2023, 13, 1), None);
    }

    proptest! {
        #[test]
        fn every_day_has_one_date(days in i64::from(i32::MIN)..=i64::from(i32::MAX)) {
            let (year, month, day) = from_days(days);
            prop_assert_eq!(to_days(year, month, day), Some(days));
        }
    }
}
