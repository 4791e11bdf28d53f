//! A list of orders from a sender whom nothing proves: what changes hands, category or ends is asked about; what is seen and undone at once is not.

use super::tests_staff::{ABOUT_DIARY, TOPICS, answer, at, conversation, notes, settings};
use super::*;
use crate::appeal::{Appeal, State};
use crate::effect::Effect;
use crate::facts::{Answered, ForLetter, Named};
use crate::outbox::{Audience, Kind};
use crate::settings::SenderCheck;
use crate::understand::{Context, understand};

const HEAD: &str = "zam@school.example";

/// What an appeal is made to be before the order comes.
type Change<'a> = &'a dyn Fn(&mut Appeal);

/// What the head's line about appeal 7, in answer to the daily report, comes to.
fn ordered(line: &str, check: SenderCheck, change: impl Fn(&mut Appeal)) -> Vec<Effect> {
    let mut settings = settings();
    let (mut appeal, consultations) = conversation(&settings, ABOUT_DIARY);
    change(&mut appeal);
    settings.sender_check = check;
    let list = Some(Answered { key: "report/daily/1".into(), kind: Kind::ReportDaily, to: HEAD.into(), subject: "Отклик".into() });
    let named = vec![Named { appeal, consultations, references: Vec::new(), family: Vec::new(), seats: Vec::new(), call: None, undo: None }];
    let facts = ForLetter { next_number: 8, list, named, ..ForLetter::default() };
    let message = answer(HEAD, line);
    let own = [settings.address.clone()];
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        received: Some(at(12, 0)),
        zone: Some(settings.worktime.zone),
        ..Context::default()
    };
    let understanding = understand(&TOPICS, &message, &context);
    let round = Round { settings: &settings, now: at(12, 0), mode: Mode::Live };
    on_message(round, &facts, &Incoming { message: &message, understanding: &understanding, received: at(12, 0), proposed: None })
}

fn trusted() -> SenderCheck {
    SenderCheck { trusted: true, ..SenderCheck::default() }
}

#[test]
fn a_line_that_weighs_is_asked_about_where_nothing_proves_its_sender() {
    let closed = |a: &mut Appeal| {
        a.state = State::Closed;
        a.closed = Some(at(11, 30));
        a.met = Some(at(11, 30));
    };
    let open = |_: &mut Appeal| {};
    let lines: [(&str, Change<'_>); 4] =
        [("7 → Козлов", &open), ("7 тема: технические вопросы", &open), ("7 закрыть без ответа: дубль", &open), ("7 вернуть в работу", &closed)];
    for (line, change) in lines {
        let proved = ordered(line, trusted(), change);
        let outside = |e: &Effect| matches!(e, Effect::Post(p) if p.audience != Audience::Staff);
        assert!(proved.iter().any(|e| matches!(e, Effect::Save(_))) && !proved.iter().any(outside), "{line}: no family reads of it: {}", notes(&proved));
        let effects = ordered(line, SenderCheck::default(), change);
        assert!(effects.iter().any(|e| matches!(e, Effect::Ask(_))), "{line}: {}", notes(&effects));
        assert!(!effects.iter().any(|e| matches!(e, Effect::Save(_))), "{line}: nothing is done before");
    }
}

#[test]
fn a_line_that_only_takes_it_oneself_is_carried_out_and_marked() {
    let effects = ordered("7 беру", SenderCheck::default(), |_| {});
    assert!(effects.iter().any(|e| matches!(e, Effect::Save(a) if a.state == State::Taken)), "{}", notes(&effects));
    assert!(notes(&effects).contains("unproved") && !effects.iter().any(|e| matches!(e, Effect::Ask(_))), "{}", notes(&effects));
}
