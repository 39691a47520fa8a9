//! Dates and times as `chrono` types. Infinity, and what lies beyond chrono's calendar, is an error.
//! What is finer than a microsecond is rounded to one, as the server does with literals.

use bytes::{BufMut, BytesMut};
use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};
use postgres_types::{IsNull, Type};

use super::exactly;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

const DAY_MICROS: i64 = 86_400_000_000;

/// PostgreSQL counts from 2000-01-01.
const EPOCH: NaiveDateTime = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

fn out_of_range(what: &str) -> DecodeError {
    DecodeError::out_of_range(format!("the {what} is beyond chrono's range"))
}

fn infinite(positive: bool) -> DecodeError {
    DecodeError::out_of_range(match positive {
        true => "the value is infinity",
        false => "the value is -infinity",
    })
}

/// The duration in microseconds, rounded to the nearest.
fn micros(delta: TimeDelta) -> Result<i64, EncodeError> {
    // The remainder has the sign of the whole, as has the rounding.
    let nanos = delta.subsec_nanos();
    let rest = (nanos % 1_000 + if nanos < 0 { -500 } else { 500 }) / 1_000;
    let whole = i64::from(nanos / 1_000 + rest);
    delta
        .num_seconds()
        .checked_mul(1_000_000)
        .and_then(|seconds| seconds.checked_add(whole))
        .ok_or_else(|| EncodeError::new("the time is beyond PostgreSQL's range"))
}

impl<'r> Decode<'r> for NaiveDate {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["date"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        match i32::from_be_bytes(exactly(raw)?) {
            infinity @ (i32::MAX | i32::MIN) => Err(infinite(infinity > 0)),
            days => EPOCH
                .date()
                .checked_add_signed(TimeDelta::days(i64::from(days)))
                .ok_or_else(|| out_of_range("date")),
        }
    }
}

impl Encode for NaiveDate {
    const ACCEPTS: &'static Accepts = <NaiveDate as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let days = self.signed_duration_since(EPOCH.date()).num_days();
        // chrono's calendar spans some 191 million days.
        out.put_i32(
            i32::try_from(days)
                .map_err(|_| EncodeError::new("the date is beyond PostgreSQL's range"))?,
        );
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for NaiveTime {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["time"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let micros = i64::from_be_bytes(exactly(raw)?);
        match micros {
            DAY_MICROS => Err(DecodeError::out_of_range("the time is 24:00:00")),
            0..DAY_MICROS => Ok(NaiveTime::MIN + TimeDelta::microseconds(micros)),
            _ => Err(DecodeError::invalid("the time is not within a day")),
        }
    }
}

impl Encode for NaiveTime {
    const ACCEPTS: &'static Accepts = <NaiveTime as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let nanos = i64::from(self.num_seconds_from_midnight()) * 1_000_000_000
            + i64::from(self.nanosecond());
        out.put_i64((nanos + 500) / 1_000);
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for NaiveDateTime {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["timestamp"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        match i64::from_be_bytes(exactly(raw)?) {
            infinity @ (i64::MAX | i64::MIN) => Err(infinite(infinity > 0)),
            micros => EPOCH
                .checked_add_signed(TimeDelta::microseconds(micros))
                .ok_or_else(|| out_of_range("timestamp")),
        }
    }
}

impl Encode for NaiveDateTime {
    const ACCEPTS: &'static Accepts = <NaiveDateTime as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i64(micros(self.signed_duration_since(EPOCH))?);
        Ok(IsNull::No)
    }
}

static TIMESTAMPTZ: Accepts = Accepts::Builtin(&["timestamptz"]);

impl<'r> Decode<'r> for DateTime<Utc> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        NaiveDateTime::decode(ty, raw).map(|naive| naive.and_utc())
    }
}

/// PostgreSQL stores no offset, so what comes back is in UTC.
impl<'r> Decode<'r> for DateTime<FixedOffset> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        DateTime::<Utc>::decode(ty, raw).map(|utc| utc.fixed_offset())
    }
}

impl<Zone: chrono::TimeZone<Offset: Send + Sync> + Send + Sync> Encode for DateTime<Zone> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.naive_utc().encode(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &impl Encode) -> Vec<u8> {
        let mut out = BytesMut::new();
        value.encode(&Type::UNKNOWN, &mut out).unwrap();
        out.to_vec()
    }

    #[test]
    fn nanoseconds_are_rounded_as_the_server_rounds_literals() {
        let before = EPOCH - TimeDelta::nanoseconds(1_600);
        assert_eq!(sent(&before), (-2_i64).to_be_bytes());
        assert_eq!(
            sent(&(EPOCH + TimeDelta::nanoseconds(1_499))),
            1_i64.to_be_bytes()
        );
        assert_eq!(
            sent(&(NaiveTime::MIN + TimeDelta::nanoseconds(1_500))),
            2_i64.to_be_bytes()
        );
    }

    #[test]
    fn infinity_and_far_dates_are_errors() {
        let message = |raw: &[u8]| {
            NaiveDateTime::decode(&Type::TIMESTAMP, raw)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(message(&i64::MAX.to_be_bytes()), "the value is infinity");
        assert_eq!(message(&i64::MIN.to_be_bytes()), "the value is -infinity");
        assert_eq!(
            NaiveDate::decode(&Type::DATE, &(i32::MAX - 1).to_be_bytes())
                .unwrap_err()
                .to_string(),
            "the date is beyond chrono's range"
        );
        assert_eq!(
            NaiveTime::decode(&Type::TIME, &DAY_MICROS.to_be_bytes())
                .unwrap_err()
                .to_string(),
            "the time is 24:00:00"
        );
    }
}
