//! What works but should be known: nobody present in the weeks ahead, messengers and mail hosts that Russian law closes to schools, placeholders. Hours that serve nobody are found by `gaps`.

use super::Warning;
use super::document::FileText;
use super::main_file::School;
use super::server::{Place, ServerText};
use super::staff::Register;
use super::{gaps, values};
use crate::settings::{Mode, Route, Settings, Source, TransportChoice};
use crate::slots::Specialist;
use crate::worktime::DayKind;
use chrono::{Datelike as _, Days, NaiveDate};

/// How far ahead gaps are looked for.
pub(super) const AHEAD: u64 = 30;

/// 41-FZ of 1 April 2025, art. 10: foreign messengers that schools may not use with families. Latin and Russian spellings.
const BANNED: [(&str, &str); 17] = [
    ("whatsapp", "WhatsApp"),
    ("ватсап", "WhatsApp"),
    ("вотсап", "WhatsApp"),
    ("viber", "Viber"),
    ("вайбер", "Viber"),
    ("telegram", "Telegram"),
    ("телеграм", "Telegram"),
    ("skype", "Skype"),
    ("скайп", "Skype"),
    ("teams", "Microsoft Teams"),
    ("discord", "Discord"),
    ("дискорд", "Discord"),
    ("snapchat", "Snapchat"),
    ("wechat", "WeChat"),
    ("threema", "Threema"),
    ("facetime", "FaceTime"),
    ("facebook", "Facebook Messenger"),
];

/// Mail hosts abroad: since 1 July 2025 Russians' data may not be collected there (152-FZ art. 18 p. 5).
const ABROAD: [&str; 13] = [
    "gmail.com",
    "googlemail.com",
    "google.com",
    "outlook.com",
    "office365.com",
    "office.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "me.com",
    "yahoo.com",
    "proton.me",
    "zoho.com",
];

/// Everything that the settings themselves show.
pub(super) fn find(settings: &Settings, years: &[i32], today: NaiveDate, files: &Known<'_>) -> Vec<Warning> {
    let mut out = Vec::new();
    if settings.mode == Mode::Shadow {
        let line = files.main.and_then(|f| line_with(f, "mode"));
        let message = "mode is \"shadow\": every letter goes to the operator and nobody else hears anything; when the copies look right, run `otklik go-live`";
        out.push(warning("otklik.toml", line, message, None));
    }
    calendar(years, today, &mut out);
    people(settings, today, files, &mut out);
    coverage(settings, today, &mut out);
    gaps::classes(settings, today, &mut out);
    channels(settings, files, &mut out);
    hosts(files, &mut out);
    if settings.sender_check.trusted && !matches!(settings.mailbox.source, Source::Folder(_)) {
        let line = files.main.and_then(|f| line_with(f, "sender_check"));
        let message = "sender_check = \"trusted\" carries out every order in a colleague's name that does not fail a check; write authserv_id or dkim = \"verify\" instead (docs/trust.md)";
        out.push(warning("otklik.toml", line, message, None));
    }
    if settings.backup.is_none() && !matches!(settings.mailbox.source, Source::Folder(_)) {
        let message = "no backup is configured: a lost disk costs what only the database knows (docs/recovery.md); write [backup] with folder and recipient or passphrase_file";
        out.push(warning("otklik.toml", None, message, None));
    }
    placeholders(settings, files, &mut out);
    out
}

/// What the warnings point at.
pub(super) struct Known<'a> {
    pub(super) main: Option<&'a FileText>,
    pub(super) register: &'a Register,
    pub(super) school: &'a School,
    pub(super) places: Vec<&'a Place>,
}

impl Known<'_> {
    fn line_of(&self, person: &Specialist) -> Option<usize> {
        let index = self.register.staff.iter().position(|s| s.id == person.id)?;
        self.register.lines.get(index).copied().flatten()
    }
}

pub(super) fn warning(file: &str, line: Option<usize>, message: impl Into<String>, report: Option<String>) -> Warning {
    Warning { file: file.to_owned(), line, message: message.into(), report }
}

fn line_with(file: &FileText, key: &str) -> Option<usize> {
    file.text.lines().position(|l| l.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))).map(|n| n + 1)
}

fn calendar(years: &[i32], today: NaiveDate, out: &mut Vec<Warning>) {
    for year in [today.year(), (today + Days::new(AHEAD)).year()] {
        let name = format!("rules/calendar/{year}.toml");
        if years.contains(&year) || out.iter().any(|w| w.file == name) {
            continue;
        }
        let message = format!(
            "the production calendar of {year} is missing: terms that reach into it are provisional; write the file from the government's decree on moved days off"
        );
        let report = format!(
            "Нет производственного календаря на {year} год: сроки, которые заходят в него, посчитаны предварительно. Файл добавляет администратор программы."
        );
        out.push(warning(&name, None, message, Some(report)));
    }
}

/// Days from today on, a month of them.
fn days(today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    today.iter_days().take(AHEAD as usize + 1)
}

fn away(person: &Specialist, day: NaiveDate) -> bool {
    person.absences.iter().any(|a| a.from <= day && day <= a.to)
}

fn people(settings: &Settings, today: NaiveDate, files: &Known<'_>, out: &mut Vec<Warning>) {
    for person in &settings.staff {
        gaps::find(settings, person, today, files.line_of(person), out);
        if person.name == person.email {
            let message = format!("{} is not in the register, so letters cannot call them by name; add a [[specialist]] with this email", person.email);
            out.push(warning("rules/specialists.toml", None, message, None));
        }
    }
}

