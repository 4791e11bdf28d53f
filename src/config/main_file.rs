//! `otklik.toml`: the school, its mailbox and transport, reports, brake, policies.

use super::backup;
use super::document::{At, Section};
use super::publishing::{self, Columns};
use super::server::{self, Place};
use super::values;
use crate::settings::{Brake, Mode, Retention, ScheduleRules};
use std::path::PathBuf;

/// What `otklik.toml` says, each value by itself in order; how they fit together is `gather`'s.
pub(super) struct Main {
    pub(super) mode: Mode,
    pub(super) state_dir: PathBuf,
    pub(super) school: School,
    pub(super) mailbox: Option<server::Mailbox>,
    pub(super) transport: Option<Place>,
    pub(super) daily_at: At<String>,
    pub(super) weekly: At<String>,
    pub(super) absence_phone: Option<String>,
    pub(super) schedule: ScheduleRules,
    pub(super) columns: Columns,
    pub(super) brake: Brake,
    pub(super) alert_command: Option<Vec<String>>,
    pub(super) sent_copy_full: bool,
    pub(super) keep_raw: bool,
    pub(super) backup: Option<backup::Backup>,
    pub(super) retention: Retention,
}

/// `[school]`.
#[derive(Default)]
pub(super) struct School {
    pub(super) line: Option<usize>,
    pub(super) name: Option<String>,
    pub(super) zone: Option<chrono_tz::Tz>,
    pub(super) phone: Option<At<String>>,
    pub(super) phones: Vec<String>,
    pub(super) address: Option<At<String>>,
    pub(super) aliases: Vec<String>,
    pub(super) head: Vec<At<String>>,
    pub(super) director: Vec<At<String>>,
    pub(super) operator: Vec<At<String>>,
    pub(super) region: Option<At<String>>,
    pub(super) staff_domains: Option<Vec<String>>,
}

/// Providers whose domain anybody may have: no domain of staff.
pub(super) const PUBLIC: [&str; 17] = [
    "mail.ru",
    "inbox.ru",
    "list.ru",
    "bk.ru",
    "internet.ru",
    "vk.com",
    "yandex.ru",
    "yandex.com",
    "ya.ru",
    "rambler.ru",
    "lenta.ru",
    "ro.ru",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
    "yahoo.com",
];

/// Reads the whole file.
pub(super) fn read(root: Section<'_>) -> Main {
    let mode = root.choice("mode", &[("shadow", Mode::Shadow), ("live", Mode::Live)]).map_or(Mode::Shadow, |m| m.value);
    let state_dir = root.text("state_dir", "/var/lib/otklik").map_or_else(|| PathBuf::from("/var/lib/otklik"), |t| PathBuf::from(t.value));
    let school = match root.table("school") {
        Some(section) => school(section),
        None => {
            if !root.has("school") {
                root.wrong(None, "[school] is missing; write a section [school] with name, zone, phone, head, director, operator");
            }
            School::default()
        }
    };
    let mailbox = needed(&root, "mailbox", "where letters come from").and_then(server::mailbox);
    let transport = needed(&root, "transport", "the server that letters leave through").and_then(server::transport);
    let mut daily_at = At { value: "07:30".to_owned(), line: 1 };
    let mut weekly = At { value: "0 0 12 * * Fri".to_owned(), line: 1 };
    let mut absence_phone = None;
    if let Some(reports) = root.table("reports") {
        if let Some(time) = reports.time("daily_at") {
            daily_at = At { value: time.value.format("%H:%M").to_string(), line: time.line };
        }
        weekly = reports.text("weekly", "0 0 12 * * Fri").unwrap_or(weekly);
        absence_phone = reports.text("absence_phone", "8 (495) 000-12-01").map(|t| t.value);
        reports.finish();
    }
    let mut brake = Brake { hour: 60, day: 300, address_day: 3 };
    if let Some(section) = root.table("brake") {
        let number = |key, most, usual: u32| section.number(key, 1..=most).and_then(|n| u32::try_from(n.value).ok()).unwrap_or(usual);
        brake =
            Brake { hour: number("hour", 1000, brake.hour), day: number("day", 5000, brake.day), address_day: number("address_day", 50, brake.address_day) };
        section.finish();
    }
    let schedule = root.table("schedule").map(publishing::schedule).unwrap_or_default();
    let columns = root.table("journal").map(publishing::columns).unwrap_or_default();
    let mut main = Main {
        mode,
        state_dir,
        school,
        mailbox,
        transport,
        daily_at,
        weekly,
        absence_phone,
        schedule,
        columns,
        brake,
        alert_command: None,
        sent_copy_full: false,
        keep_raw: false,
        backup: root.table("backup").and_then(backup::read),
        retention: retention(&root),
    };
    if let Some(policy) = root.table("policy") {
        main.alert_command = alert_command(&policy);
        main.sent_copy_full = policy.choice("sent_copy", &[("shell", false), ("full", true)]).is_some_and(|c| c.value);
        main.keep_raw = policy.flag("keep_raw").unwrap_or(false);
        policy.finish();
    }
    root.finish();
    main
}

