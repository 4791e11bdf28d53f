//! The state edges as named moments: what an effect, or an attempt to send, changes the state of. Inside its transaction: a program that dies here
//! has changed nothing.
//!
//! Not here: what the effects write (`apply`), the moments of commits (beside each).

use super::postings::Attempt;
use crate::appeal::{Place, Stage};
use crate::effect::{Effect, Event, Settled};
use crate::moment::pass;

/// An effect is about to be carried out.
pub(super) fn crossed(effect: &Effect) {
    match effect {
        Effect::Settle(settled) => pass(match settled {
            Settled::Opened(_) => "letter.opens",
            Settled::Added(_) => "letter.adds",
            Settled::Answer(_) => "letter.answers",
            Settled::Duplicate(_) => "letter.repeats",
            Settled::Ignored(_) => "letter.ignored",
        }),
        Effect::Open(_) => pass("appeal.open"),
        Effect::Save(_) => pass("appeal.save"),
        Effect::Note { event, .. } => noted(*event),
        Effect::Rung { .. } => pass("appeal.rung"),
        Effect::Ended { .. } => pass("appeal.ended"),
        Effect::Book(consultation) => pass(match consultation.stage {
            Stage::Offered => "consultation.offered",
            Stage::Proposed => "consultation.proposed",
            Stage::Invited => "consultation.invited",
            Stage::Cancelled => "consultation.cancelled",
        }),
        Effect::Meet(meeting) => pass(if meeting.cancelled { "meeting.cancelled" } else { "meeting.planned" }),
        Effect::Seat(seat) => pass(match seat.place {
            Place::Waiting => "seat.waiting",
            Place::Invited => "seat.invited",
            Place::Left => "seat.left",
        }),
        Effect::Post(_) => pass("posting.queued"),
        Effect::Withdraw(_) => pass("posting.withdrawn"),
        Effect::Replace { .. } => pass("posting.replaced"),
        Effect::Evidence { .. } => pass("posting.proved"),
        Effect::Bounced { .. } => pass("posting.bounced"),
        Effect::Reported { .. } => pass("report.made"),
        Effect::Drafted(_) => pass("report.drafted"),
        Effect::Call(_) => pass("call.changed"),
        Effect::Ask(_) => pass("order.asked"),
        Effect::Confirmed { .. } => pass("order.confirmed"),
        Effect::TakeBack { .. } => pass("order.taken_back"),
        Effect::Incident(_) => pass("incident.changed"),
        Effect::Announcement(_) => pass("announcement.changed"),
        Effect::Away(_) => pass("absence.told"),
        Effect::Block(_) => pass("time.blocked"),
        _ => {}
    }
}

/// What the history tells of an appeal's way.
fn noted(event: Event) {
    let name = match event {
        Event::Assigned => "appeal.assigned",
        Event::Taken => "appeal.taken",
        Event::Answered => "appeal.answered",
        Event::Closed => "appeal.closed",
        Event::Reopened => "appeal.reopened",
        Event::Asked => "appeal.undecided",
        Event::Extended => "appeal.extended",
        Event::Overdue => "appeal.overdue",
        Event::Escalated => "appeal.escalated",
        Event::Handover => "appeal.handed_over",
        Event::Alarm => "alarm.given",
        Event::Acknowledged => "alarm.acknowledged",
        Event::Accepted => "consultation.accepted",
        Event::Declined => "consultation.declined",
        Event::Moved => "consultation.moved",
        Event::Held => "consultation.held",
        _ => return,
    };
    pass(name);
}

/// What an attempt to send came to.
pub(super) fn attempted(attempt: &Attempt) {
    pass(match attempt {
        Attempt::Sent(_) => "posting.sent",
        Attempt::Retry(..) => "posting.deferred",
        Attempt::Rejected(_) => "posting.rejected",
        Attempt::Unknown(..) => "posting.unknown",
        Attempt::Untouched(..) => "posting.untouched",
    });
}
