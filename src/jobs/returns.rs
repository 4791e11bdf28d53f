//! Letters to staff at the door: so many a day, none to whoever is away, and the one letter that is found on a return.

use super::commands::Command;
use super::{JobError, School, records};
use crate::decide::{Leaving, day_after_tomorrow, day_began, on_absence_command, on_leaving, on_list, on_return, over};
use crate::effect::{Effect, Event};
use crate::settings::Settings;
use crate::store::Due;
use chrono::{DateTime, NaiveDate, Utc};

/// Decides about the letter of everybody who has come back and has not had it.
///
/// # Errors
/// The store's.
pub(super) fn returns(school: &School, settings: &Settings, now: DateTime<Utc>) -> Result<(), JobError> {
    let round = school.round(settings, now);
    for person in &settings.staff {
        let Some(over) = over(round, person).filter(|o| o.due <= now) else { continue };
        let mut store = school.store();
        if !store.returned(&over.key)? {
            store.decide_return((&person.id, &person.email), over.since, now, |facts| on_return(round, person, &over, facts))?;
        }
    }
    Ok(())
}

/// Whether a letter that is due does not leave now: to staff by their day's number and their absence, to a family by the silence it asked for.
///
/// # Errors
/// The store's.
pub(super) fn kept(school: &School, settings: &Settings, due: &Due, now: DateTime<Utc>) -> Result<bool, JobError> {
    let round = school.round(settings, now);
    let posting = due.id;
    let mut store = school.store();
    let Some(letter) = store.staff_letter(posting, day_began(round), day_after_tomorrow(round))? else {
        let unwanted = store.unwanted(posting, now)?;
        if unwanted {
            store.drop_unwanted(posting)?;
            let text = "письмо не отправлено: семья просила тишины".to_owned();
            store.carry_out(&[Effect::Note { appeal: due.appeal, event: Event::NotAnswered, text }], now)?;
        }
        return Ok(unwanted);
    };
    let person = settings.person_by_email(&letter.to);
    let returning = match person.and_then(|p| over(round, p)) {
        Some(over) => !store.returned(&over.key)?,
        None => false,
    };
    match on_leaving(round, &letter, returning) {
        Leaving::Now => {
            if letter.aside.is_some() {
                store.stand_in_line(posting)?;
            }
            Ok(false)
        }
        Leaving::Until(at) => {
            store.postpone(posting, at)?;
            Ok(true)
        }
        Leaving::Aside(reason, at) => {
            store.stand_aside(posting, reason, at, now)?;
            Ok(true)
        }
        Leaving::List => {
            let mut decided = false;
            if let Some(person) = person {
                store.decide_list(&person.email, now, |facts| {
                    let effects = on_list(round, person, facts);
                    decided = !effects.is_empty();
                    effects
                })?;
            }
            if !decided {
                // Alone it needs no list.
                store.stand_in_line(posting)?;
            }
            Ok(decided)
        }
    }
}

/// Why a word about somebody's days was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AbsenceError {
    /// The decision's words.
    #[error("{0}")]
    Refused(String),
    /// What stops a job.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Somebody is away from a day on, or there again; the daemon carries on from there.
///
/// # Errors
/// A sentence for the person who said so.
pub fn absence(school: &School, id: &str, days: (NaiveDate, Option<NaiveDate>), present: bool, now: DateTime<Utc>) -> Result<(), AbsenceError> {
    let settings = school.refresh().map_err(JobError::from)?;
    let round = school.round(&settings, now);
    let mut effects = on_absence_command(round, id, days.0, days.1, present).map_err(AbsenceError::Refused)?;
    let command = Command::Absence { who: id.to_owned(), from: days.0, until: days.1, present };
    effects.push(records::record_command(school, command, now).map_err(AbsenceError::Refused)?);
    Ok(school.store().carry_out(&effects, now).map_err(JobError::from)?)
}
