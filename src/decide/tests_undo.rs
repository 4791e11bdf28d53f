//! Orders taken back: what comes back, what is refused, what its letters become.

use super::tests_staff::{ABOUT_DIARY, TO_PSYCHOLOGIST, TOPICS, answer, at, conversation, notes, posts, settings};
use super::*;
use crate::appeal::{About, Appeal, Call, Consultation, State};
use crate::effect::{Effect, Kept};
use crate::facts::{Answered, ForLetter, Posted, Thread, Undo};
use crate::outbox::Kind;
use crate::settings::Settings;
use crate::understand::{Category, Context, understand};

const HEAD: &str = "zam@school.example";
const EJOURNAL: &str = "a.zaytseva@school.example";
const PSYCHOLOGIST: &str = "i.sokolova@school.example";

/// An appeal as it stands, and what was ordered last.
struct Story {
    settings: Settings,
    appeal: Appeal,
    consultations: Vec<Consultation>,
    undo: Option<Undo>,
    call: Option<Call>,
}

impl Story {
    fn of(text: &str) -> Story {
        let settings = settings();
        let (appeal, consultations) = conversation(&settings, text);
        Story { settings, appeal, consultations, undo: None, call: None }
    }

    /// A reply to a letter of this kind; what it did is remembered. `left`: its letters have left by the next one.
    fn says(&mut self, from: &str, text: &str, kind: Kind, left: bool) -> Vec<Effect> {
        let message = answer(from, text);
        let own = [self.settings.address.clone()];
        let s = &self.settings;
        let context = Context {
            own: &own,
            staff_domains: &s.staff_domains,
            staff: &s.staff_names,
            received: Some(at(12, 0)),
            zone: Some(s.worktime.zone),
            ..Context::default()
        };
        let understanding = understand(&TOPICS, &message, &context);
        let posting = Some(Answered { key: "other/7/1".into(), kind, to: from.to_owned(), subject: "Заявка № 7".into() });
        let thread =
            Some(Thread { appeal: self.appeal.clone(), consultations: self.consultations.clone(), posting, by_number: false, call: self.call.clone() });
        let facts = ForLetter { next_number: 9, thread, undo: self.undo.clone(), ..ForLetter::default() };
        let round = Round { settings: &self.settings, now: at(12, 0), mode: Mode::Live };
        let effects = on_message(round, &facts, &Incoming { message: &message, understanding: &understanding, received: at(12, 0), proposed: None });
        for effect in &effects {
            match effect {
                Effect::Save(a) => self.appeal = (**a).clone(),
                Effect::Book(c) => {
                    self.consultations.retain(|b| b.ordinal != c.ordinal);
                    self.consultations.push((**c).clone());
                    self.consultations.sort_by_key(|c| c.ordinal);
                }
                Effect::Keep(kept) => self.undo = Some(row(kept, &effects, left)),
                Effect::TakeBack { .. } => self.undo = None,
                Effect::Call(call) => self.call = Some((**call).clone()),
                _ => {}
            }
        }
        effects
    }
}

fn row(kept: &Kept, effects: &[Effect], left: bool) -> Undo {
    let letters = (posts(effects).into_iter().filter(|p| kept.posted.contains(&p.key)))
        .map(|p| Posted { key: p.key.clone(), to: p.to.clone(), outside: p.audience != crate::outbox::Audience::Staff, waits: !left, uid: p.ics_uid.clone() })
        .collect();
    let (before, after) = (kept.before.clone(), kept.after.clone());
    Undo {
        id: 1,
        staff: kept.staff.clone(),
        title: kept.title.into(),
        until: kept.until,
        before,
        after,
        letters,
        withdrew: kept.withdrew.clone(),
        taught: kept.taught,
    }
}

fn confirmed(effects: &[Effect], to: &str) -> String {
    posts(effects).into_iter().find(|p| p.kind == Kind::Confirm && p.to == to).map(|p| crate::compose::decoded(&p.raw)).unwrap_or_default()
}

#[test]
fn what_an_order_changed_comes_back() {
    for order in ["беру", "готово: Исправили.", "закрыть без ответа: дубль", "уточнить: какой класс?", "не моё"]
    {
        let mut story = Story::of(ABOUT_DIARY);
        let before = story.appeal.clone();
        story.says(EJOURNAL, order, Kind::Task, false);
        assert_ne!(story.appeal, before, "{order}");
        let effects = story.says(EJOURNAL, "отменить", Kind::Confirm, false);
        assert_eq!(story.appeal, before, "{order}: {}", notes(&effects));
        assert!(confirmed(&effects, EJOURNAL).contains("Возвращено как было"), "{order}");
        let again = story.says(EJOURNAL, "отменить", Kind::Confirm, false);
        assert!(confirmed(&again, EJOURNAL).contains("Возвращать нечего"), "no taking back of a taking back");
    }
}

