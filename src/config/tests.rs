//! Tests of `config`: what a school's files become. Mistakes, one by one, are in `tests/bad_configs`.

use super::*;
use crate::compose::PUBLIC_KEY;
use crate::settings::{Handling, Mode, Route, ServerTls, Source, TransportChoice};
use crate::understand::Category;
use crate::worktime::DayKind;
use chrono::Weekday;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// `otklik.toml` of the design, letter by letter.
const EXAMPLE: &str = r#"# otklik.toml
mode = "shadow"                      # or "live"
state_dir = "/var/lib/otklik"
[school]
name = "Школа № 12"
zone = "Europe/Moscow"
phone = "8 (495) 000-12-00"
head     = ["zam@school.example", "zam2@school.example"]        # first, then deputies
director = ["director@school.example", "zam@school.example"]
operator = ["it@school.example"]
[mailbox]
kind = "imap"                        # or "folder" with path
host = "imap.mail.ru"
port = 993
tls = "implicit"                     # "starttls"; "none" only to loopback
user = "priemnaya@school.example"
password_file = "imap-password"      # systemd credential, file, or environment OTKLIK_IMAP_PASSWORD
ca_file = ""                         # extra root, optional
folders = ["INBOX"]                  # sent, spam: found by attribute, then by name; or named here
poll = "60s"
[transport]
host = "smtp.mail.ru"
port = 465
tls = "implicit"
user = "priemnaya@school.example"
password_file = "smtp-password"
[reports]
daily_at = "07:30"
weekly = "0 0 12 * * Fri"            # cron, weekday names only
"#;

const EXAMPLE_SPECIALISTS: &str = r#"# rules/specialists.toml
[[specialist]]
id = "psychologist-1"
name = "Соколова Ирина Юрьевна"
email = "i.sokolova@school.example"
categories = ["psychologist"]
windows = [{ weekdays = ["tue", "thu"], from = "14:00", to = "17:00", channels = ["phone", "Сферум", "in_person"] }]
absences = [{ from = 2026-12-28, to = 2027-01-10 }]
deputy = "social-1"
"#;

const EXAMPLE_CALENDAR: &str = r#"# rules/calendar/2026.toml
decree = "№ 1466, 24.09.2025"
days_off = [2026-01-01, 2026-01-02, 2026-01-05]
working_saturdays = []
short_days = [2026-04-30]
"#;

const SOCIAL: &str = r#"
[[specialist]]
id = "social-1"
name = "Никитина Светлана Олеговна"
email = "s.nikitina@school.example"
"#;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// A folder with the example, its passwords and a key.
struct School(tempfile::TempDir);

