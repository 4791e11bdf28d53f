//! `rules/specialists.toml`: the staff register, and how it meets `head`, `director` and `operator` of `otklik.toml`.

use super::document::{At, Section};
use super::main_file::{School, address};
use super::rules::{days, span};
use super::values;
use crate::slots::{Absence, Silence, Specialist, WeeklyWindow};
use crate::understand::Category;
use chrono::NaiveDate;

/// The register, and where each person stands in the file.
#[derive(Default)]
pub(super) struct Register {
    pub(super) staff: Vec<Specialist>,
    /// Line of each person; those that only `otklik.toml` names have none.
    pub(super) lines: Vec<Option<usize>>,
}

/// Reads the register.
pub(super) fn read(root: Section<'_>) -> Register {
    let mut register = Register::default();
    let mut deputies = Vec::new();
    // Of entries with mistakes too: who deputises for whom is a question of its own.
    let mut ids: Vec<String> = Vec::new();
    let file = root.file;
    let notes = root.notes;
    for mut section in root.tables("specialist") {
        section.call("[[specialist]]");
        let line = section.line;
        ids.extend(section.text("id", "psychologist-1").map(|id| id.value));
        let Some((person, deputy)) = specialist(&mut section) else {
            section.finish();
            continue;
        };
        if register.staff.iter().any(|s| s.id == person.id) {
            section.wrong(None, format!("the id {} is taken by another; give each person an id of their own", person.id));
        }
        if let Some(other) = register.staff.iter().find(|s| s.email == person.email) {
            section.wrong(None, format!("{} has the same email; one person has one entry: put the categories together, or correct the address", other.id));
        }
        section.finish();
        deputies.extend(deputy.map(|d| (person.id.clone(), d)));
        register.staff.push(person);
        register.lines.push(line);
    }
    if !root.has("specialist") {
        root.wrong(None, "names nobody; write a [[specialist]] for each member of staff, or take the file away");
    }
    root.finish();
    for (id, deputy) in deputies {
        let known: Vec<&str> = ids.iter().map(String::as_str).collect();
        if deputy.value == id {
            notes.add(&file.name, Some(deputy.line), format!("[[specialist]] {id}: deputy is the person themselves; name somebody else"));
        } else if !known.contains(&deputy.value.as_str()) {
            let hint =
                values::closest(&deputy.value, &known).map_or_else(|| format!("known ids: {}", known.join(", ")), |near| format!("did you mean {near}?"));
            notes.add(&file.name, Some(deputy.line), format!("[[specialist]] {id}: deputy \"{}\" is nobody's id; {hint}", deputy.value));
        }
    }
    register
}

fn specialist(section: &mut Section<'_>) -> Option<(Specialist, Option<At<String>>)> {
    let id = section.required("id", "psychologist-1");
    if let Some(id) = &id {
        section.call(&format!("[[specialist]] {}:", id.value));
        if id.value.len() > 40 || !id.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            section.wrong(Some(id.line), "an id is made of small Latin letters, digits and hyphens, at most 40; write e.g. id = \"psychologist-1\"");
        }
    }
    let name = section.required("name", "Соколова Ирина Юрьевна");
    let email = section.required("email", "i.sokolova@school.example").and_then(|e| address(section, "email", e));
    let mut categories = Vec::new();
    for word in section.texts("categories", "psychologist").unwrap_or_default() {
        match Category::from_key(&word.value) {
            Some(category) if categories.contains(&category) => section.wrong(Some(word.line), format!("categories names {} twice; take one out", word.value)),
            Some(category) => categories.push(category),
            None => {
                let known = Category::ALL.map(Category::key);
                let hint = values::closest(&word.value, &known).map_or_else(|| format!("known: {}", known.join(", ")), |near| format!("did you mean {near}?"));
                section.wrong(Some(word.line), format!("\"{}\" is no category; {hint}", word.value));
            }
        }
    }
    let post = section.text("post", "педагог-психолог").map(|t| t.value);
    let deputy = section.text("deputy", "social-1");
    let silence = section.choice("silence", &[("consent", Silence::Consent), ("ask", Silence::Ask)]).map_or(Silence::Consent, |s| s.value);
    let windows = windows(section);
    let absences = absences(section);
    let connect = section.pairs("connect", "connect = { \"Сферум\" = \"Ссылка придёт в этом письме\" }");
    let post = post.unwrap_or_else(|| categories.first().map_or("сотрудник школы", |c| usual_post(*c)).to_owned());
    let person = Specialist {
        id: id?.value,
        name: name?.value,
        post,
        email: email?.value,
        categories,
        windows,
        absences,
        deputy: deputy.as_ref().map(|d| d.value.clone()),
        silence,
        connect: connect.into_iter().map(|(channel, how)| (channel.value, how)).collect(),
        ..Specialist::default()
    };
    Some((person, deputy))
}