/// A category is covered on a day when one of its specialists, or the deputy of one, is there.
fn coverage(settings: &Settings, today: NaiveDate, out: &mut Vec<Warning>) {
    for (category, rule) in &settings.categories {
        if rule.to != Route::Specialist {
            continue;
        }
        let own: Vec<&Specialist> = settings.staff.iter().filter(|s| s.categories.contains(category)).collect();
        let there = |day: NaiveDate| own.iter().any(|s| !away(s, day) || s.deputy.as_deref().and_then(|d| settings.person(d)).is_some_and(|d| !away(d, day)));
        let working = |d: &NaiveDate| matches!(settings.worktime.day(*d), DayKind::Work { .. });
        let (message, report) = if own.is_empty() {
            (
                format!(
                    "nobody answers {}: its letters go to the head; give a [[specialist]] this category, or write to = \"head\" in rules/categories.toml",
                    category.key()
                ),
                format!("Тема «{}»: специалист не назначен, обращения приходят Вам.", category.title()),
            )
        } else if let Some(day) = days(today).filter(working).find(|d| !there(*d)) {
            (
                format!("nobody is present for {} on {day}, deputies included: its letters go to the head then; name a deputy who is there", category.key()),
                format!("Тема «{}»: {} никого нет на месте, ни специалиста, ни замещающего.", category.title(), day.format("%d.%m.%Y")),
            )
        } else {
            continue;
        };
        out.push(warning("rules/specialists.toml", None, message, Some(report)));
    }
}

fn channels(settings: &Settings, files: &Known<'_>, out: &mut Vec<Warning>) {
    for person in &settings.staff {
        let words = person.windows.iter().flat_map(|w| &w.channels).chain(person.connect.iter().map(|(c, _)| c));
        let mut named: Vec<&str> = words.filter_map(|w| banned(w)).collect();
        named.sort_unstable();
        named.dedup();
        for name in named {
            let message = format!(
                "{} offers {name}: since 1 June 2025 schools may not use foreign messengers with families (41-FZ); offer phone, Сферум, MAX, in_person or email, or ask the school's lawyer",
                person.id
            );
            let report = format!("{}: предлагается {name}, а иностранные мессенджеры школам с 1 июня 2025 года закрыты (41-ФЗ).", person.name);
            out.push(warning("rules/specialists.toml", files.line_of(person), message, Some(report)));
        }
    }
}

fn banned(channel: &str) -> Option<&'static str> {
    let channel = channel.to_lowercase();
    BANNED.iter().find(|(word, _)| channel.contains(word)).map(|(_, name)| *name)
}

fn hosts(files: &Known<'_>, out: &mut Vec<Warning>) {
    for server in files.places.iter().filter_map(|p| server_of(p)) {
        let host = server.host.value.to_lowercase();
        if ABROAD.iter().any(|a| host == *a || host.ends_with(&format!(".{a}"))) {
            let message = format!(
                "{host} keeps letters abroad: since 1 July 2025 personal data of Russians must be collected in Russia (152-FZ, art. 18 p. 5); use mail.ru, Yandex 360 or an own server"
            );
            let report = format!("Почтовый ящик школы находится за границей ({host}): с 1 июля 2025 года это запрещено (152-ФЗ, ст. 18).");
            out.push(warning(&server.file, Some(server.host.line), message, Some(report)));
        }
    }
}

fn server_of(place: &Place) -> Option<&ServerText> {
    match place {
        Place::Server(server) => Some(server),
        Place::Folder(_) => None,
    }
}

/// What `init` or the examples wrote and nobody has replaced yet.
fn placeholders(settings: &Settings, files: &Known<'_>, out: &mut Vec<Warning>) {
    let real = |host: &str| !values::loopback(host) && !host.ends_with(".example");
    let TransportChoice::Smtp(server) = &settings.transport else { return };
    if !real(&server.host) {
        return;
    }
    let invented: Vec<&str> = settings.staff.iter().filter(|s| s.email.ends_with(".example")).map(|s| s.id.as_str()).collect();
    if !invented.is_empty() {
        let shown = invented.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let more = if invented.len() > 3 { format!(" and {} more", invented.len() - 3) } else { String::new() };
        let message = format!("{shown}{more}: an address that ends in .example reaches nobody; write the real ones before `otklik go-live`");
        out.push(warning("rules/specialists.toml", None, message, None));
    }
    if let Some(phone) = &files.school.phone
        && phone.value.chars().filter(char::is_ascii_digit).skip(1).all(|c| c == '0')
    {
        out.push(warning(
            "otklik.toml",
            Some(phone.line),
            "[school] phone is still a placeholder and would stand in every letter; write the school's number",
            None,
        ));
    }
    if settings.operator.contains(&settings.address) {
        let line = files.school.operator.first().map(|o| o.line);
        let message = "[school] operator is the school's own mailbox: copies in shadow mode and news of the program come back into it; name a person's address";
        out.push(warning("otklik.toml", line, message, None));
    }
    if let Source::Imap(imap) = &settings.mailbox.source
        && settings.address != server.user.to_lowercase()
        && ["yandex.ru", "mail.ru", "rambler.ru"].iter().any(|p| imap.host.ends_with(p))
    {
        let line = files.school.address.as_ref().map(|a| a.line);
        let message =
            format!("letters leave as {} while the login is another; this provider refuses that unless the address is an alias of the login", settings.address);
        out.push(warning("otklik.toml", line, message, None));
    }
}