impl School {
    fn new(main: &str) -> School {
        let school = School(tempfile::tempdir().unwrap());
        school.write("otklik.toml", main.as_bytes());
        for secret in ["imap-password", "smtp-password"] {
            school.write(secret, b"invented\n");
            school.mode(secret, 0o600);
        }
        school.write("instance.key", &[7; 32]);
        school.mode("instance.key", 0o600);
        school
    }
    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.0.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    fn load_in(&self, today: NaiveDate, surroundings: &Surroundings) -> Result<Loaded, Vec<Mistake>> {
        super::load_in(&self.0.path().join("otklik.toml"), today, surroundings)
    }
    fn load(&self, today: NaiveDate) -> Loaded {
        self.load_in(today, &Surroundings::default()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
    }
    fn warnings(&self, today: NaiveDate) -> Vec<String> {
        self.load(today).warnings.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn the_example_of_the_design_loads_as_it_stands() {
    let school = School::new(EXAMPLE);
    let s = school.load(day(2026, 11, 18)).settings;
    assert_eq!(s.mode, Mode::Shadow);
    assert_eq!(s.state_dir, PathBuf::from("/var/lib/otklik"));
    assert_eq!((s.school.as_str(), s.phone.as_str(), s.address.as_str()), ("Школа № 12", "8 (495) 000-12-00", "priemnaya@school.example"));
    assert_eq!(s.school_phones, ["+74950001200"]);
    assert_eq!(s.worktime.zone, chrono_tz::Europe::Moscow);
    assert_eq!(s.person(&s.head[0]).unwrap().email, "zam@school.example");
    assert_eq!(s.person(&s.director[1]).unwrap().email, "zam@school.example");
    assert_eq!(s.operator, ["it@school.example"]);
    let Source::Imap(imap) = &s.mailbox.source else { panic!("no IMAP") };
    assert_eq!(
        (imap.host.as_str(), imap.port, imap.tls, imap.password.as_str(), imap.ca_file.is_none()),
        ("imap.mail.ru", 993, ServerTls::Implicit, "invented", true)
    );
    assert_eq!((s.mailbox.folders.as_slice(), s.mailbox.poll.as_secs()), (["INBOX".to_owned()].as_slice(), 60));
    let TransportChoice::Smtp(smtp) = &s.transport else { panic!("no SMTP") };
    assert_eq!((smtp.host.as_str(), smtp.port), ("smtp.mail.ru", 465));
    let noon = day(2026, 11, 18).and_hms_opt(9, 0, 0).unwrap().and_utc();
    assert_eq!(s.daily.after(noon).unwrap().to_rfc3339(), "2026-11-19T04:30:00+00:00");
    assert_eq!(s.weekly.after(noon).unwrap().to_rfc3339(), "2026-11-20T09:00:00+00:00");
    assert!(!format!("{s:?}").contains("invented"), "a password was printed");
}

#[test]
fn the_rules_of_the_design_replace_the_embedded_ones_as_a_whole() {
    let school = School::new(EXAMPLE);
    school.write("rules/specialists.toml", format!("{EXAMPLE_SPECIALISTS}{SOCIAL}").as_bytes());
    school.write("rules/calendar/2026.toml", EXAMPLE_CALENDAR.as_bytes());
    let s = school.load(day(2026, 11, 18)).settings;
    let ids: Vec<&str> = s.staff.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids, ["psychologist-1", "social-1", "head-1", "head-2", "director-1", "operator-1"], "the example's two and those whom otklik.toml names");
    let person = s.person("psychologist-1").unwrap();
    assert_eq!(person.post, "педагог-психолог");
    assert_eq!(person.windows[0].weekdays, [Weekday::Tue, Weekday::Thu]);
    assert_eq!(person.windows[0].channels, ["phone", "Сферум", "in_person"]);
    assert_eq!((person.absences[0].from, person.absences[0].to), (day(2026, 12, 28), day(2027, 1, 10)));
    assert_eq!(s.worktime.day(day(2026, 12, 31)), DayKind::Work { short: false }, "the own calendar does not name 31 December");
    assert_eq!(s.worktime.day(day(2026, 4, 30)), DayKind::Work { short: true });
    assert!(matches!(s.worktime.day(day(2027, 2, 20)), DayKind::Work { .. }), "2027 is still the embedded one");
}

#[test]
fn a_broken_rules_file_is_not_mended_by_the_embedded_one() {
    let school = School::new(EXAMPLE);
    school.write("rules/terms.toml", b"invite = \"5bd\"\n");
    let mistakes = school.load_in(day(2026, 11, 18), &Surroundings::default()).unwrap_err();
    assert!(mistakes.iter().all(|m| m.file == "rules/terms.toml" && m.message.contains("is missing")), "{mistakes:?}");
}

#[test]
fn the_demo_school_is_whole() {
    let s = demo();
    assert_eq!((s.mode, s.school.as_str(), s.address.as_str(), s.phone.as_str()), (Mode::Live, "Школа № 12", "priemnaya@school.example", "8 (495) 000-12-00"));
    assert_eq!(s.composer.key.0, PUBLIC_KEY.0);
    assert!(matches!((&s.mailbox.source, &s.transport), (Source::Folder(_), TransportChoice::Folder(_))));
    assert_eq!(s.categories.len(), 9);
    assert_eq!(s.person(&s.head[0]).unwrap().name, "Орлова Марина Викторовна");
    assert!(s.head.len() >= 2 && s.director.len() >= 2);
    for (category, rule) in &s.categories {
        let there: Vec<_> = s.staff.iter().filter(|p| p.categories.contains(category)).collect();
        assert_eq!(there.is_empty(), rule.to == Route::Head, "{}", category.key());
        for person in there {
            assert!(person.deputy.as_deref().and_then(|d| s.person(d)).is_some(), "{} has no deputy", person.id);
            assert_eq!(person.windows.is_empty(), rule.handled == Handling::Request, "{}", person.id);
        }
    }
    assert!(s.staff.iter().filter(|p| p.categories.contains(&Category::LearningHelp)).count() >= 2);
    assert!(s.staff.iter().all(|p| p.email.ends_with("@school.example") && p.name.split(' ').count() == 3 && p.deputy.is_some()));
    assert_eq!((s.terms.take.to_string(), s.terms.answer.to_string(), s.terms.invite.to_string()), ("30m".into(), "24h".into(), "3bd".into()));
    assert!(s.composer.helplines.iter().any(|l| l.contains("112")) && s.composer.helplines.iter().any(|l| l.contains("8-800-2000-122")));
    assert!(!s.composer.helplines.iter().any(|l| l.contains("отвечает круглосуточно")));
    assert!(s.warnings.is_empty());
    assert_eq!(s.staff_names.len(), s.staff.len());
}

#[test]
fn every_file_in_rules_is_embedded() {
    fn below(folder: &Path, name: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                below(&entry.path(), &name, found);
            } else {
                found.insert(name);
            }
        }
    }
    let mut files = BTreeSet::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), "rules", &mut files);
    // The examples are no rules: the classifier was trained on them while the program was built.
    files.retain(|name| !name.starts_with("rules/examples/"));
    let embedded: BTreeSet<String> = super::embedded::RULES.iter().map(|(n, _)| (*n).to_owned()).collect();
    assert!(files.len() >= 20, "only {} files in rules", files.len());
    assert_eq!(files, embedded);
}