/// How a specialist is called where the register does not say.
fn usual_post(category: Category) -> &'static str {
    match category {
        Category::Technical => "технический специалист",
        Category::Ejournal => "администратор электронного журнала",
        Category::Psychologist => "педагог-психолог",
        Category::SpeechTherapist => "учитель-логопед",
        Category::SocialPedagogue => "социальный педагог",
        Category::LearningHelp => "учитель",
        Category::LessonQuality | Category::Equipment | Category::Other => "сотрудник школы",
    }
}

fn windows(section: &Section<'_>) -> Vec<WeeklyWindow> {
    let mut out: Vec<WeeklyWindow> = Vec::new();
    for item in section.tables("windows") {
        let mut weekdays = Vec::new();
        for word in item.texts("weekdays", "tue").unwrap_or_default() {
            match values::weekday(&word.value) {
                Some(day) if weekdays.contains(&day) => item.wrong(Some(word.line), format!("names {} twice; take one out", word.value)),
                Some(day) => weekdays.push(day),
                None => item.wrong(Some(word.line), format!("\"{}\" is no weekday; write mon, tue, wed, thu, fri, sat, sun", word.value)),
            }
        }
        if !item.has("weekdays") {
            item.wrong(None, "weekdays is missing; write e.g. weekdays = [\"tue\", \"thu\"]");
        }
        let times = span(&item, "from", "to");
        let channels = item.texts("channels", "phone").unwrap_or_else(|| vec![At { value: "phone".into(), line: 0 }]);
        let valid_from = item.date("valid_from");
        let valid_to = item.date("valid_to");
        if let (Some(from), Some(to)) = (&valid_from, &valid_to)
            && from.value > to.value
        {
            item.wrong(Some(to.line), format!("valid_to ({}) is before valid_from ({}); exchange them or correct one", to.value, from.value));
        }
        if let Some((from, to)) = times {
            let window = WeeklyWindow {
                weekdays,
                from,
                to,
                channels: channels.into_iter().map(|c| c.value).collect(),
                valid_from: valid_from.map(|d| d.value),
                valid_to: valid_to.map(|d| d.value),
                ..WeeklyWindow::default()
            };
            if out.iter().any(|other| overlap(other, &window)) {
                item.wrong(
                    None,
                    format!(
                        "the window {}-{} overlaps with an earlier one of the same day; join them or correct the times",
                        from.format("%H:%M"),
                        to.format("%H:%M")
                    ),
                );
            }
            out.push(window);
        }
        item.finish();
    }
    out
}

/// Whether two windows claim the same minutes: a slot would be offered twice.
fn overlap(a: &WeeklyWindow, b: &WeeklyWindow) -> bool {
    let first = |w: &WeeklyWindow| w.valid_from.unwrap_or(NaiveDate::MIN);
    let last = |w: &WeeklyWindow| w.valid_to.unwrap_or(NaiveDate::MAX);
    a.weekdays.iter().any(|d| b.weekdays.contains(d)) && a.from < b.to && b.from < a.to && first(a) <= last(b) && first(b) <= last(a)
}

fn absences(section: &Section<'_>) -> Vec<Absence> {
    let mut out: Vec<Absence> = Vec::new();
    for item in section.tables("absences") {
        if let Some((from, to)) = days(&item) {
            if let Some(other) = out.iter().find(|a| a.from <= to && from <= a.to) {
                item.wrong(None, format!("overlaps with the absence from {} to {}; join them", other.from, other.to));
            }
            out.push(Absence { from, to });
        }
        item.finish();
    }
    out
}

/// Ids of the people named by address; who is not in the register is added with what is known, so that a letter can be written to them.
pub(super) fn meet(register: &mut Register, named: &[At<String>], prefix: &str, post: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for address in named {
        if let Some(person) = register.staff.iter().find(|s| s.email == address.value) {
            ids.push(person.id.clone());
            continue;
        }
        let mut number = 1;
        while register.staff.iter().any(|s| s.id == format!("{prefix}-{number}")) {
            number += 1;
        }
        let id = format!("{prefix}-{number}");
        ids.push(id.clone());
        register.lines.push(None);
        register.staff.push(Specialist {
            id,
            name: address.value.clone(),
            post: post.to_owned(),
            email: address.value.clone(),
            ..Specialist::default()
        });
    }
    ids
}

/// Adds head, director and operators to the register.
pub(super) fn roles(register: &mut Register, school: &School) -> (Vec<String>, Vec<String>) {
    let head = meet(register, &school.head, "head", "заместитель директора");
    let director = meet(register, &school.director, "director", "директор");
    meet(register, &school.operator, "operator", "оператор");
    (head, director)
}
