//! Tests of the scoring: labels checked, readings counted, letters dealt.

use super::{Difficulty, KeyScore, Label, Scores, Tally, common, deal, in_folds, labels, tidy};
use crate::understand::{Category, Channel, Intent, Kind, Role, Topics, Understanding, Window};
use serde_json::{Value, json};

fn label(value: Value) -> Label {
    Label::read(&value.to_string()).unwrap()
}

fn window(value: Value) -> Window {
    serde_json::from_value(value).unwrap()
}

fn appeal(category: Category, confidence: f64) -> Understanding {
    Understanding { kind: Some(Kind::NewAppeal), category: Some(category), confidence, ..Understanding::default() }
}

fn tally(right: usize, of: usize) -> Tally {
    Tally { right, of }
}

#[test]
fn slips_of_the_pen_are_told() {
    let table: &[(&str, &str)] = &[
        ("{\"file\": ", "is no JSON (column 9)"),
        ("[]", "is no JSON object"),
        ("null", "is no JSON object"),
        (r#"{"kind":"bounce"}"#, "file: the letter's path is missing"),
        (r#"{"file":"","kind":"bounce"}"#, "file: the letter's path is missing"),
        (r#"{"file":"a.eml"}"#, "says nothing of the letter"),
        (r#"{"file":"a.eml","confidence":0.5,"reasons":[]}"#, "says nothing of the letter"),
        (r#"{"file":"a.eml","kind":"appeal"}"#, "kind: \"appeal\" is none of new_appeal, reply_to_thread"),
        (r#"{"file":"a.eml","kind":7}"#, "kind: 7 is none of"),
        (r#"{"file":"a.eml","category":"maths"}"#, "category: \"maths\" is none of technical, ejournal"),
        (r#"{"file":"a.eml","secondary":"maths"}"#, "secondary: \"maths\" is none of technical"),
        (r#"{"file":"a.eml","category":"other","secondary":"other"}"#, "secondary: the same as category"),
        (r#"{"file":"a.eml","category":"other","also_ok":["maths"]}"#, "also_ok: \"maths\" is none of"),
        (r#"{"file":"a.eml","category":"other","also_ok":"technical"}"#, "also_ok: \"technical\" is no list"),
        (r#"{"file":"a.eml","category":"other","difficulty":"huge"}"#, "difficulty: \"huge\" is none of easy, medium, hard"),
        (r#"{"file":"a.eml","urgent":null}"#, "urgent: null is neither true nor false"),
        (r#"{"file":"a.eml","wants_consultation":"yes"}"#, "wants_consultation: \"yes\" is none of true, false, null"),
        (r#"{"file":"a.eml","role":"mother"}"#, "role: \"mother\" is none of parent, pupil"),
        (r#"{"file":"a.eml","name":""}"#, "name: \"\" is no name"),
        (r#"{"file":"a.eml","class":"5A"}"#, "class: \"5A\" is no class"),
        (r#"{"file":"a.eml","class":"5 А"}"#, "class: \"5 А\" is no class"),
        (r#"{"file":"a.eml","class":5}"#, "class: 5 is no class"),
        (r#"{"file":"a.eml","phone":"8 900 000-00-01"}"#, "phone: \"8 900 000-00-01\" is no phone"),
        (r#"{"file":"a.eml","channel":"whatsapp"}"#, "channel: \"whatsapp\" is none of phone, video"),
        (r#"{"file":"a.eml","intent":"agree"}"#, "intent: \"agree\" is none of accept"),
        (r#"{"file":"a.eml","times":null}"#, "times: null is no list"),
        (r#"{"file":"a.eml","times":[{"day":"mon"}]}"#, "day is none of weekday, after"),
        (r#"{"file":"a.eml","times":[{"weekday":["пн"]}]}"#, "no weekday: пн"),
        (r#"{"file":"a.eml","times":[{"after":"17.00"}]}"#, "times: {\"after\":\"17.00\"}: is no window"),
        (r#"{"file":"a.eml","times":[{"date":"12.11.2026"}]}"#, "is no window"),
        (r#"{"file":"a.eml","times":[{}]}"#, "constrains nothing"),
        (r#"{"file":"a.eml","times":[{"not":true}]}"#, "constrains nothing"),
        (r#"{"file":"a.eml","times":[{"after":"15:00","before":"14:00"}]}"#, "after is not before before"),
        (r#"{"file":"a.eml","times":[{"from":"2026-11-14","to":"2026-11-10"}]}"#, "from is later than to"),
        (r#"{"file":"a.eml","categorie":"other"}"#, "categorie: no such key"),
        (r#"{"file":"a.eml","kind":"new_appeal","category":null}"#, "category: a new_appeal has one"),
        (r#"{"file":"a.eml","kind":"bounce","category":"other"}"#, "category: null where kind is bounce"),
        (r#"{"file":"a.eml","kind":"reply_to_thread","wants_consultation":false}"#, "wants_consultation: null where kind is reply_to_thread"),
        (r#"{"file":"a.eml","kind":"auto_reply","name":"Вера Лунина"}"#, "name: null where kind is auto_reply"),
        (r#"{"file":"a.eml","kind":"new_appeal","category":"other","intent":"question"}"#, "intent: null where kind is new_appeal"),
    ];
    for (line, told) in table {
        let wrong = Label::read(line).unwrap_err();
        assert!(wrong.len() == 1 && wrong[0].contains(told), "{line} must be told «{told}», was told {wrong:?}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_and_in_order() {
    let text = "\u{feff}{\"file\":\"a.eml\",\"kind\":\"spam\",\"role\":\"aunt\"}\r\n\n{\"file\":\"b.eml\",\"urgent\":true}\r\nno\n{\"file\":\"b.eml\",\"urgent\":false}\n";
    let (good, wrong) = labels(text);
    assert_eq!(good.iter().map(|l| (l.line, l.file.as_str())).collect::<Vec<_>>(), [(3, "b.eml"), (5, "b.eml")]);
    assert_eq!(wrong.iter().map(|m| m.line).collect::<Vec<_>>(), [1, 1, 4, 5]);
    assert_eq!(wrong[3].what, "file: b.eml is labelled in line 3 already");
    for empty in ["", "\n \n", "\u{feff}"] {
        assert!(labels(empty).1[0].what.starts_with("no label at all"), "{empty:?}");
    }
}

#[test]
fn what_explain_prints_is_a_label() {
    let mut reads = vec![Understanding::default(), appeal(Category::Other, 0.7)];
    for kind in [Kind::ReplyToThread, Kind::AutoReply, Kind::Bounce, Kind::CalendarReply, Kind::SpamOrList, Kind::SurveyAnswer] {
        reads.push(Understanding { kind: Some(kind), ..Understanding::default() });
    }
    reads.push(Understanding {
        kind: Some(Kind::StaffForm),
        secondary: Some(Category::Psychologist),
        urgent: true,
        wants_consultation: true,
        role: Role::Parent,
        name: Some("Вера Лунина".into()),
        class: Some("5Ё".into()),
        phone: Some("+79000000001".into()),
        channel: Some(Channel::Messenger),
        intent: Intent::Instruction,
        times: vec![window(json!({"weekday": ["tue", "mon"], "after": "17:00"}))],
        ..appeal(Category::Technical, 0.9)
    });
    let mut scores = Scores::default();
    for read in &reads {
        let printed = crate::understand::explain_json("a.eml", read, chrono_tz::UTC);
        scores.count(&label(printed), read);
    }
    assert_eq!(scores.misses, []);
    assert_eq!(scores.key("intent"), KeyScore { said: tally(1, 1), silent: tally(8, 8) });
    assert_eq!(scores.key("category").all(), tally(2, 2), "of appeals alone");
    assert_eq!(scores.confusion.get(&(None, None)), Some(&7));
}

#[test]
fn only_what_was_labelled_is_counted() {
    let mut scores = Scores::default();
    scores.count(&label(json!({"file": "a.eml", "category": "technical"})), &appeal(Category::Technical, 0.8));
    scores.count(&label(json!({"file": "b.eml", "phone": null})), &Understanding { phone: Some("+79000000001".into()), ..appeal(Category::Other, 0.8) });
    assert_eq!(scores.keys.keys().copied().collect::<Vec<_>>(), ["category", "phone"]);
    assert_eq!((scores.letters, scores.category.strict, scores.windows.read), (2, tally(1, 1), 0));
    assert_eq!(scores.key("phone"), KeyScore { said: tally(0, 0), silent: tally(0, 1) });
    assert_eq!(scores.confusion.len(), 1, "a letter without a labelled kind or category is in no row");
}

#[test]
fn categories_strict_accepted_by_difficulty_and_confused() {
    let of = |category: &str, difficulty: Value| {
        label(json!({"file": "a.eml", "kind": "new_appeal", "category": category, "also_ok": ["other"], "difficulty": difficulty}))
    };
    let mut scores = Scores::default();
    scores.count(&of("technical", json!("easy")), &appeal(Category::Technical, 0.9));
    scores.count(&of("technical", json!("hard")), &appeal(Category::Other, 0.5));
    scores.count(&of("technical", json!("hard")), &appeal(Category::Ejournal, 0.5));
    scores.count(&of("technical", json!(null)), &Understanding { kind: Some(Kind::SpamOrList), confidence: 0.9, ..Understanding::default() });
    scores.count(&label(json!({"file": "b.eml", "kind": "spam_or_list", "category": null})), &appeal(Category::Other, 0.3));
    assert_eq!((scores.category.strict, scores.category.also), (tally(1, 4), tally(2, 4)));
    assert_eq!(scores.difficulty[&Some(Difficulty::Hard)].strict, tally(0, 2));
    assert_eq!(scores.difficulty[&Some(Difficulty::Hard)].also, tally(1, 2));
    assert_eq!(scores.difficulty[&None].also, tally(0, 1));
    let technical = Some(Category::Technical);
    for (cell, letters) in [
        ((technical, technical), 1),
        ((technical, Some(Category::Other)), 1),
        ((technical, Some(Category::Ejournal)), 1),
        ((technical, None), 1),
        ((None, Some(Category::Other)), 1),
    ] {
        assert_eq!(scores.confusion.get(&cell), Some(&letters), "{cell:?}");
    }
    let accepted: Vec<bool> = scores.misses.iter().filter(|m| m.key == "category").map(|m| m.accepted).collect();
    assert_eq!(accepted, [true, false, false]);
    assert_eq!(scores.key("kind").all(), tally(3, 5));
}

#[test]
fn danger_missed_and_danger_made_up_are_told_apart() {
    let mut scores = Scores::default();
    for (labelled, found) in [(true, true), (true, false), (false, false), (false, true), (false, false)] {
        scores.count(&label(json!({"file": "a.eml", "urgent": labelled})), &Understanding { urgent: found, ..Understanding::default() });
    }
    assert_eq!(scores.key("urgent"), KeyScore { said: tally(1, 2), silent: tally(2, 3) });
    assert_eq!(scores.key("urgent").silent.wrong(), 1);
}

#[test]
fn windows_are_equal_or_not() {
    let mut scores = Scores::default();
    let (one, two) = (json!({"date": "2026-11-10", "after": "17:00"}), json!({"weekday": ["tue", "mon"]}));
    let of = |kind: &str, times: &[&Value]| label(json!({"file": "a.eml", "kind": kind, "times": times}));
    let read = |times: &[&Value]| Understanding { times: times.iter().map(|w| window((*w).clone())).collect(), ..appeal(Category::Other, 0.5) };
    // In another order, weekdays too.
    scores.count(&of("reply_to_thread", &[&one, &two]), &read(&[&json!({"weekday": ["mon", "tue"]}), &one]));
    // One of two; one that differs in a key; one made up; the same one twice.
    scores.count(&of("reply_to_thread", &[&one, &two]), &read(&[&one]));
    scores.count(&of("reply_to_thread", &[&one]), &read(&[&json!({"date": "2026-11-10", "after": "17:00", "not": true})]));
    scores.count(&of("reply_to_thread", &[]), &read(&[&one]));
    scores.count(&of("reply_to_thread", &[&one]), &read(&[&one, &one]));
    // A robot wishes nothing: its windows are no windows, but its list is wrong.
    scores.count(&of("auto_reply", &[]), &read(&[&one]));
    assert_eq!(scores.key("times"), KeyScore { said: tally(1, 4), silent: tally(0, 2) });
    assert_eq!((scores.windows.right, scores.windows.read, scores.windows.labelled), (4, 7, 6));
    assert!((scores.windows.f1().unwrap() - 8.0 / 13.0).abs() < 1e-9);
    assert_eq!((scores.windows.precision(), scores.windows.recall()), (tally(4, 7), tally(4, 6)));
    assert_eq!(Scores::default().windows.f1(), None);
    let days = tidy(window(json!({"weekday": ["sun", "mon", "sun"]})));
    assert_eq!(common(&[days], &[window(json!({"weekday": ["mon", "sun"]}))]), 1);
}

#[test]
fn confidence_is_held_against_what_was_right() {
    let of = label(json!({"file": "a.eml", "category": "technical", "also_ok": ["ejournal"]}));
    let mut scores = Scores::default();
    // 0.795 is printed as 0.8, 1.0 has no bin of its own, an accepted answer is right.
    for (category, confidence) in
        [(Category::Technical, 0.8), (Category::Other, 0.8), (Category::Ejournal, 0.796), (Category::Technical, 1.0), (Category::Technical, 0.05)]
    {
        scores.count(&of, &appeal(category, confidence));
    }
    assert_eq!(scores.bins.map(|b| b.tally.of), [1, 0, 0, 0, 0, 0, 0, 0, 3, 1]);
    assert_eq!(scores.bins[8].tally, tally(2, 3));
    assert!((scores.bins[8].confidence().unwrap() - 0.8).abs() < 1e-9);
    // (0.95 of one + |2 - 2.4| + 0 of one) / 5
    assert!((scores.calibration_error().unwrap() - 0.27).abs() < 1e-9, "{:?}", scores.calibration_error());
    assert_eq!(Scores::default().calibration_error(), None);
    assert_eq!(Scores::default().bins[0].confidence(), None);
}

#[test]
fn letters_are_dealt_evenly_and_always_alike() {
    let line = |i: usize| json!({"file": format!("{i:02}.eml"), "category": if i.is_multiple_of(3) { "technical" } else { "other" }});
    let forth: Vec<Label> = (0..22).map(|i| label(line(i))).collect();
    let back: Vec<Label> = forth.iter().rev().cloned().collect();
    let dealt = deal(&forth, 4);
    assert_eq!(dealt.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6, 5, 5]);
    let files = |labels: &[Label], folds: &[Vec<usize>]| -> Vec<Vec<String>> {
        (folds.iter())
            .map(|f| {
                let mut files: Vec<String> = f.iter().map(|&i| labels[i].file.clone()).collect();
                files.sort();
                files
            })
            .collect()
    };
    assert_eq!(files(&forth, &dealt), files(&back, &deal(&back, 4)), "the order of the lines does not matter");
    for fold in &dealt {
        let technical = fold.iter().filter(|&&i| forth[i].category() == Some(Category::Technical)).count();
        assert!(technical == 2, "{technical} of 8 in one of 4 folds");
    }
    let mut judged = Vec::new();
    let trained = std::cell::RefCell::new(Vec::new());
    in_folds(
        &dealt,
        |others| {
            assert!(others.is_sorted());
            *trained.borrow_mut() = others.to_vec();
            Topics::default()
        },
        |_, letter| {
            assert!(!trained.borrow().contains(&letter) && trained.borrow().len() >= 16, "{letter} was trained with itself");
            judged.push(letter);
        },
    );
    judged.sort_unstable();
    assert_eq!(judged, (0..22).collect::<Vec<_>>(), "each is judged once");
}

#[test]
fn the_examples_of_the_documentation_are_sound() {
    let page = include_str!("../../../docs/labels.md");
    let lines: Vec<&str> = page.lines().map(str::trim).filter(|l| l.starts_with("{\"file\"")).collect();
    let (good, wrong) = labels(&lines.join("\n"));
    assert_eq!((good.len(), wrong), (2, vec![]));
}