#[test]
fn a_region_and_the_schools_own_days_are_laid_over_the_calendar() {
    let school = School::new(&EXAMPLE.replace("zone =", "region = \"tatarstan\"\nzone ="));
    school.write("rules/calendar/school.toml", "decree = \"приказ № 40\"\nextra_off = [{ date = 2026-11-19, reason = \"карантин\" }]\n".as_bytes());
    let s = school.load(day(2026, 11, 18)).settings;
    assert!(matches!(s.worktime.day(day(2026, 11, 6)), DayKind::Holiday(_)), "6 November in Tatarstan");
    assert_eq!(s.worktime.day(day(2026, 11, 19)), DayKind::Holiday("карантин".into()));
    let plain = School::new(EXAMPLE).load(day(2026, 11, 18)).settings;
    assert!(matches!(plain.worktime.day(day(2026, 11, 6)), DayKind::Work { .. }));
}

#[test]
fn a_new_year_is_added_by_a_file_of_its_own() {
    let school = School::new(EXAMPLE);
    let missing = |warnings: Vec<String>| warnings.into_iter().filter(|w| w.contains("production calendar")).collect::<Vec<_>>();
    assert_eq!(missing(school.warnings(day(2027, 11, 30))), Vec::<String>::new());
    let warned = missing(school.warnings(day(2027, 12, 2)));
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].starts_with("rules/calendar/2028.toml: the production calendar of 2028 is missing"), "{warned:?}");
    let reported = school.load(day(2027, 12, 2)).settings.warnings;
    assert!(reported.iter().any(|w| w.contains("производственного календаря на 2028 год")), "{reported:?}");
    school.write("rules/calendar/2028.toml", "decree = \"№ 0, 01.09.2027\"\ndays_off = [2028-01-03]\n".as_bytes());
    assert_eq!(missing(school.warnings(day(2027, 12, 2))), Vec::<String>::new());
}

#[test]
fn a_healthy_live_school_is_warned_of_nothing() {
    let main = EXAMPLE.replace("shadow\" ", "live\" ").replace("imap.mail.ru", "imap.school.example").replace("smtp.mail.ru", "smtp.school.example");
    let with_backup = format!("{main}[backup]\nfolder = \"backups\"\npassphrase_file = \"backup-passphrase\"\n");
    assert_eq!(School::new(&with_backup).warnings(day(2026, 11, 18)), Vec::<String>::new());
    let without = School::new(&main).warnings(day(2026, 11, 18));
    assert!(matches!(&without[..], [only] if only.contains("no backup is configured")), "{without:?}");
}

