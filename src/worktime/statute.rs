//! What the Labour Code alone says of a day, without any decree: holidays of art. 112, weekends, days moved by law, short eves.
//!
//! Not here: the decrees (`rules/calendar`), overlays.

use super::calendar::Workweek;
use chrono::{Datelike, NaiveDate, Weekday};

/// Names of the days off of art. 112; the last one is every other day off of a decree.
pub(super) const NAMES: [&str; 9] = [
    "новогодние каникулы",
    "Рождество Христово",
    "День защитника Отечества",
    "Международный женский день",
    "Праздник Весны и Труда",
    "День Победы",
    "День России",
    "День народного единства",
    "перенос выходного дня",
];

/// Index of «перенос выходного дня» in [`NAMES`].
pub(super) const MOVED: u16 = 8;

/// Index in [`NAMES`] of the holiday of art. 112 on this day of any year.
pub(super) fn holiday(date: NaiveDate) -> Option<u16> {
    match (date.month(), date.day()) {
        (1, 7) => Some(1),
        (1, 1..=8) => Some(0),
        (2, 23) => Some(2),
        (3, 8) => Some(3),
        (5, 1) => Some(4),
        (5, 9) => Some(5),
        (6, 12) => Some(6),
        (11, 4) => Some(7),
        _ => None,
    }
}

/// Whether the weekday is no working day of this week.
pub(super) fn weekend(date: NaiveDate, week: Workweek) -> bool {
    match date.weekday() {
        Weekday::Sun => true,
        Weekday::Sat => week == Workweek::Five,
        _ => false,
    }
}

/// Whether a day off has been moved here by art. 112 part 2: a day of rest that coincides with a holiday moves to the next working
/// day after the holiday, the January holidays excepted (those are moved by decree alone).
pub(super) fn moved_here(date: NaiveDate, week: Workweek) -> bool {
    if weekend(date, week) || holiday(date).is_some() {
        return false;
    }
    // Outside January no two holidays are neighbours, so only the unbroken row of days of rest just before can have been moved here.
    let mut day = date;
    for _ in 0..4 {
        let Some(before) = day.pred_opt() else { return false };
        day = before;
        let rest = weekend(day, week);
        if holiday(day).is_some() && rest && day.month() != 1 {
            return true;
        }
        if !rest && holiday(day).is_none() {
            return false;
        }
    }
    false
}

/// Whether the day is one hour shorter by art. 95: a working day directly before a holiday.
pub(super) fn eve(date: NaiveDate) -> bool {
    date.succ_opt().is_some_and(|next| holiday(next).is_some())
}
