//! Templates: embedded ones, overrides from `templates/`, prepared once.

use super::{
    Letter, announcement_letters as announcement, author_letters as author, consult_letters as consult, filters, group_letters as group,
    hours_letters as hours, order_letters as order, staff_letters as staff,
};
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A template that does not compile or render.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateMistake {
    /// `templates/receipt/text.txt`
    pub file: String,
    /// Line, from 1, where known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// One letter's files as embedded, and what `check` renders them with.
struct Embedded {
    name: &'static str,
    files: [(&'static str, &'static str); 3],
    samples: fn() -> Vec<Value>,
    pictures: fn() -> Vec<Vec<super::Picture>>,
    staff: bool,
}

/// One letter's samples and what each of them shows as `cid:name`.
pub(super) struct Samples {
    pub name: &'static str,
    pub values: Vec<Value>,
    pub pictures: Vec<Vec<super::Picture>>,
    pub staff: bool,
}

/// The samples of every letter, in the order of the templates.
pub(super) fn samples() -> Vec<Samples> {
    LETTERS.iter().map(|l| Samples { name: l.name, values: (l.samples)(), pictures: (l.pictures)(), staff: l.staff }).collect()
}

fn pictures<L: Letter>() -> Vec<Vec<super::Picture>> {
    L::samples().iter().map(Letter::pictures).collect()
}

fn values<L: Letter>() -> Vec<Value> {
    L::samples().iter().map(|sample| Value::from(Serde(sample))).collect()
}

macro_rules! embedded {
    ($($name:literal => $letter:ty, $staff:literal;)*) => {
        [$(Embedded {
            name: $name,
            files: [
                (concat!($name, "/subject.txt"), include_str!(concat!("../../templates/", $name, "/subject.txt"))),
                (concat!($name, "/text.txt"), include_str!(concat!("../../templates/", $name, "/text.txt"))),
                (concat!($name, "/html.html"), include_str!(concat!("../../templates/", $name, "/html.html"))),
            ],
            samples: values::<$letter>,
            pictures: pictures::<$letter>,
            staff: $staff,
        }),*]
    };
}

static LETTERS: &[Embedded] = &embedded! {
    "receipt" => author::Receipt, false;
    "invitation" => author::Invitation, false;
    "rescheduled" => author::Rescheduled, false;
    "cancelled" => author::Cancelled, false;
    "answer" => author::Answer, false;
    "extension" => author::Extension, false;
    "absent" => author::Absent, false;
    "group_invitation" => group::GroupInvitation, false;
    "group_waiting" => group::GroupWaiting, false;
    "group_moved" => group::GroupMoved, false;
    "group_cancelled" => group::GroupCancelled, false;
    "group_task" => group::GroupTask, true;
    "group_family" => group::GroupFamily, true;
    "task" => staff::Task, true;
    "task_moved" => staff::TaskMoved, true;
    "task_cancelled" => staff::TaskCancelled, true;
    "decision" => staff::Decision, true;
    "alarm" => staff::Alarm, true;
    "reminder" => staff::Reminder, true;
    "escalation" => staff::Escalation, true;
    "handover" => staff::Handover, true;
    "call_task" => staff::CallTask, true;
    "added" => staff::Added, true;
    "parked" => staff::Parked, true;
    "undeliverable" => staff::Undeliverable, true;
    "passed" => staff::Passed, true;
    "notice" => staff::Notice, true;
    "offers" => consult::Offers, false;
    "tomorrow" => consult::Tomorrow, false;
    "recommendations" => consult::Recommendations, false;
    "no_show" => consult::NoShow, false;
    "way" => consult::Way, false;
    "not_free" => consult::NotFree, false;
    "survey" => consult::Survey, false;
    "soon" => consult::Soon, true;
    "ask" => consult::Ask, true;
    "done" => staff::Done, true;
    "question" => order::Question, false;
    "word" => order::Word, false;
    "done_list" => order::DoneList, true;
    "help" => order::Help, true;
    "confirmation" => crate::compose::trust_letters::Confirmation, true;
    "staff_question" => hours::StaffQuestion, true;
    "day_list" => hours::DayList, true;
    "return" => hours::Return, true;
    "schedule_changed" => super::publish_letters::ScheduleChanged, true;
    "recovered" => super::recovered_letter::Recovered, true;
    "report_daily" => crate::compose::Daily, true;
    "report_weekly" => staff::Weekly, true;
    "report_director" => crate::compose::DirectorReport, true;
    "announcement" => announcement::AnnouncementLetter, false;
    "announcement_reminder" => announcement::AnnouncementReminder, false;
    "announcement_cancelled" => announcement::AnnouncementCancelled, false;
    "announcement_preview" => announcement::AnnouncementPreview, true;
    "announcement_list" => announcement::AnnouncementList, true;
    "second_address" => announcement::SecondAddress, false;
    "unsubscribed" => announcement::Unsubscribed, false;
};

/// Files that the letters share.
const SHARED: [(&str, &str); 3] = [
    ("base.txt", include_str!("../../templates/base.txt")),
    ("base.html", include_str!("../../templates/base.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
];

static EMBEDDED: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = bare();
    for (file, source) in embedded_files() {
        // An embedded template that does not compile is found by the tests; here it would only be missing.
        drop(env.add_template(file, source));
    }
    env
});

/// Names and sources of all template files.
pub(super) fn embedded_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHARED.into_iter().chain(LETTERS.iter().flat_map(|l| l.files))
}

