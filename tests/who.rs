//! Who wrote, from whole short letters: name, role, class, phone, child, the address to answer. Not here: single spellings (the tests beside the code).
//!
//! A letter of `who/*.txt` begins with «# display name | subject»; the next line tells what a person would understand: «= name; role; class; phone», then
//! `@s` for a sender of the school, `to=` for the address to answer and `child=`.

use chrono_tz::Europe::Moscow;
use otklik::understand::{Context, Topics, explain_json, understand};
use serde_json::Value;
use std::collections::BTreeMap;

fn read(data: &str, file: &str) -> (BTreeMap<&'static str, (usize, usize)>, Vec<String>) {
    let (own, staff) = (["priemnaya@school.example".to_owned()], ["school.example".to_owned()]);
    let phones = ["+74950001200".to_owned()];
    let context = Context { own: &own, staff_domains: &staff, school_phones: &phones, zone: Some(Moscow), ..Context::default() };
    let topics = Topics::embedded();
    let (mut tallies, mut misses) = (BTreeMap::new(), Vec::new());
    for (n, letter) in format!("\n{data}").split("\n# ").skip(1).enumerate() {
        let Some((head, rest)) = letter.split_once('\n') else { continue };
        let (Some((label, body)), Some((display, subject))) = (rest.split_once('\n'), head.split_once('|')) else { continue };
        let wanted: Vec<&str> = label.trim_start_matches('=').split(';').map(str::trim).collect();
        let sender = if wanted.contains(&"@s") { "somebody@school.example" } else { "somebody@mail.example" };
        let display = display.trim().replace('"', "\\\"");
        let raw = format!(
            "From: \"{display}\" <{sender}>\r\nTo: priemnaya@school.example\r\nSubject: {}\r\nDate: Tue, 10 Nov 2026 10:00:00 +0300\r\nMessage-ID: <{n}@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            subject.trim(),
            body.replace('\n', "\r\n")
        );
        let message = otklik::message::read(raw.as_bytes());
        let read = explain_json("", &understand(&topics, &message, &context), Moscow);
        let mut check = |key: &'static str, wanted: &str| {
            let wanted = if wanted == "-" { Value::Null } else { Value::from(wanted) };
            let tally: &mut (usize, usize) = tallies.entry(key).or_default();
            tally.1 += 1;
            tally.0 += usize::from(read[key] == wanted);
            if read[key] != wanted {
                misses.push(format!("{file} {key:6} {} instead of {wanted}: {} | {}", read[key], head, body.replace('\n', " / ")));
            }
        };
        for (key, wanted) in ["name", "role", "class", "phone"].into_iter().zip(&wanted) {
            check(key, wanted);
        }
        for wanted in &wanted {
            if let Some(to) = wanted.strip_prefix("to=") {
                check("contact_email", to);
            } else if let Some(child) = wanted.strip_prefix("child=") {
                check("child", child);
            }
        }
    }
    misses.sort_by_key(|m| m.split(' ').nth(1).unwrap_or_default().to_owned());
    (tallies, misses)
}

#[test]
fn who_wrote() {
    for (file, data) in [("first", include_str!("who/first.txt")), ("second", include_str!("who/second.txt")), ("third", include_str!("who/third.txt"))] {
        let (tallies, misses) = read(data, file);
        println!("{}", misses.join("\n"));
        println!("{file}: {tallies:?}");
        for (key, (right, of)) in tallies {
            assert!(right * 100 >= of * 95, "{file} {key}: {right} of {of}");
        }
    }
}