#[test]
fn shadow_mode_is_called_to_mind_but_not_in_the_report() {
    let loaded = School::new(EXAMPLE).load(day(2026, 11, 18));
    let shadow = loaded.warnings.iter().find(|w| w.message.contains("go-live") && w.message.contains("shadow")).unwrap();
    assert_eq!((shadow.line, shadow.report.as_ref()), (Some(2), None));
}

#[test]
fn gaps_in_the_weeks_ahead_are_told() {
    let school = School::new(EXAMPLE);
    school.write("rules/specialists.toml", format!("{EXAMPLE_SPECIALISTS}{SOCIAL}categories = [\"social_pedagogue\"]\n").as_bytes());
    let warnings = school.warnings(day(2026, 11, 18));
    let all = warnings.join("\n");
    assert!(all.contains("rules/specialists.toml:11: social-1 answers consultations but has no window in the next 30 days"), "{all}");
    assert!(all.contains("nobody answers speech_therapist"), "{all}");
    assert!(!all.contains("nobody is present for psychologist"), "the deputy is there: {all}");
    let both = format!("{}{SOCIAL}absences = [{{ from = 2026-12-29, to = 2027-01-15 }}]\n", EXAMPLE_SPECIALISTS);
    school.write("rules/specialists.toml", both.as_bytes());
    let all = school.warnings(day(2026, 12, 10)).join("\n");
    assert!(all.contains("nobody is present for psychologist on 2026-12-29, deputies included"), "{all}");
    let report = school.load(day(2026, 12, 10)).settings.warnings.join("\n");
    assert!(report.contains("Тема «педагог-психолог»: 29.12.2026 никого нет на месте"), "{report}");
}

/// Every key of a specialist that has to do with time, as `docs/configuration.md` describes them.
const EVERY_KEY: &str = r#"
[[specialist]]
id = "teacher-1"
name = "Морозова Татьяна Игоревна"
email = "t.morozova@school.example"
categories = ["learning_help", "psychologist"]
classes = ["5", "7-9", "10A"]
subjects = ["математика", "алгебра"]
windows = [
  { weekdays = ["tue"], from = "15:00", to = "17:00", channels = ["in_person"], place = "кабинет 305", weeks = "odd", categories = ["learning_help"], classes = ["5-9"] },
  { weekdays = ["tue"], from = "15:00", to = "17:00", weeks = "even", valid_from = 2026-09-01, valid_to = 2026-12-25 },
  { weekdays = ["fri"], from = "08:00", to = "09:00", reserve = true },
]
exceptions = [
  { date = 2026-12-08, from = "10:00", to = "12:00", channels = ["phone"] },
  { date = 2026-12-08, from = "14:00", to = "15:00", channels = ["in_person"], place = "актовый зал" },
  { date = 2026-12-15, closed = true },
]
lunch = { from = "12:30", to = "13:00" }
load = { day = 4, week = 15 }
buffer_minutes = 15
notice_minutes = 1440
travel_minutes = 30
busy_file = "busy/teacher-1.ics"
reminders = false
"#;

