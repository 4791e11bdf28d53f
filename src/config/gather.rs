//! From files to settings: each file read by its reader, then fitted together and checked against one another.

use super::document::{At, FileText, Notes, Section};
use super::files::Files;
use super::main_file::{self, Main, School};
use super::secrets::{self, Ground};
use super::server::Place;
use super::staff::{self, Register};
use super::warnings::{self, Known};
use super::{Loaded, Mistake, Surroundings, Warning, announcements, class_hours, contacts, folder_of, publishing, rules};
use crate::compose::{Composer, PUBLIC_KEY, Templates};
use crate::report::{FEWEST_FAMILIES, ProposalRules, Schedule};
use crate::settings::{MailboxChoice, Settings, Source, TransportChoice};
use crate::slots::Silence;
use crate::understand::{Category, EMBEDDED_URGENCY, StaffName, TopicRules, Topics, Urgency, UrgencyRules};
use crate::worktime::{CalendarRules, Office, Worktime};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads a configuration and what lies beside it.
pub(super) fn load(path: &Path, today: NaiveDate, surroundings: &Surroundings, secrets: bool) -> Result<Loaded, Vec<Mistake>> {
    let notes = Notes::default();
    let files = Files::read(path, &notes);
    let warnings = RefCell::default();
    let ground = Ground { folder: folder_of(path), surroundings, secrets, notes: &notes, warnings: &warnings };
    let settings = gather(&files, &ground, Some(today));
    finish(settings, notes, warnings).map(|loaded| Loaded { own: files.own, ..loaded })
}

/// The embedded school.
pub(super) fn demo(main: &str) -> Result<Settings, Vec<Mistake>> {
    let notes = Notes::default();
    let warnings = RefCell::default();
    let surroundings = Surroundings::default();
    let ground = Ground { folder: Path::new("."), surroundings: &surroundings, secrets: false, notes: &notes, warnings: &warnings };
    let settings = gather(&Files::embedded(main), &ground, None);
    finish(settings, notes, warnings).map(|loaded| loaded.settings)
}

fn finish(settings: Option<Settings>, notes: Notes, warnings: RefCell<Vec<Warning>>) -> Result<Loaded, Vec<Mistake>> {
    match settings {
        Some(mut settings) if notes.is_empty() => {
            let warnings = warnings.into_inner();
            settings.warnings = warnings.iter().filter_map(|w| w.report.clone()).collect();
            Ok(Loaded { settings, warnings, own: Vec::new() })
        }
        _ => {
            let mut mistakes = notes.into_sorted();
            if mistakes.is_empty() {
                // Cannot happen while every reader notes what it leaves out; better an odd sentence than none.
                mistakes.push(Mistake {
                    file: "otklik.toml".into(),
                    line: None,
                    message: "cannot be used as it is; compare it with docs/configuration.md".into(),
                });
            }
            Err(mistakes)
        }
    }
}