#[test]
fn what_has_left_is_said_and_corrected() {
    let mut story = Story::of(ABOUT_DIARY);
    story.says(EJOURNAL, "готово: Исправили.", Kind::Task, true);
    let effects = story.says(EJOURNAL, "отмена", Kind::Confirm, true);
    assert!(confirmed(&effects, EJOURNAL).contains("Ответ автору уже ушёл, вернуть его нельзя; заявка снова открыта."));
    assert_eq!(story.appeal.state, State::Assigned);
    // A new term that the author has read of is taken back in one line; who had been given the work hears of it.
    let due = story.appeal.due;
    story.says(HEAD, "продлить до 28.11", Kind::Task, true);
    let effects = story.says(HEAD, "верните как было", Kind::Task, true);
    assert_eq!(story.appeal.due, due);
    let to: Vec<&str> = posts(&effects).iter().map(|p| p.to.as_str()).collect();
    assert!(to.contains(&"a.belova@mail.example") && to.contains(&EJOURNAL), "{to:?}");
}

#[test]
fn a_calendar_that_heard_nothing_stays_as_it_was() {
    for left in [false, true] {
        let mut story = Story::of(TO_PSYCHOLOGIST);
        story.says(PSYCHOLOGIST, "подходит", Kind::Task, true);
        let before = story.consultations[0].clone();
        story.says(PSYCHOLOGIST, "перенести на 26.11 16:00", Kind::Task, left);
        let moved = story.consultations[0].clone();
        assert_ne!(moved.start, before.start);
        let effects = story.says(PSYCHOLOGIST, "верните как было", Kind::Update, left);
        let back = &story.consultations[0];
        assert_eq!((back.start, back.end), (before.start, before.end), "{}", confirmed(&effects, PSYCHOLOGIST));
        let sequence = if left { moved.staff.sequence + 1 } else { before.staff.sequence };
        assert_eq!(back.staff.sequence, sequence, "left: {left}");
        let of_author = |c: &Consultation| c.author.as_ref().map(|a| a.sequence);
        assert_eq!(of_author(back), of_author(if left { &moved } else { &before }).map(|s| s + u32::from(left)));
        let withdrawn: usize = effects.iter().map(|e| if let Effect::TakeBack { withdrawn, .. } = e { withdrawn.len() } else { 0 }).sum();
        assert_eq!(withdrawn > 0, !left);
    }
}

#[test]
fn an_invitation_that_has_left_is_not_taken_back() {
    let mut story = Story::of(TO_PSYCHOLOGIST);
    story.says(PSYCHOLOGIST, "подходит", Kind::Task, true);
    let effects = story.says(PSYCHOLOGIST, "отменить", Kind::Confirm, true);
    assert!(confirmed(&effects, PSYCHOLOGIST).contains("Приглашение автору уже ушло"));
    assert!(!effects.iter().any(|e| matches!(e, Effect::TakeBack { .. })), "nothing is withdrawn where nothing is undone");
}

#[test]
fn what_has_changed_since_is_not_undone() {
    let mut story = Story::of(ABOUT_DIARY);
    story.says(EJOURNAL, "беру", Kind::Task, true);
    story.appeal.assignee = Some("technical-1".into());
    let effects = story.says(HEAD, "верните как было", Kind::Task, true);
    assert!(confirmed(&effects, HEAD).contains("было уже новое"), "{}", confirmed(&effects, HEAD));
    assert_eq!(story.appeal.state, State::Taken);
}

#[test]
fn only_who_gave_it_or_the_head() {
    let mut story = Story::of(ABOUT_DIARY);
    story.says(HEAD, "продлить до 28.11", Kind::Task, true);
    let effects = story.says(EJOURNAL, "верните как было", Kind::Task, true);
    assert!(confirmed(&effects, EJOURNAL).contains("Возвращать нечего") && story.appeal.extended);
    let mut story = Story::of(ABOUT_DIARY);
    story.says(EJOURNAL, "беру", Kind::Task, true);
    story.says(HEAD, "верните как было", Kind::Task, true);
    assert_eq!(story.appeal.state, State::Assigned);
}

#[test]
fn a_wrong_correction_teaches_nothing() {
    let mut story = Story::of(ABOUT_DIARY);
    let effects = story.says(HEAD, "тема: логопед", Kind::Task, true);
    assert!(effects.iter().any(|e| matches!(e, Effect::Learn { .. })) && story.appeal.category == Category::SpeechTherapist);
    let effects = story.says(HEAD, "верните как было", Kind::Task, true);
    assert!(effects.contains(&Effect::Unlearn(7)), "{}\n{}", notes(&effects), confirmed(&effects, HEAD));
    assert_eq!(story.appeal.category, Category::Ejournal);
}