#[test]
fn every_key_of_the_hours_is_read() {
    use crate::slots::{ClassRange, DayException, Load, Weeks};
    let school = School::new(EXAMPLE);
    school.write("rules/specialists.toml", format!("{EXAMPLE_SPECIALISTS}{SOCIAL}{EVERY_KEY}").as_bytes());
    let settings = school.load(day(2026, 11, 18)).settings;
    let s = settings.person("teacher-1").unwrap();
    let class = |text| ClassRange::parse(text).unwrap();
    assert_eq!(
        (s.classes.as_slice(), s.subjects.as_slice()),
        ([class("5"), class("7-9"), class("10А")].as_slice(), ["математика"].map(String::from).as_slice())
    );
    let w = &s.windows[0];
    assert_eq!(
        (w.place.as_deref(), w.weeks, w.categories.as_slice(), w.classes.as_slice()),
        (Some("кабинет 305"), Some(Weeks::Odd), [Category::LearningHelp].as_slice(), [class("5-9")].as_slice())
    );
    assert_eq!(
        (s.windows[1].weeks, s.windows[1].valid_to, s.windows[1].channels.as_slice()),
        (Some(Weeks::Even), Some(day(2026, 12, 25)), ["phone".to_owned()].as_slice())
    );
    assert_eq!(s.windows.iter().map(|w| w.reserve).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(s.exceptions.len(), 3);
    assert_eq!(s.exceptions[1].hours.as_ref().map(|h| (h.place.as_deref(), h.channels.join(","))), Some((Some("актовый зал"), "in_person".to_owned())));
    assert_eq!(s.exceptions[2], DayException { date: day(2026, 12, 15), hours: None });
    assert_eq!(s.lunch.map(|(a, b)| format!("{a} {b}")), Some("12:30:00 13:00:00".to_owned()));
    assert_eq!((s.load, s.buffer_minutes, s.notice_minutes, s.travel_minutes), (Load { day: Some(4), week: Some(15) }, Some(15), Some(1440), 30));
    assert_eq!((s.busy_file.as_deref(), s.reminders), (Some("busy/teacher-1.ics"), false));
    let plain = settings.person("psychologist-1").unwrap();
    assert!(plain.reminders && plain.load == Load::default() && plain.exceptions.is_empty() && plain.lunch.is_none());
    assert_eq!(s.time_mistakes(), Vec::<String>::new());
}

#[test]
fn hours_that_serve_nobody_are_told() {
    let school = School::new(EXAMPLE);
    let odd = EVERY_KEY
        .replace("from = \"08:00\"", "from = \"06:00\"")
        .replace("date = 2026-12-15, closed = true", "date = 2026-12-13, from = \"10:00\", to = \"12:00\"")
        .replace(", weeks = \"even\"", ", weeks = \"even\", categories = [\"learning_help\"]")
        .replace("exceptions = [\n  { date = 2026-12-08, from = \"10:00\", to = \"12:00\", channels = [\"phone\"] },\n  { date = 2026-12-08, from = \"14:00\", to = \"15:00\", channels = [\"in_person\"], place = \"актовый зал\" },", "exceptions = [");
    school.write("rules/specialists.toml", format!("{EXAMPLE_SPECIALISTS}{SOCIAL}{odd}").as_bytes());
    let all = school.warnings(day(2026, 11, 18)).join("\n");
    assert!(all.contains("rules/specialists.toml:16: teacher-1: the window 06:00-09:00 lies outside 07:00-21:00; correct it"), "{all}");
    assert!(all.contains("rules/specialists.toml:16: teacher-1: the exception of 2026-12-13 opens nothing, since the day is a day off"), "{all}");
    assert!(all.contains("rules/specialists.toml:16: teacher-1 answers psychologist but no window in the next 30 days serves it"), "{all}");
    assert!(all.contains("nobody with a window in the next 30 days serves classes 1-4, 6, 11 for learning_help"), "{all}");
    assert!(!all.contains("for psychologist: their letters"), "another serves all classes: {all}");
    let report = school.load(day(2026, 11, 18)).settings.warnings.join("\n");
    assert!(report.contains("Тема «помощь по предмету»: для классов 1-4, 6, 11 нет специалиста"), "{report}");
    // Windows for urgent appeals alone are no windows to be invited to.
    let reserve = EXAMPLE_SPECIALISTS.replace("to = \"17:00\"", "to = \"17:00\", reserve = true");
    school.write("rules/specialists.toml", format!("{reserve}{SOCIAL}").as_bytes());
    let all = school.warnings(day(2026, 11, 18)).join("\n");
    assert!(all.contains("psychologist-1 answers consultations but has no window in the next 30 days"), "{all}");
}

#[test]
fn messengers_and_hosts_that_the_law_closes_are_told() {
    let main = EXAMPLE.replace("imap.mail.ru", "imap.gmail.com").replace("smtp.mail.ru", "smtp.office365.com");
    let school = School::new(&main);
    school.write("rules/specialists.toml", format!("{}{SOCIAL}", EXAMPLE_SPECIALISTS.replace("\"Сферум\"", "\"WhatsApp\", \"Телеграм\"")).as_bytes());
    let all = school.warnings(day(2026, 11, 18)).join("\n");
    assert!(all.contains("rules/specialists.toml:2: psychologist-1 offers Telegram: since 1 June 2025"), "{all}");
    assert!(all.contains("psychologist-1 offers WhatsApp"), "{all}");
    assert!(all.contains("otklik.toml:13: imap.gmail.com keeps letters abroad"), "{all}");
    assert!(all.contains("smtp.office365.com keeps letters abroad"), "{all}");
}

#[test]
fn secrets_are_looked_for_in_their_order() {
    let school = School::new(EXAMPLE);
    let credentials = tempfile::tempdir().unwrap();
    fs::write(credentials.path().join("imap-password"), "from the credential\n").unwrap();
    fs::write(credentials.path().join("instance-key"), format!("{}\n", "ab".repeat(32))).unwrap();
    let surroundings = Surroundings {
        credentials: Some(credentials.path().to_owned()),
        imap_password: Some("from the environment".into()),
        smtp_password: Some("from the environment".into()),
    };
    let password = |s: &Settings| match (&s.mailbox.source, &s.transport) {
        (Source::Imap(imap), TransportChoice::Smtp(smtp)) => (imap.password.clone(), smtp.password.clone()),
        _ => panic!("no servers"),
    };
    let s = school.load_in(day(2026, 11, 18), &surroundings).unwrap().settings;
    assert_eq!(password(&s), ("from the credential".into(), "invented".into()));
    assert_eq!(s.composer.key.0, [0xab; 32]);
    fs::remove_file(school.0.path().join("smtp-password")).unwrap();
    let s = school.load_in(day(2026, 11, 18), &surroundings).unwrap().settings;
    assert_eq!(password(&s).1, "from the environment");
}

#[test]
fn a_secret_that_everybody_can_read_is_told() {
    let school = School::new(EXAMPLE);
    school.mode("imap-password", 0o644);
    let all = school.warnings(day(2026, 11, 18)).join("\n");
    assert!(all.contains("otklik.toml:17: everybody on this machine can read imap-password; run `chmod 600` on it"), "{all}");
    assert!(!all.contains("smtp-password"), "{all}");
}

#[test]
fn who_neither_reads_nor_sends_needs_no_secret() {
    let school = School::new(EXAMPLE);
    for secret in ["imap-password", "smtp-password", "instance.key"] {
        fs::remove_file(school.0.path().join(secret)).unwrap();
    }
    let path = school.0.path().join("otklik.toml");
    assert_eq!(super::load_in(&path, day(2026, 11, 18), &Surroundings::default()).unwrap_err().len(), 3);
    assert_eq!(load_offline(&path, day(2026, 11, 18)).unwrap().settings.composer.key.0, PUBLIC_KEY.0);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
    let school = School::new(&format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n").replace("port = 993", "prot = 993")));
    let mistakes = school.load_in(day(2026, 11, 18), &Surroundings::default()).unwrap_err();
    assert_eq!(mistakes[0].to_string(), "otklik.toml:14: [mailbox] unknown key `prot`; did you mean `port`?");
}

#[test]
fn editors_backups_are_left_alone() {
    let school = School::new(EXAMPLE);
    for name in ["rules/.specialists.toml.swp", "rules/specialists.toml~", "rules/terms.toml.bak", "rules/README", "templates/.DS_Store"] {
        school.write(name, b"\xff\xfe not a rule");
    }
    school.load(day(2026, 11, 18));
}

#[test]
fn values_are_read_as_people_write_them() {
    assert_eq!(values::phone("8 (495) 000-12-00 доб. 12").as_deref(), Some("+74950001200"));
    assert_eq!(values::phone("+7 900 000-00-12").as_deref(), Some("+79000000012"));
    assert_eq!(values::phone("62-76-04"), None);
    assert_eq!(values::weekday("чт"), Some(Weekday::Thu));
    assert_eq!(values::weekday("Thursday"), Some(Weekday::Thu));
    assert_eq!(values::weekday("4"), None);
    assert_eq!(values::email("Zam@School.Example").unwrap(), "zam@school.example");
    for bad in ["", "@", "a@", "@b", "a b@c", "a@b..c", "Имя <a@b.c>", "a@b@c", "a@b.c, d@e.f"] {
        assert!(values::email(bad).is_err(), "{bad}");
    }
    assert_eq!(values::closest("prot", &["port", "host"]), Some("port"));
    assert_eq!(values::closest("raport", &["mailbox", "school"]), None);
}

/// The mistakes of a main file alone.
fn read_main(text: &str) -> Vec<Mistake> {
    let notes = document::Notes::default();
    let file = document::FileText { name: "otklik.toml".into(), text: text.to_owned() };
    if let Some(table) = file.parse(&notes) {
        main_file::read(document::Section::root(&file, &notes, &table));
    }
    notes.into_sorted()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(300) })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read_main(&text);
    }

    #[test]
    fn no_damage_makes_it_panic(at in 0..DEMO.len(), cut in 0_usize..60, put in "[\\[\\]{}=\"#\\n,0-9a-zж.:-]{0,12}") {
        let from = (0..=at).rev().find(|n| DEMO.is_char_boundary(*n)).unwrap_or(0);
        let to = (at + cut..=DEMO.len()).find(|n| DEMO.is_char_boundary(*n)).unwrap_or(DEMO.len());
        let damaged = format!("{}{put}{}", &DEMO[..from], &DEMO[to..]);
        let mistakes = read_main(&damaged);
        let lines = damaged.split('\n').count();
        proptest::prop_assert!(mistakes.iter().all(|m| m.line.is_none_or(|l| l <= lines)), "{mistakes:?}");
    }
}