fn bare() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        env.set_syntax(syntax);
    }
    filters::register(&mut env);
    env
}

/// What every template knows besides the letter's own fields.
pub(super) struct Surroundings<'a> {
    pub school: &'a str,
    pub address: &'a str,
    pub phone: &'a str,
    pub helplines: &'a [String],
    pub zone: chrono_tz::Tz,
    pub now: DateTime<Utc>,
    pub press: Option<&'a super::Press>,
}

/// A letter's three texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// All templates, compiled. The default is the embedded set.
#[derive(Clone, Default)]
pub struct Templates {
    /// `None`: nothing is overridden.
    own: Option<Arc<Environment<'static>>>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.own.is_some() { "Templates(with overrides)" } else { "Templates(embedded)" })
    }
}

impl Templates {
    /// The embedded ones with overrides by name (`receipt/text.txt` -> source); every mistake at once, each overridden template rendered with each sample.
    pub fn new(overrides: &[(String, String)]) -> Result<Templates, Vec<TemplateMistake>> {
        if overrides.is_empty() {
            return Ok(Templates::default());
        }
        let mut mistakes = Vec::new();
        let mut env = EMBEDDED.clone();
        for (file, source) in overrides {
            if !embedded_files().any(|(known, _)| known == file) {
                mistakes.push(unknown(file));
            } else if let Err(error) = env.add_template_owned(file.clone(), source.clone()) {
                mistakes.push(mistake(file, &error));
            }
        }
        if mistakes.is_empty() {
            try_samples(&env, overrides, &mut mistakes);
        }
        if mistakes.is_empty() { Ok(Templates { own: Some(Arc::new(env)) }) } else { Err(mistakes) }
    }

    /// Names of all template files, as overrides may be called.
    pub fn names() -> impl Iterator<Item = &'static str> {
        embedded_files().map(|(file, _)| file)
    }

    /// The letter's texts. A school's template that breaks at run time gives way to the embedded one; `None` would be a broken embedded
    /// template, which the tests exclude.
    pub(super) fn render(&self, name: &str, letter: &Value, around: &Surroundings<'_>) -> Option<Rendered> {
        let own = self.own.as_deref().and_then(|env| render_in(env, name, letter, around).ok());
        own.or_else(|| render_in(&EMBEDDED, name, letter, around).ok())
    }
}