#[test]
fn cancel_means_the_consultation_unless_it_answers_a_confirmation() {
    let mut story = Story::of(TO_PSYCHOLOGIST);
    let effects = story.says(PSYCHOLOGIST, "отменить", Kind::Task, true);
    assert!(notes(&effects).contains("cancelled"), "nothing was ordered: the consultation is meant");
    let mut story = Story::of(TO_PSYCHOLOGIST);
    story.says(PSYCHOLOGIST, "перенести на 26.11 16:00", Kind::Task, true);
    let effects = story.says(PSYCHOLOGIST, "отменить", Kind::Task, true);
    assert!(confirmed(&effects, PSYCHOLOGIST).contains("Не знаю, что отменить"), "{}", notes(&effects));
    let effects = story.says(PSYCHOLOGIST, "отменить консультацию", Kind::Confirm, true);
    assert!(notes(&effects).contains("cancelled"));
}

#[test]
fn cancel_with_the_number_below_a_confirmation_takes_the_order_back() {
    let mut story = Story::of(TO_PSYCHOLOGIST);
    let before = story.consultations[0].start;
    story.says(PSYCHOLOGIST, "перенести на 26.11 16:00", Kind::Task, false);
    let effects = story.says(PSYCHOLOGIST, "7 отменить", Kind::Confirm, false);
    assert!(!notes(&effects).contains("cancelled"), "{}", confirmed(&effects, PSYCHOLOGIST));
    assert_eq!(story.consultations[0].start, before);
}

#[test]
fn the_next_move_after_an_undo_has_a_key_of_its_own() {
    // On a Saturday the family's letter leaves and the specialist's waits.
    let mut story = Story::of(TO_PSYCHOLOGIST);
    story.says(PSYCHOLOGIST, "подходит", Kind::Task, true);
    let effects = story.says(HEAD, "перенести на 26.11 16:00", Kind::Task, true);
    let told = |effects: &[Effect]| posts(effects).into_iter().find(|p| p.key.starts_with("rescheduled/")).map(|p| p.key.clone());
    let first = told(&effects).unwrap();
    for letter in &mut story.undo.as_mut().unwrap().letters {
        letter.waits = !letter.outside;
    }
    let back = story.says(HEAD, "верните как было", Kind::Task, true);
    let second = told(&back).unwrap();
    let third = told(&story.says(HEAD, "перенести на 27.11 16:00", Kind::Task, true)).unwrap();
    assert!(first != second && second != third && first != third, "{first} {second} {third}: one of them is never sent");
}

/// A family with a telephone and no address.
fn by_telephone(text: &str) -> Story {
    let mut story = Story::of(text);
    (story.appeal.email, story.appeal.phone) = (None, Some("+79000000011".into()));
    story
}

#[test]
fn a_call_that_was_ordered_is_taken_back_with_its_order() {
    let mut story = by_telephone(ABOUT_DIARY);
    story.says(EJOURNAL, "готово: Исправили.", Kind::Task, true);
    assert!(story.call.as_ref().unwrap().waits());
    story.says(EJOURNAL, "отменить", Kind::Confirm, true);
    assert_eq!(story.appeal.state, State::Assigned);
    assert!(!story.call.as_ref().unwrap().waits(), "nobody is to tell the family what was taken back");

    let mut story = by_telephone(ABOUT_DIARY);
    let words = vec!["Ваша заявка принята.".to_owned()];
    let call = Call { appeal: 7, about: About::Receipt, words, caller: None, tries: 1, at: at(9, 0), letter: "call/7/1".into(), done: None };
    story.call = Some(call.clone());
    story.says("it@school.example", "созвонились", Kind::CallTask, true);
    assert!(!story.call.as_ref().unwrap().waits());
    story.says("it@school.example", "верните как было", Kind::Confirm, true);
    assert_eq!(story.call, Some(call), "the family still waits for it");
}

#[test]
fn a_second_word_about_a_call_that_was_made_ends_no_term() {
    let mut story = by_telephone(ABOUT_DIARY);
    let words = vec!["Ваша заявка принята.".to_owned()];
    story.call = Some(Call { appeal: 7, about: About::Receipt, words, caller: None, tries: 0, at: at(9, 0), letter: "call/7/1".into(), done: None });
    for _ in 0..2 {
        story.says("it@school.example", "созвонились", Kind::CallTask, true);
        assert_eq!(story.appeal.met, None, "the answer is still owed");
    }
    story.says(EJOURNAL, "созвонились", Kind::Task, true);
    assert!(story.appeal.met.is_some(), "whoever has the appeal has spoken to the family");
}

#[test]
fn another_specialist_taken_back_is_the_first_at_the_first_time() {
    let mut story = Story::of(TO_PSYCHOLOGIST);
    story.says(PSYCHOLOGIST, "подходит", Kind::Task, true);
    let before = story.consultations[0].clone();
    story.says(HEAD, "заменить на Никитину", Kind::Task, true);
    let now = &story.consultations[0];
    assert!(now.specialist == "social-1" && now.start != before.start, "{now:?}");
    let effects = story.says(HEAD, "верните как было", Kind::Task, true);
    let back = &story.consultations[0];
    assert_eq!((&back.specialist, back.start), (&before.specialist, before.start), "{}", confirmed(&effects, HEAD));
}