#[test]
fn the_key_before_stands_in_a_second_line_with_its_end() {
    use super::secrets::keys;
    let (new, old) = ("ab".repeat(32), "cd".repeat(32));
    let (present, none) = keys(format!("{new}\n").as_bytes()).unwrap();
    assert_eq!((present.0, none.is_none()), ([0xab; 32], true));
    assert!(keys(&[7; 32]).is_some_and(|(key, older)| key.0 == [7; 32] && older.is_none()), "32 bytes");
    let (present, older) = keys(format!("# rotated\n{}\r\n{old} until 2026-11-25T10:00:00Z\r\n", new.to_uppercase()).as_bytes()).unwrap();
    let older = older.unwrap();
    assert_eq!((present.0, older.key.0, older.until.to_rfc3339()), ([0xab; 32], [0xcd; 32], "2026-11-25T10:00:00+00:00".to_owned()));
    for wrong in [
        String::new(),
        old[..62].to_owned(),
        format!("{new}\n{old}"),
        format!("{new}\n{old} until tomorrow"),
        format!("{new}\n{old} until 2026-11-25T10:00:00Z\n{old}"),
    ] {
        assert!(keys(wrong.as_bytes()).is_none(), "{wrong}");
    }
    let marks = super::secrets::mark_keys;
    let whole = format!("{new}\n{old} until 2026-11-25T10:00:00Z\n{old} marks\n");
    assert!(keys(whole.as_bytes()).is_some_and(|(key, older)| key.0 == [0xab; 32] && older.is_some()));
    assert_eq!((marks(whole.as_bytes()).into_iter().map(|k| k.0).collect::<Vec<_>>(), marks(new.as_bytes()).len()), (vec![[0xcd; 32]], 0));
    assert!(keys(format!("{new}\nabc marks\n").as_bytes()).is_none(), "half a key is none");
    // A letter made after its end proves nothing under the old key.
    let composer = crate::compose::Composer { older: Some(older.clone()), ..crate::compose::Composer::sample() };
    assert_eq!(composer.keys(older.until).count(), 2);
    assert_eq!(composer.keys(older.until + chrono::TimeDelta::seconds(1)).count(), 1);
}
