//! The wall clock in the two forms that the wire uses. Nothing else in the crate asks for the time of day.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Now as an ISO 8601 text with milliseconds at most, as JavaScript writes dates.
pub(crate) fn iso_now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(u32::from(now.millisecond()) * 1_000_000)
        .unwrap_or(now)
        .format(&Rfc3339)
        .unwrap_or_default()
}

/// Seconds since 1970, as JWTs count.
pub(crate) fn unix_seconds() -> u64 {
    u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or(0)
}
