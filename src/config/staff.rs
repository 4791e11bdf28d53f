//! `rules/specialists.toml`: the staff register, and how it meets `head`, `director` and `operator` of `otklik.toml`.
//!
//! Not here: a person's hours and limits (`hours`).

use super::document::{At, Section};
use super::main_file::{School, address};
use super::{hours, values};
use crate::slots::{Silence, Specialist};
use crate::understand::Category;

/// The register, and where each person stands in the file.
#[derive(Default)]
pub(super) struct Register {
    pub(super) staff: Vec<Specialist>,
    /// Line of each person; those that only `otklik.toml` names have none.
    pub(super) lines: Vec<Option<usize>>,
}

/// Reads the register; `usual` is what silence means where a person's entry says nothing.
pub(super) fn read(root: Section<'_>, usual: Silence) -> Register {
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
        let Some((person, deputy)) = specialist(&mut section, usual) else {
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

fn specialist(section: &mut Section<'_>, usual: Silence) -> Option<(Specialist, Option<At<String>>)> {
    let id = section.required("id", "psychologist-1");
    if let Some(id) = &id {
        section.call(&format!("[[specialist]] {}:", id.value));
        if id.value.len() > 40 || !id.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            section.wrong(Some(id.line), "an id is made of small Latin letters, digits and hyphens, at most 40; write e.g. id = \"psychologist-1\"");
        }
    }
    let name = section.required("name", "Соколова Ирина Юрьевна");
    let email = section.required("email", "i.sokolova@school.example").and_then(|e| address(section, "email", e));
    let categories = hours::categories(section);
    let post = section.text("post", "педагог-психолог").map(|t| t.value);
    let deputy = section.text("deputy", "social-1");
    let silence = silence(section).unwrap_or(usual);
    let silence_hours = section.number("silence_hours", 1..=40).and_then(|n| u32::try_from(n.value).ok());
    let windows = hours::windows(section, &categories);
    let exceptions = hours::exceptions(section);
    let absences = hours::absences(section);
    let lunch = hours::lunch(section);
    let load = hours::load(section);
    let classes = hours::classes(section);
    let subjects = section.texts("subjects", "математика").unwrap_or_default();
    let minutes = |key, most| section.number(key, 0..=most).and_then(|n| u32::try_from(n.value).ok());
    let buffer_minutes = minutes("buffer_minutes", 120);
    let notice_minutes = minutes("notice_minutes", 7 * 24 * 60);
    let travel_minutes = minutes("travel_minutes", 240).unwrap_or(0);
    let busy_file = section.text("busy_file", "busy/psychologist-1.ics");
    if let Some(file) = busy_file.as_ref().filter(|f| !f.value.to_lowercase().ends_with(".ics")) {
        section.wrong(Some(file.line), format!("busy_file = \"{}\" is no calendar file; write the path of a file that ends in .ics", file.value));
    }
    let reminders = section.flag("reminders").unwrap_or(true);
    let connect = section.pairs("connect", "connect = { \"Сферум\" = \"Ссылка придёт в этом письме\" }");
    let post = post.unwrap_or_else(|| categories.first().map_or("сотрудник школы", |c| usual_post(*c)).to_owned());
    let person = Specialist {
        id: id?.value,
        name: name?.value,
        post,
        email: email?.value,
        categories,
        classes,
        subjects: subjects.into_iter().map(|s| s.value).collect(),
        windows,
        exceptions,
        absences,
        lunch,
        load,
        buffer_minutes,
        notice_minutes,
        travel_minutes,
        busy_file: busy_file.map(|f| f.value),
        reminders,
        deputy: deputy.as_ref().map(|d| d.value.clone()),
        silence,
        silence_minutes: silence_hours.map(|hours| hours * 60),
        connect: connect.into_iter().map(|(channel, how)| (channel.value, how)).collect(),
    };
    Some((person, deputy))
}

/// What silence to a proposed time means.
pub(super) fn silence(section: &Section<'_>) -> Option<Silence> {
    section.choice("silence", &[("consent", Silence::Consent), ("ask", Silence::Ask)]).map(|s| s.value)
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
        register.staff.push(Specialist { id, name: address.value.clone(), post: post.to_owned(), email: address.value.clone(), ..Specialist::default() });
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
