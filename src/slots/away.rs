//! Absences learned after the register was written: what people said by letter or on the command line, laid over the days of `rules/`.
//!
//! Not here: reading such words (`understand::order_absence`), who may say them (`decide`), keeping them (`store`).

use super::{Absence, Specialist};
use chrono::{Days, NaiveDate};

/// Where a word about an absence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwaySource {
    /// The person's own letter.
    Own,
    /// The head or the operator, about somebody.
    Head,
    /// A vacation answer, where the school believes them.
    AutoReply,
    /// The command line.
    Command,
}

impl AwaySource {
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            AwaySource::Own => "self",
            AwaySource::Head => "head",
            AwaySource::AutoReply => "auto_reply",
            AwaySource::Command => "command",
        }
    }
}

/// One word about somebody's days, local dates, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Whose.
    pub specialist: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None`: nobody knows yet.
    pub until: Option<NaiveDate>,
    /// They are there on these days, whatever was said before.
    pub present: bool,
    /// Whose word.
    pub source: AwaySource,
}

/// Days that an absence without an end is taken to last: longer than anybody looks ahead, so that the first day back is not known.
const OPEN_DAYS: u64 = 500;

impl Away {
    /// The last day, for one without an end a day far ahead.
    pub fn last(&self) -> NaiveDate {
        self.until.unwrap_or_else(|| self.from.checked_add_days(Days::new(OPEN_DAYS)).unwrap_or(NaiveDate::MAX))
    }
}

/// Whether the absence is one whose end nobody has named.
pub fn open_ended(absence: &Absence) -> bool {
    (absence.to - absence.from).num_days() == OPEN_DAYS as i64
}

/// Lays what was said over the register, in the order in which it was said.
pub fn overlay(staff: &mut [Specialist], said: &[Away]) {
    for away in said {
        let Some(person) = staff.iter_mut().find(|p| p.id == away.specialist) else { continue };
        let (from, to) = (away.from, away.last());
        if away.present {
            // Who is back from an illness without an end has not given up the leaves to come.
            person.absences = person.absences.iter().flat_map(|a| if a.covers(from) { cut(a, from, to) } else { vec![a.clone()] }).collect();
            continue;
        }
        // «Болею», and a day later «болею до 5.12»: the end that was open is known now.
        for open in person.absences.iter_mut().filter(|a| open_ended(a) && away.until.is_some() && a.from <= to) {
            open.to = from.pred_opt().unwrap_or(from);
        }
        person.absences.retain(|a| a.from <= a.to);
        person.absences.push(Absence { from, to });
    }
}

/// What of an absence is left outside of some days.
fn cut(a: &Absence, from: NaiveDate, to: NaiveDate) -> Vec<Absence> {
    let before = from.pred_opt().map(|end| Absence { from: a.from, to: a.to.min(end) });
    let after = to.succ_opt().map(|begin| Absence { from: a.from.max(begin), to: a.to });
    before.into_iter().chain(after).filter(|a| a.from <= a.to).collect()
}