/// `[retention]`: people are never kept shorter than their words, or nobody could tell whose words they are.
fn retention(root: &Section<'_>) -> Retention {
    let usual = Retention::default();
    let Some(section) = root.table("retention") else { return usual };
    let days = |key, least, usual: u32| section.number(key, least..=3_650).and_then(|n| u32::try_from(n.value).ok()).unwrap_or(usual);
    let found = Retention { words: days("words_days", 30, usual.words), people: days("people_days", 30, usual.people) };
    if found.people < found.words {
        section.wrong(
            section.line,
            format!("people_days is {}, less than words_days, {}: who wrote is kept at least as long as what was written", found.people, found.words),
        );
    }
    section.finish();
    found
}

fn needed<'a>(root: &Section<'a>, key: &'static str, what: &str) -> Option<Section<'a>> {
    if !root.has(key) {
        root.wrong(None, format!("[{key}] is missing; write a section [{key}]: {what}"));
    }
    root.table(key)
}

fn school(section: Section<'_>) -> School {
    let zone = section.required("zone", "Europe/Moscow").and_then(|zone| {
        let found = zone.value.parse::<chrono_tz::Tz>().ok();
        if found.is_none() {
            section.wrong(
                Some(zone.line),
                format!(
                    "zone = \"{}\" is no time zone; write its name as in the IANA list, e.g. Europe/Moscow, Asia/Yekaterinburg, Asia/Vladivostok",
                    zone.value
                ),
            );
        }
        found
    });
    let phone = section.required("phone", "8 (495) 000-12-00");
    let mut phones = Vec::new();
    for text in phone.iter().cloned().chain(section.texts("phones", "8 (495) 000-12-01").unwrap_or_default()) {
        match values::phone(&text.value) {
            Some(number) => phones.push(number),
            None => section.wrong(Some(text.line), format!("\"{}\" is no phone number; write 8 or +7 and ten digits, e.g. 8 (495) 000-12-00", text.value)),
        }
    }
    let read = School {
        line: section.line,
        name: section.required("name", "Школа № 12").map(|t| t.value),
        zone,
        phone,
        phones,
        address: section.text("address", "priemnaya@school.example").and_then(|a| address(&section, "address", a)),
        aliases: addresses(&section, "aliases").into_iter().map(|a| a.value).collect(),
        head: posts(&section, "head", "zam", "the head of the service"),
        director: posts(&section, "director", "director", "the director"),
        operator: addresses(&section, "operator"),
        region: section.text("region", "tatarstan"),
        staff_domains: section.texts("staff_domains", "school.example").map(|list| list.into_iter().filter_map(|d| domain(&section, d)).collect()),
    };
    if read.operator.is_empty() && section.texts("operator", "").is_none_or(|l| l.is_empty()) {
        section.wrong(None, "operator names nobody; write who looks after the program, e.g. operator = [\"it@school.example\"]");
    }
    section.finish();
    read
}

/// Head and director act through a deputy when they are away, so each needs one (service.md, "Who is who").
fn posts(section: &Section<'_>, key: &'static str, example: &str, who: &str) -> Vec<At<String>> {
    let list = addresses(section, key);
    let stated = section.texts(key, "").map_or(0, |l| l.len());
    let example = format!("{key} = [\"{example}@school.example\", \"deputy@school.example\"]");
    if stated == 0 {
        section.wrong(None, format!("{key} names nobody; write {who} first, then the deputies: {example}"));
    } else if stated == 1 {
        section.wrong(list.first().map(|a| a.line), format!("{key} has no deputy; {who} can be away: add a second address, {example}"));
    }
    list
}

fn addresses(section: &Section<'_>, key: &'static str) -> Vec<At<String>> {
    let mut out: Vec<At<String>> = Vec::new();
    for text in section.texts(key, "name@school.example").unwrap_or_default() {
        let Some(found) = address(section, key, text) else { continue };
        if out.iter().any(|a| a.value == found.value) {
            section.wrong(Some(found.line), format!("{key} names {} twice; take one out", found.value));
        } else {
            out.push(found);
        }
    }
    out
}

/// Checks an address; used for the register too.
pub(super) fn address(section: &Section<'_>, key: &str, text: At<String>) -> Option<At<String>> {
    match values::email(&text.value) {
        Ok(value) => Some(At { value, line: text.line }),
        Err(why) => {
            section.wrong(Some(text.line), format!("{key}: \"{}\" {why}; write an address like name@school.example", text.value));
            None
        }
    }
}

fn domain(section: &Section<'_>, text: At<String>) -> Option<String> {
    let name = text.value.trim_start_matches('@').to_lowercase();
    if PUBLIC.contains(&name.as_str()) {
        section.wrong(
            Some(text.line),
            format!("staff_domains: anybody can have an address at {name}, parents too; list staff one by one in rules/specialists.toml instead"),
        );
        return None;
    }
    if !values::host(&name) || !name.contains('.') {
        section.wrong(Some(text.line), format!("staff_domains: \"{}\" is no domain; write what stands behind the @, e.g. school.example", text.value));
        return None;
    }
    Some(name)
}

/// The command is run without a shell: program and arguments one by one, so that nothing is ever interpreted.
fn alert_command(policy: &Section<'_>) -> Option<Vec<String>> {
    let list = policy.texts("alert_command", "/usr/local/bin/alarm")?;
    let first = list.first()?;
    if !first.value.starts_with('/') {
        policy.wrong(
            Some(first.line),
            "alert_command must begin with the full path of a program; write e.g. alert_command = [\"/usr/local/bin/alarm\", \"school-12\"]",
        );
    }
    Some(list.into_iter().map(|t| t.value).collect())
}