/// A rules file read key by key.
fn with<T>(files: &Files, name: &str, notes: &Notes, read: impl FnOnce(Section<'_>) -> T) -> Option<T> {
    let file = files.rules.get(name)?;
    let table = file.parse(notes)?;
    Some(read(Section::root(file, notes, &table)))
}

/// A rules file that a pure module describes by a serde type.
fn typed<T: serde::de::DeserializeOwned>(file: &FileText, notes: &Notes) -> Option<T> {
    file.parse(notes)?;
    match toml::from_str(&file.text) {
        Ok(value) => Some(value),
        Err(e) => {
            let line = e.span().map(|s| file.line(s.start));
            notes.add(&file.name, line, format!("{}; compare with docs/configuration.md", e.message().trim_end_matches('.')));
            None
        }
    }
}

/// `rules/proposals.toml`: what follows from the figures of a period.
fn proposals(files: &Files, notes: &Notes) -> Option<ProposalRules> {
    const NAME: &str = "rules/proposals.toml";
    let file = files.rules.get(NAME)?;
    let rules: ProposalRules = typed(file, notes)?;
    for (rule, wrong) in rules.mistakes() {
        // A bracket in a comment would be counted too; the number of the rule says which is meant.
        let line = file.text.match_indices("\n[[proposal]]").nth(rule).map(|(at, _)| file.line(at + 1));
        notes.add(NAME, line, format!("[[proposal]] {}: {wrong}", rule + 1));
    }
    if (rules.group_from as usize) < FEWEST_FAMILIES {
        notes.add(
            NAME,
            None,
            format!("group_from is below {FEWEST_FAMILIES}; of fewer families a report could say who they are: write {FEWEST_FAMILIES} or more"),
        );
    }
    Some(rules)
}

fn gather(files: &Files, ground: &Ground<'_>, today: Option<NaiveDate>) -> Option<Settings> {
    let notes = ground.notes;
    // Everything is read before anything is given up, so that all mistakes are found.
    let main_table = files.main.as_ref().and_then(|f| f.parse(notes));
    let main = files.main.as_ref().zip(main_table.as_ref()).map(|(f, t)| main_file::read(Section::root(f, notes, t)));
    let categories = with(files, "rules/categories.toml", notes, rules::categories);
    let terms = with(files, "rules/terms.toml", notes, rules::terms).flatten();
    let seasons = with(files, "rules/seasons.toml", notes, rules::seasons);
    let elsewhere = with(files, "rules/elsewhere.toml", notes, rules::elsewhere);
    let hours = with(files, "rules/hours.toml", notes, class_hours::read).unwrap_or_default();
    let helplines = with(files, "rules/safety.toml", notes, rules::safety);
    let subjects = with(files, "rules/subjects.toml", notes, rules::subjects).flatten();
    let usual = terms.as_ref().map_or_else(Silence::default, |(terms, _)| terms.silence);
    let register = with(files, "rules/specialists.toml", notes, |root| staff::read(root, usual));
    let announcing = with(files, "rules/announcements.toml", notes, announcements::read);
    let proposals = proposals(files, notes);
    let site = with(files, "rules/site.toml", notes, publishing::site).unwrap_or_default();
    let contacts = files.contacts.as_deref().map(|bytes| contacts::read(bytes, notes)).unwrap_or_default();
    let topics = topics(files, notes);
    let calendars = calendars(files, notes);
    let templates = templates(files, notes);

    if let (Some(register), Some(seasons)) = (&register, &seasons) {
        check_duty(register, seasons, notes);
    }
    if let (Some(register), Some((_, named))) = (&register, &announcing) {
        announcements::check(named, register, notes);
    }
    let main = main?;
    let school = &main.school;
    let zone = school.zone.unwrap_or(chrono_tz::UTC);
    let worktime = worktime(&calendars, school, zone, terms.as_ref().map(|(_, office)| *office), notes);
    let daily = schedule(Schedule::daily(&main.daily_at.value, zone), "daily_at", &main.daily_at, notes);
    let weekly = schedule(Schedule::cron(&main.weekly.value, zone), "weekly", &main.weekly, notes);
    let state_dir = ground.folder.join(&main.state_dir);
    let key = if ground.secrets { secrets::instance_key(&state_dir, ground) } else { Some((PUBLIC_KEY, None, Vec::new())) };
    let (mailbox, transport) = places(&main, ground);
    let address = address(&main, notes);

    let (mut register, subjects) = (register?, subjects?);
    // «физра» of the register and «физической культуре» of a letter meet under one name.
    for person in &mut register.staff {
        let mut named: Vec<String> = Vec::new();
        for subject in person.subjects.drain(..) {
            let name = subjects.known(&subject).map_or(subject.clone(), str::to_owned);
            if !named.contains(&name) {
                named.push(name);
            }
        }
        person.subjects = named;
    }
    let (head, director) = staff::roles(&mut register, school);
    let (key, address, (terms, _)) = (key?, address?, terms?);
    let settings = Settings {
        mode: main.mode,
        rules_dir: ground.folder.join("rules"),
        state_dir,
        school: school.name.clone()?,
        phone: school.phone.as_ref()?.value.clone(),
        aliases: school.aliases.clone(),
        head,
        director,
        operator: school.operator.iter().map(|o| o.value.clone()).collect(),
        staff_domains: staff_domains(school, &address),
        staff_names: register.staff.iter().map(|s| StaffName { id: s.id.clone(), name: s.name.clone(), email: s.email.clone() }).collect(),
        staff: register.staff.clone(),
        school_phones: school.phones.clone(),
        absence_phone: main.absence_phone.clone(),
        categories: categories?,
        elsewhere: elsewhere?,
        terms,
        seasons: seasons?.into_iter().map(|(season, _)| season).collect(),
        hours: hours.iter().map(|(hours, _)| hours.clone()).collect(),
        worktime: worktime?,
        topics: topics?,
        subjects,
        composer: composer(school, &address, templates?, helplines?, key)?,
        daily: daily?,
        weekly: weekly?,
        proposals: proposals?,
        announcements: announcing?.0,
        contacts: std::sync::Arc::new(contacts),
        schedule: crate::settings::ScheduleRules { folder: main.schedule.folder.as_ref().map(|f| ground.folder.join(f)), ..main.schedule.clone() },
        site,
        journal_columns: main.columns.journal.clone(),
        register_columns: main.columns.register.clone(),
        brake: main.brake,
        alert_command: main.alert_command.clone(),
        sent_copy_full: main.sent_copy_full,
        sender_check: main.mailbox.as_ref().map(|m| m.sender_check.clone()).unwrap_or_default(),
        mailbox: mailbox?,
        transport: transport?,
        keep_raw: main.keep_raw,
        backup: main.backup.as_ref().map(|b| b.rule(ground.folder)),
        retention: main.retention,
        address,
        warnings: Vec::new(),
    };
    if let Some(today) = today {
        let places = main.mailbox.iter().map(|m| &m.place).chain(&main.transport).collect();
        let known = Known { main: files.main.as_ref(), register: &register, school, places };
        let years: Vec<i32> = calendars.years.keys().copied().collect();
        ground.warnings.borrow_mut().extend(warnings::find(&settings, &years, today, &known));
        class_hours::warn(&hours, &mut ground.warnings.borrow_mut());
    }
    Some(settings)
}

/// The instance key and those of before.
type Keys = super::secrets::Keys;

fn composer(school: &School, address: &str, templates: Templates, helplines: Vec<String>, (key, older, marks): Keys) -> Option<Composer> {
    Some(Composer {
        templates,
        school: school.name.clone()?,
        address: address.to_owned(),
        phone: school.phone.as_ref()?.value.clone(),
        zone: school.zone?,
        helplines,
        key,
        older,
        marks,
        epoch: 1,
    })
}

/// From and ORGANIZER: the login, unless the login is no address or the letters come and go by folders.
fn address(main: &Main, notes: &Notes) -> Option<String> {
    if let Some(address) = &main.school.address {
        return Some(address.value.clone());
    }
    let users = [main.transport.as_ref(), main.mailbox.as_ref().map(|m| &m.place)];
    let user = users.into_iter().flatten().find_map(|place| match place {
        Place::Server(server) => super::values::email(&server.user.value).ok(),
        Place::Folder(_) => None,
    });
    if user.is_none() && main.mailbox.is_some() && main.transport.is_some() {
        notes.add(
            "otklik.toml",
            main.school.line,
            "[school] address is missing and the login is no address; write e.g. address = \"priemnaya@school.example\"",
        );
    }
    user
}

/// Without a list, the school's own domain; never that of a public provider, where any parent may have an address.
fn staff_domains(school: &School, address: &str) -> Vec<String> {
    school.staff_domains.clone().unwrap_or_else(|| {
        let domain = crate::compose::domain_of(address).to_owned();
        if main_file::PUBLIC.contains(&domain.as_str()) { Vec::new() } else { vec![domain] }
    })
}

fn schedule(made: Result<Schedule, crate::report::ScheduleMistake>, key: &str, at: &At<String>, notes: &Notes) -> Option<Schedule> {
    match made {
        Ok(schedule) => Some(schedule),
        Err(e) => {
            notes.add("otklik.toml", Some(at.line), format!("[reports] {key}: {}", e.0));
            None
        }
    }
}

fn places(main: &Main, ground: &Ground<'_>) -> (Option<MailboxChoice>, Option<TransportChoice>) {
    let mailbox = main.mailbox.as_ref().and_then(|m| {
        let source = match &m.place {
            Place::Server(text) => Source::Imap(secrets::server(text, "mailbox", ground.surroundings.imap_password.as_ref(), ground)?),
            Place::Folder(path) => {
                let found = ground.folder.join(&path.value);
                if ground.secrets && !found.exists() {
                    ground.notes.add(
                        "otklik.toml",
                        Some(path.line),
                        format!("[mailbox] path {} does not exist; write the path of a folder of .eml files, a Maildir or an mbox file", path.value.display()),
                    );
                    return None;
                }
                Source::Folder(found)
            }
        };
        Some(MailboxChoice {
            source,
            folders: m.folders.clone(),
            sent: m.sent.clone(),
            spam: m.spam.clone(),
            poll: m.poll,
            size_limit: m.size_limit,
            sent_by_provider: m.sent_by_provider,
        })
    });
    let transport = main.transport.as_ref().and_then(|t| match t {
        Place::Server(text) => secrets::server(text, "transport", ground.surroundings.smtp_password.as_ref(), ground).map(TransportChoice::Smtp),
        Place::Folder(path) => Some(TransportChoice::Folder(ground.folder.join(&path.value))),
    });
    (mailbox, transport)
}

fn check_duty(register: &Register, seasons: &[(crate::settings::Season, Vec<At<String>>)], notes: &Notes) {
    let known: Vec<&str> = register.staff.iter().map(|s| s.id.as_str()).collect();
    for (season, duty) in seasons {
        for id in duty.iter().filter(|d| !known.contains(&d.value.as_str())) {
            let hint =
                super::values::closest(&id.value, &known).map_or_else(|| format!("known ids: {}", known.join(", ")), |near| format!("did you mean {near}?"));
            notes.add(
                "rules/seasons.toml",
                Some(id.line),
                format!("[[season]] {}: duty \"{}\" is nobody's id in rules/specialists.toml; {hint}", season.name, id.value),
            );
        }
    }
}

/// The years' files and the overlays by name.
#[derive(Default)]
struct Calendars {
    years: BTreeMap<i32, CalendarRules>,
    regional: BTreeMap<String, CalendarRules>,
    school: Option<CalendarRules>,
}

fn calendars(files: &Files, notes: &Notes) -> Calendars {
    let mut out = Calendars::default();
    for (name, file) in &files.rules {
        let Some(short) = name.strip_prefix("rules/calendar/").and_then(|n| n.strip_suffix(".toml")) else { continue };
        let Some(rules) = typed::<CalendarRules>(file, notes) else { continue };
        let year = short.parse().ok();
        for sentence in rules.mistakes(year) {
            notes.add(name, line_of(file, &sentence), sentence);
        }
        match (short.strip_prefix("regional/"), year) {
            (Some(region), _) => drop(out.regional.insert(region.to_owned(), rules)),
            (None, Some(year)) => drop(out.years.insert(year, rules)),
            (None, None) => out.school = Some(rules),
        }
    }
    out
}

/// The line that a sentence about a day speaks of: the first one with the day, from the list on that the sentence names.
fn line_of(file: &FileText, sentence: &str) -> Option<usize> {
    let day = sentence.get(..10)?;
    let mut lines = file.text.lines().enumerate().map(|(n, l)| (n + 1, l.split('#').next().unwrap_or(l)));
    let list = sentence.split(" in ").nth(1).and_then(|rest| rest.split([' ', ':']).next()).unwrap_or("");
    let from = lines.clone().find(|(_, l)| !list.is_empty() && l.trim_start().starts_with(list)).map_or(1, |(n, _)| n);
    lines.clone().find(|(n, l)| *n >= from && l.contains(day)).or_else(|| lines.find(|(_, l)| l.contains(day))).map(|(n, _)| n)
}

fn worktime(calendars: &Calendars, school: &School, zone: chrono_tz::Tz, office: Option<Office>, notes: &Notes) -> Option<Worktime> {
    let mut overlays = Vec::new();
    if let Some(region) = &school.region {
        match calendars.regional.get(&region.value) {
            Some(rules) => overlays.push(rules.clone()),
            None => {
                let known: Vec<&str> = calendars.regional.keys().map(String::as_str).collect();
                let hint = super::values::closest(&region.value, &known)
                    .map_or_else(|| format!("known: {}", known.join(", ")), |near| format!("did you mean \"{near}\"?"));
                let message = format!("[school] region = \"{}\" has no file in rules/calendar/regional; {hint}", region.value);
                notes.add("otklik.toml", Some(region.line), message);
            }
        }
    }
    overlays.extend(calendars.school.clone());
    // Every file has told its own mistakes, with its name.
    Worktime::new(zone, &calendars.years, &overlays, office?).ok()
}

fn topics(files: &Files, notes: &Notes) -> Option<Topics> {
    let mut rules = Vec::new();
    for (name, file) in files.rules.iter().filter(|(name, _)| name.starts_with("rules/topics/")) {
        let category = name.strip_prefix("rules/topics/").and_then(|n| n.strip_suffix(".toml")).and_then(Category::from_key);
        rules.extend(category.zip(typed::<TopicRules>(file, notes)).map(|(c, r)| (c, r, file)));
    }
    let all: Vec<(Category, TopicRules)> = rules.iter().map(|(category, rule, _)| (*category, rule.clone())).collect();
    let urgency = urgency(files, notes);
    if let Ok(topics) = Topics::new(&all) {
        return urgency.map(|u| topics.with_urgency(u));
    }
    // Once more one file at a time, so that a mistake is told with the file's name.
    for ((_, _, file), one) in rules.iter().zip(all.chunks(1)) {
        for sentence in Topics::new(one).err().unwrap_or_default() {
            notes.add(&file.name, line_of_quote(file, &sentence), sentence);
        }
    }
    None
}

fn urgency(files: &Files, notes: &Notes) -> Option<Urgency> {
    let file = files.rules.get("rules/urgency.toml")?;
    let rules = typed::<UrgencyRules>(file, notes)?;
    // The program's own are compiled once, not for each school.
    if file.text == EMBEDDED_URGENCY {
        return Some(Urgency::default());
    }
    Urgency::new(&rules)
        .map_err(|mistakes| {
            for sentence in mistakes {
                notes.add(&file.name, line_of_quote(file, &sentence), sentence);
            }
        })
        .ok()
}

/// The line that holds what a sentence quotes in «…».
fn line_of_quote(file: &FileText, sentence: &str) -> Option<usize> {
    let quotes = sentence.split('«').skip(1).filter_map(|rest| rest.split('»').next());
    quotes.filter(|q| !q.is_empty()).filter_map(|q| file.text.lines().position(|l| l.contains(q))).last().map(|n| n + 1)
}

fn templates(files: &Files, notes: &Notes) -> Option<Templates> {
    match Templates::new(&files.templates) {
        Ok(templates) => Some(templates),
        Err(mistakes) => {
            for m in mistakes {
                let todo = if m.message.contains(';') { "" } else { "; correct it, or take the file away: the program has its own" };
                notes.add(&m.file, m.line, format!("{}{todo}", m.message));
            }
            None
        }
    }
}