fn render_in(env: &Environment<'static>, name: &str, letter: &Value, around: &Surroundings<'_>) -> Result<Rendered, minijinja::Error> {
    let base = context! { besides => Vec::<Value>::new(), ..letter_context(name, letter, around) };
    let subject = one_line(&env.get_template(&format!("{name}/subject.txt"))?.render(&base)?);
    let with_subject = context! { subject => &subject, ..base };
    let text = tidy(&env.get_template(&format!("{name}/text.txt"))?.render(&with_subject)?);
    let html = one_stop(&env.get_template(&format!("{name}/html.html"))?.render(&with_subject)?);
    let besides = around.press.map(|p| p.besides(&html)).unwrap_or_default();
    if besides.is_empty() {
        return Ok(Rendered { subject, text, html });
    }
    // What the letter has no button for stands below it: which that is shows only in the letter itself.
    let whole = context! { besides => Value::from(Serde(&besides)), ..with_subject };
    let text = tidy(&env.get_template(&format!("{name}/text.txt"))?.render(&whole)?);
    let html = one_stop(&env.get_template(&format!("{name}/html.html"))?.render(&whole)?);
    Ok(Rendered { subject, text, html })
}

fn letter_context(name: &str, letter: &Value, around: &Surroundings<'_>) -> Value {
    let moment = super::Moment { at: around.now, zone: around.zone };
    context! {
        school => context! { name => around.school, address => around.address, phone => around.phone },
        helplines => around.helplines.to_vec(),
        zone => around.zone.name(),
        zone_words => moment.zone_words(),
        now => around.now.to_rfc3339(),
        press => around.press.map(|p| context! { number => p.number, token => &p.token, about => p.about.map(|at| at.to_rfc3339()) }),
        staff => LETTERS.iter().any(|l| l.name == name && l.staff),
        ..letter.clone()
    }
}

/// Renders what the overrides touch: a letter's own files with its samples, a shared file with every letter's.
fn try_samples(env: &Environment<'static>, overrides: &[(String, String)], mistakes: &mut Vec<TemplateMistake>) {
    let composer = super::Composer::sample();
    let around = composer.surroundings(super::samples_author::moment(18, 10, 0), None);
    let shared = overrides.iter().any(|(file, _)| SHARED.iter().any(|(s, _)| s == file));
    let mut found: BTreeMap<(String, Option<usize>, String), ()> = BTreeMap::new();
    for letter in LETTERS {
        for (file, _) in letter.files.iter().filter(|(file, _)| shared || overrides.iter().any(|(o, _)| o == file)) {
            for sample in (letter.samples)() {
                let context = context! { subject => "Заявка № 147", besides => Vec::<Value>::new(), ..letter_context(letter.name, &sample, &around) };
                let outcome = env.get_template(file).and_then(|t| t.render(&context));
                let wrong = match outcome {
                    Ok(text) if text.trim().is_empty() => TemplateMistake { file: on_disk(file), line: None, message: "renders to nothing".to_owned() },
                    Ok(_) => continue,
                    Err(error) => mistake(file, &error),
                };
                found.insert((wrong.file, wrong.line, wrong.message), ());
            }
        }
    }
    mistakes.extend(found.into_keys().map(|(file, line, message)| TemplateMistake { file, line, message }));
}

fn on_disk(file: &str) -> String {
    format!("templates/{file}")
}

fn mistake(file: &str, error: &minijinja::Error) -> TemplateMistake {
    let place = error.name().filter(|name| embedded_files().any(|(known, _)| known == *name)).unwrap_or(file);
    let message = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    TemplateMistake { file: on_disk(place), line: error.line(), message }
}

fn unknown(file: &str) -> TemplateMistake {
    let folder = file.split('/').next().unwrap_or_default();
    let near: Vec<&str> = embedded_files().map(|(known, _)| known).filter(|known| known.split('/').next() == Some(folder)).collect();
    let hint = if near.is_empty() {
        format!("the letters are: {}", LETTERS.iter().map(|l| l.name).collect::<Vec<_>>().join(", "))
    } else {
        format!("known there: {}", near.join(", "))
    };
    TemplateMistake { file: on_disk(file), line: None, message: format!("no letter uses a template of this name; {hint}") }
}

/// A subject is one line of at most 200 characters; control characters never reach a header (lettre L1).
fn one_line(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(|w| w.chars().filter(|c| !c.is_control()).collect()).collect();
    words.join(" ").chars().take(200).collect()
}

/// «13 января 2027 г.» at the end of a sentence has its full stop already.
fn one_stop(text: &str) -> String {
    text.replace(" г..", " г.")
}

/// No trailing spaces, no two blank lines in a row, one newline at the end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(&one_stop(line));
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
