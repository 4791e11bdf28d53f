//! First lines that people write: the list was made before the grammar was asked, and is kept with what is meant. A fresh list checks that the
//! grammar was not made for the first one.

use super::orders::{Reading, Said, read};
use super::tests_orders::{STAFF, today};

/// What a line is read as, in one word and what matters behind it.
fn key(text: &str) -> String {
    let said = match read(text, today(), &STAFF) {
        Reading::Unclear(_) => return "unclear".into(),
        Reading::Courtesy => return "courtesy".into(),
        Reading::Nothing => return "nothing".into(),
        Reading::Order(said, _) => said,
    };
    match said {
        Said::Take => "take".into(),
        Said::Accept { .. } => "accept".into(),
        Said::Decline(_) => "decline".into(),
        Said::Another(_) => "another".into(),
        Said::Move(at) => at.format("move %d %H:%M").to_string(),
        Said::Held(None) => "held".into(),
        Said::Held(Some(_)) => "held-rec".into(),
        Said::NoShow(_) => "noshow".into(),
        Said::NotHeld(_) => "notheld".into(),
        Said::Failed(_) => "failed".into(),
        Said::Assign(who) => format!("assign {who}"),
        Said::Extend { until, .. } => until.format("extend %d").to_string(),
        Said::Close(Some(_)) => "close".into(),
        Said::Close(None) => "close-bare".into(),
        Said::CloseFor(_) => "closefor".into(),
        Said::Acknowledge => "ack".into(),
        Said::Called(_) => "called".into(),
        Said::Unreached(_) => "unreached".into(),
        Said::CallMyself => "callmyself".into(),
        Said::Confirmed => "confirmed".into(),
        Said::Channel(way) => format!("channel {way}"),
        Said::Cancel(_) => "cancel".into(),
        Said::Topic(_) => "topic".into(),
        Said::Allow => "allow".into(),
        Said::Replace(_) => "replace".into(),
        Said::Stands => "stands".into(),
        Said::Recommend(_) => "recommend".into(),
        Said::Undo => "undo".into(),
        Said::Ask(_) => "ask".into(),
        Said::NotMine(_) => "notmine".into(),
        Said::Merge(numbers) => numbers.iter().fold("merge".into(), |all, n| format!("{all} {n}")),
        Said::Reopen => "reopen".into(),
        Said::Help => "help".into(),
        Said::Keep(_) => "keep".into(),
        other => format!("{other:?}"),
    }
}

/// Lines of a list that are read otherwise than meant.
fn wrong(list: &str) -> (usize, Vec<String>) {
    let lines: Vec<(&str, &str)> = list.lines().filter_map(|l| l.split_once('\t')).collect();
    let wrong = (lines.iter()).filter(|(text, meant)| !meant.split('|').any(|m| m == key(text)));
    (lines.len(), wrong.map(|(text, meant)| format!("«{text}»: {} instead of {meant}", key(text))).collect())
}

#[test]
fn the_first_list() {
    let (all, wrong) = wrong(include_str!("../../tests/orders/first.tsv"));
    assert!(wrong.is_empty(), "{} of {all} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_fresh_list() {
    let (all, wrong) = wrong(include_str!("../../tests/orders/fresh.tsv"));
    assert!(wrong.is_empty(), "{} of {all} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
