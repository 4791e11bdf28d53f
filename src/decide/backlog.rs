//! Times for several appeals at once: at go-live, after an outage, when an absence frees many. Who has waited gets what costs least together,
//! instead of first come, first served ([`crate::slots::assign`]).
//!
//! This only proposes. Each appeal's own decision takes its time where that is still free, and looks for another where it is not; so
//! one letter stays one transaction.

use super::case::Case;
use super::message::Incoming;
use super::{Round, consult, open, places};
use crate::appeal::State;
use crate::facts::{ForAppeal, ForDeadlines, Planned};
use crate::settings::Route;
use crate::slots::{Busy, Request, Slot, Specialist, assign};
use crate::understand::Kind;

/// One appeal that waits for a time, and who may hold it.
struct Waiting<'a> {
    case: Case<'a>,
    among: Vec<&'a Specialist>,
}

/// A time for each, in their order; nothing for fewer than two: the usual search is as good then.
fn together(round: Round<'_>, waiting: &[Option<Waiting<'_>>], busy: &[Busy]) -> Vec<Option<Slot>> {
    let asked: Vec<&Waiting<'_>> = waiting.iter().flatten().collect();
    if asked.len() < 2 {
        return vec![None; waiting.len()];
    }
    let mut specialists: Vec<&Specialist> = Vec::new();
    for person in asked.iter().flat_map(|w| &w.among) {
        if !specialists.iter().any(|known| known.id == person.id) {
            specialists.push(person);
        }
    }
    let ids: Vec<Vec<String>> = asked.iter().map(|w| w.among.iter().map(|p| p.id.clone()).collect()).collect();
    let refused: Vec<_> = asked.iter().map(|w| consult::refused(&w.case)).collect();
    let requests: Vec<Request<'_>> = (asked.iter().zip(&ids).zip(&refused))
        .map(|((w, ids), refused)| Request {
            wanted: consult::wanted(&w.case, &w.among, consult::Search::default(), refused),
            since: w.case.appeal.received,
            among: ids,
            family: w.case.appeal.email.as_deref(),
        })
        .collect();
    let mut found = assign(&requests, &specialists, &round.settings.worktime, busy).into_iter();
    waiting.iter().map(|w| w.as_ref().and_then(|_| found.next().flatten())).collect()
}

/// Who may hold a consultation of the appeal, where one is to be arranged by itself; present ones before those who are away.
fn candidates<'a>(case: &Case<'a>) -> Vec<&'a Specialist> {
    let (round, a) = (case.round, &case.appeal);
    let by_itself = a.consultation && !a.delicate && !a.complaint && !a.unsure && places::only_in_groups(case).is_none() && case.seated().is_none();
    if !by_itself || open::route(round, a.category) != Route::Specialist {
        return Vec::new();
    }
    let all = consult::teaching(case, round.of_category(a.category, &a.excluded));
    let present: Vec<_> = all.iter().copied().filter(|p| round.present(p)).collect();
    if present.is_empty() { all } else { present }
}

/// At go-live: a time for each open appeal that is to be taken over, in their order.
pub fn on_backlog(round: Round<'_>, appeals: &[ForAppeal]) -> Vec<Option<Slot>> {
    let waiting: Vec<_> = appeals
        .iter()
        .map(|known| {
            let mut case = Case::of(round, known.appeal.clone(), &known.consultations, known.busy.clone(), known.load.clone(), Vec::new());
            case.family.clone_from(&known.family);
            case.groups.clone_from(&known.groups);
            case.seats.clone_from(&known.seats);
            let may = candidates(&case);
            // Whoever had it in the trial keeps it.
            let holder = case.assignee().filter(|p| p.categories.contains(&case.appeal.category));
            let among = match (case.appeal.state, holder) {
                (State::Undecided | State::Closed, _) => Vec::new(),
                (_, Some(person)) if !may.is_empty() => vec![person],
                _ => may,
            };
            (!among.is_empty() && !case.ahead()).then_some(Waiting { case, among })
        })
        .collect();
    together(round, &waiting, appeals.first().map_or(&[], |known| &known.busy))
}

/// Letters that came at once: a time for each that opens an appeal for a consultation, in their order.
pub fn on_arrivals(round: Round<'_>, letters: &[&Incoming<'_>], busy: &[Busy], groups: &[Planned]) -> Vec<Option<Slot>> {
    let waiting: Vec<_> = letters
        .iter()
        .map(|incoming| {
            let opens = matches!(incoming.understanding.kind, Some(Kind::NewAppeal | Kind::StaffForm));
            if !opens || incoming.understanding.text.trim().is_empty() {
                return None;
            }
            let mut case = Case::of(round, open::record(round, 0, incoming), &[], busy.to_vec(), Vec::new(), Vec::new());
            case.groups = groups.to_vec();
            let among = candidates(&case);
            (!among.is_empty()).then_some(Waiting { case, among })
        })
        .collect();
    together(round, &waiting, busy)
}

/// Absences that free several consultations at once: another time of the same specialist for each appeal, in their order. Meetings of a
/// series stay in their week where they can, and are looked for one by one.
pub(super) fn freed(round: Round<'_>, facts: &ForDeadlines) -> Vec<Option<Slot>> {
    let waiting: Vec<_> = facts
        .open
        .iter()
        .map(|open| {
            let away = |c: &&crate::appeal::Consultation| {
                c.live() && c.start > round.now && round.settings.person(&c.specialist).is_some_and(|p| p.is_away(round.date(c.start)))
            };
            let missed = open.consultations.iter().find(away).filter(|c| c.series.is_none())?;
            let person = round.settings.person(&missed.specialist)?;
            let mut case = Case::of(round, open.appeal.clone(), &open.consultations, Vec::new(), Vec::new(), Vec::new());
            case.family.clone_from(&open.family);
            case.focus(missed.ordinal);
            Some(Waiting { case, among: vec![person] })
        })
        .collect();
    together(round, &waiting, &facts.busy)
}
