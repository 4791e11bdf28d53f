//! Tests of `report::analysis` and `report::proposals`: what is told of many families, what is not told of few, what follows from figures.

use super::*;
use crate::understand::Window;
use chrono::{NaiveTime, Weekday};
use proptest::prelude::*;

fn asked(family: usize, topic: &str, class: Option<u8>) -> Counted {
    Counted {
        category: ("ejournal".into(), "электронный журнал и дневник".into()),
        topic: Some(topic.into()),
        family: format!("{family}@mail.example"),
        parallel: class,
        times: Vec::new(),
        unmet: false,
    }
}

fn after(hour: u32) -> Vec<Window> {
    vec![Window { after: NaiveTime::from_hms_opt(hour, 0, 0), ..Window::default() }]
}

fn quiet() -> Analysis {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    Analysis {
        span: Span::Week,
        title: "неделю 16-20 ноября".into(),
        from: day,
        to: day,
        all: Compared::default(),
        categories: Vec::new(),
        terms: Terms::default(),
        terms_before: Terms::default(),
        median: None,
        median_before: None,
        topics: Vec::new(),
        groups: Vec::new(),
        wishes: Vec::new(),
        moved: Moved::default(),
        thanks: 0,
        load: Vec::new(),
        satisfaction: None,
        proposals: Vec::new(),
    }
}

fn rules() -> ProposalRules {
    toml::from_str(include_str!("../../rules/proposals.toml")).unwrap()
}

#[test]
fn a_question_counts_from_five_families_not_from_five_letters() {
    let four: Vec<Counted> = (0..4).map(|n| asked(n, "доступ", None)).collect();
    let again: Vec<Counted> = four.iter().chain(&four).cloned().collect();
    assert!(frequent(&again, 0, false).is_empty(), "eight letters of four families");
    let five: Vec<Counted> = (0..5).map(|n| asked(n, "доступ", None)).collect();
    assert_eq!(frequent(&five, 0, false)[0].families, 5);
    assert!(frequent(&five, 6, false).is_empty(), "a school may ask for more");
    assert_eq!(frequent(&five, 1, false).len(), 1, "but never for fewer");
}

#[test]
fn a_parallel_has_its_own_question() {
    let mut all: Vec<Counted> = (0..5).map(|n| asked(n, "доступ", Some(5))).collect();
    all.extend((5..9).map(|n| asked(n, "доступ", Some(6))));
    all.push(asked(9, "доступ", None));
    let groups = frequent(&all, 5, true);
    assert_eq!(groups.iter().map(|g| (g.parallel, g.families)).collect::<Vec<_>>(), [(Some(5), 5)]);
    assert_eq!(frequent(&all, 5, false)[0].families, 10);
    assert_eq!([parallel("5А"), parallel("11 «Б»"), parallel("подготовишки"), parallel("0А"), parallel("57")], [Some(5), Some(11), None, None, None]);
}

#[test]
fn a_wish_is_told_with_all_that_had_one() {
    let mut all: Vec<Counted> = (0..12).map(|n| Counted { times: after(18), unmet: n < 9, ..asked(n, "", None) }).collect();
    all.extend((12..20).map(|n| Counted { times: after(15), ..asked(n, "", None) }));
    all.extend((20..24).map(|n| Counted { times: vec![Window { weekday: vec![Weekday::Sat], ..Window::default() }], unmet: true, ..asked(n, "", None) }));
    let told = wishes(&all, |_| false);
    assert_eq!(told, [Wish { time: "после 18:00".into(), asked: 12, of: 24, unmet: 9, open: false }], "four families are not told of");
}

#[test]
fn the_rules_of_the_program_have_no_mistake_and_say_nothing_of_a_quiet_week() {
    assert_eq!(rules().mistakes(), []);
    assert_eq!(propose(&rules(), &quiet()), []);
    assert!(rules().group_from as usize >= FEWEST_FAMILIES);
}

#[test]
fn a_rule_with_a_figure_that_it_has_not_is_a_mistake() {
    let mut rules = rules();
    rules.rules[0].cause = "Открыто {open}".into();
    rules.rules[1].proposal = "а".repeat(LONGEST_PROPOSAL + 1);
    let wrong: Vec<usize> = rules.mistakes().into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(wrong, [0, 1]);
}

#[test]
fn twice_as_many_letters_about_the_journal_are_a_proposal_with_its_cause() {
    let ejournal = Compared {
        key: "ejournal".into(),
        title: "электронный журнал и дневник".into(),
        received: 14,
        closed: 13,
        received_before: vec![7, 6, 8, 7],
        closed_before: vec![7, 7, 7, 7],
    };
    let topic =
        Frequent {
            key: "ejournal".into(), category: "электронный журнал и дневник".into(), topic: "вход в дневник".into(), parallel: None, families: 6
        };
    let grown = Analysis { categories: vec![ejournal.clone()], topics: vec![topic], ..quiet() };
    let told = propose(&rules(), &grown);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].cause.as_deref(), Some("Обращений об электронном журнале стало больше: 14 против 7; чаще всего: вход в дневник."));
    let first = Compared { received_before: Vec::new(), closed_before: Vec::new(), ..ejournal };
    assert_eq!(propose(&rules(), &Analysis { categories: vec![first], ..quiet() }), [], "without weeks before nothing has grown");
}

#[test]
fn a_time_that_nobody_offers_is_put_before_the_director() {
    let wish = Wish { time: "после 18:00".into(), asked: 12, of: 20, unmet: 9, open: false };
    let told = propose(&rules(), &Analysis { wishes: vec![wish], ..quiet() });
    assert_eq!(told[0].text, "Добавить окно консультаций после 18:00");
    assert_eq!(told[0].cause.as_deref(), Some("12 из 20 семей просили время после 18:00: окон нет."));
    assert!(told[0].decision.is_some());
}

proptest! {
    /// Whatever the figures: no proposal is longer than a prepared letter has room for, none has a brace left, none stands twice.
    #[test]
    fn proposals_are_short_and_whole(received in 0u32..200, before in proptest::collection::vec(0u32..200, 0..4), ended in 0u32..100, kept in 0u32..100, open in 0u32..100, handed in 0u32..100) {
        let line = Compared { key: "technical".into(), title: "технические вопросы".into(), received, closed: 0, received_before: before.clone(), closed_before: before };
        let a = Analysis {
            all: line.clone(),
            categories: vec![line],
            terms: Terms { ended, kept_literal: 0, kept_office: kept.min(ended) },
            load: vec![("А".into(), open), ("Б".into(), 1)],
            moved: Moved { handed, corrected: 0 },
            ..quiet()
        };
        let told = propose(&rules(), &a);
        prop_assert!(told.len() <= MOST_PROPOSALS);
        for (i, p) in told.iter().enumerate() {
            prop_assert!(p.text.chars().count() <= LONGEST_PROPOSAL);
            let braces = [Some(&p.text), p.cause.as_ref(), p.cost.as_ref()].into_iter().flatten().any(|t| t.contains(['{', '}']));
            prop_assert!(!braces);
            prop_assert!(told.iter().skip(i + 1).all(|q| q.text != p.text));
        }
    }
}
