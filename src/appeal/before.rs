//! How an appeal stood at one moment: what an order changes and what can be put back. Nothing of the author's own words or names.

use super::{Appeal, Call, Consultation, Due, Seat, State};
use crate::understand::Category;
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

/// State, hands, terms, consultations and the call of an appeal; moments in whole seconds, as they are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Appeal")]
pub struct Before {
    pub state: State,
    pub category: Category,
    pub runner_up: Option<Category>,
    pub consultation: bool,
    pub unsure: bool,
    pub assignee: Option<String>,
    pub assigned: Option<DateTime<Utc>>,
    pub taken: Option<DateTime<Utc>>,
    pub met: Option<DateTime<Utc>>,
    pub closed: Option<DateTime<Utc>>,
    pub extended: bool,
    pub take_due: Due,
    pub due: Due,
    pub acknowledged: Option<DateTime<Utc>>,
    pub question: Option<String>,
    pub asked: Option<DateTime<Utc>>,
    /// By ordinal.
    pub consultations: Vec<Consultation>,
    /// The call to the author, done or not.
    #[serde(default)]
    pub call: Option<Call>,
    /// The appeal into which it was closed.
    #[serde(default)]
    pub into: Option<i64>,
    /// By meeting. Kept in JSON: an order of an older program has none.
    #[serde(default)]
    pub seats: Vec<Seat>,
    /// Wishes of staff that the order changes: key, and the value before it as the store knows it.
    #[serde(default)]
    pub remembered: Vec<(String, Option<String>)>,
}

impl Before {
    /// As it stands now.
    pub fn of(a: &Appeal, consultations: &[Consultation], seats: &[Seat]) -> Before {
        let whole = |at: Option<DateTime<Utc>>| at.map(|t| t.trunc_subsecs(0));
        let due = |d: Due| Due { literal: d.literal.trunc_subsecs(0), office: d.office.trunc_subsecs(0), ..d };
        let mut consultations: Vec<Consultation> = consultations.to_vec();
        for c in &mut consultations {
            for at in [&mut c.start, &mut c.end, &mut c.staff.dtstamp].into_iter().chain(c.author.as_mut().map(|a| &mut a.dtstamp)) {
                *at = at.trunc_subsecs(0);
            }
            (c.silent_at, c.invite_by, c.original, c.staff.replied) = (whole(c.silent_at), whole(c.invite_by), whole(c.original), whole(c.staff.replied));
            if let Some(a) = &mut c.author {
                a.replied = whole(a.replied);
            }
            for at in c.declined.iter_mut().chain(&mut c.offered) {
                *at = at.trunc_subsecs(0);
            }
        }
        let mut seats: Vec<Seat> = seats.to_vec();
        for s in &mut seats {
            (s.joined, s.author.dtstamp) = (s.joined.trunc_subsecs(0), s.author.dtstamp.trunc_subsecs(0));
            (s.asked, s.author.replied) = (whole(s.asked), whole(s.author.replied));
        }
        seats.sort_by_key(|s| s.meeting);
        Before {
            state: a.state,
            category: a.category,
            runner_up: a.runner_up,
            consultation: a.consultation,
            unsure: a.unsure,
            assignee: a.assignee.clone(),
            assigned: whole(a.assigned),
            taken: whole(a.taken),
            met: whole(a.met),
            closed: whole(a.closed),
            extended: a.extended,
            take_due: due(a.take_due),
            due: due(a.due),
            acknowledged: whole(a.acknowledged),
            question: a.question.clone(),
            asked: whole(a.asked),
            consultations,
            call: None,
            into: None,
            seats,
            remembered: Vec::new(),
        }
    }

    /// With the call to the author as it stands.
    pub fn with_call(self, call: Option<&Call>) -> Before {
        let whole = |c: &Call| Call { at: c.at.trunc_subsecs(0), done: c.done.map(|t| t.trunc_subsecs(0)), ..c.clone() };
        Before { call: call.map(whole), ..self }
    }

    /// Puts state, hands and terms back; consultations are the caller's, since others have their times in their calendars.
    pub fn restore(&self, a: &mut Appeal) {
        (a.state, a.category, a.runner_up, a.consultation, a.unsure) = (self.state, self.category, self.runner_up, self.consultation, self.unsure);
        a.assignee.clone_from(&self.assignee);
        (a.assigned, a.taken, a.met, a.closed) = (self.assigned, self.taken, self.met, self.closed);
        (a.extended, a.take_due, a.due) = (self.extended, self.take_due, self.due);
        (a.acknowledged, a.asked) = (self.acknowledged, self.asked);
        a.question.clone_from(&self.question);
    }
}
