//! The school: 30 specialists with windows, weeks, loads, lunches, absences, quarters and a quarantine of their own.

use crate::chance::{Chance, time};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use otklik::settings::{Mode, Settings};
use otklik::slots::{Absence, ClassRange, DayException, DayHours, Load, Silence, Specialist, WeeklyWindow, Weeks};
use otklik::understand::Category;

/// The first day of the year.
pub fn first() -> NaiveDate {
    day(2026, 9, 1)
}

/// The last day on which families write.
pub fn last() -> NaiveDate {
    day(2027, 5, 31)
}

/// A date.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Subjects of the teachers, and how many families of a hundred ask for each.
pub const SUBJECTS: [(&str, u64); 6] = [("математика", 34), ("русский язык", 24), ("английский язык", 20), ("физика", 9), ("химия", 7), ("история", 6)];

/// The quarters; teachers hold no consultations between them.
fn quarters() -> [(NaiveDate, NaiveDate); 4] {
    [(day(2026, 9, 1), day(2026, 10, 23)), (day(2026, 11, 5), day(2026, 12, 29)), (day(2027, 1, 11), day(2027, 3, 19)), (day(2027, 3, 29), day(2027, 5, 31))]
}

fn window(days: &[Weekday], from: u32, hours: u32, channels: &[&str]) -> WeeklyWindow {
    WeeklyWindow {
        weekdays: days.to_vec(),
        from: time(from, 0),
        to: time(from + hours, 0),
        channels: channels.iter().map(|c| (*c).to_owned()).collect(),
        ..WeeklyWindow::default()
    }
}

const SURNAMES: [&str; 30] = [
    "Самойлова",
    "Рогова",
    "Белкина",
    "Чернова",
    "Жданова",
    "Мельник",
    "Полозова",
    "Ларина",
    "Гусева",
    "Тихонова",
    "Никитина",
    "Фомина",
    "Сидоренко",
    "Панова",
    "Морозова",
    "Козлова",
    "Ершова",
    "Зайцева",
    "Крылова",
    "Титова",
    "Быкова",
    "Родина",
    "Седова",
    "Лапина",
    "Горина",
    "Дорохова",
    "Ковалёва",
    "Сомова",
    "Щукина",
    "Ярцева",
];

fn person(id: String, post: &str, category: Category, number: usize, head: &str) -> Specialist {
    Specialist {
        email: format!("{id}@school.example"),
        id,
        name: format!("{} Ирина Юрьевна", SURNAMES[number % SURNAMES.len()]),
        post: post.to_owned(),
        categories: vec![category],
        lunch: Some((time(12, 30), time(13, 0))),
        deputy: Some(head.to_owned()),
        silence: if number % 6 == 5 { Silence::Ask } else { Silence::Consent },
        ..Specialist::default()
    }
}

/// The settings: the demo school's rules with this staff.
pub fn settings(chance: &mut Chance) -> Settings {
    use Weekday::{Fri, Mon, Thu, Tue, Wed};
    let mut settings = otklik::config::demo();
    settings.mode = Mode::Live;
    let head = settings.head[0].clone();
    let run: Vec<String> = settings.head.iter().chain(&settings.director).cloned().collect();
    let operators = settings.operator.clone();
    settings.staff.retain(|s| run.contains(&s.id) || operators.contains(&s.email));
    let all = ["phone", "Сферум", "in_person"];
    let mut staff = Vec::new();
    let weeks = [[Mon, Tue, Thu], [Tue, Wed, Fri], [Mon, Wed, Thu], [Tue, Thu, Fri], [Mon, Wed, Fri], [Mon, Tue, Fri]];
    for (n, [a, b, c]) in weeks.into_iter().enumerate() {
        let mut one = person(format!("psychologist-{}", n + 1), "педагог-психолог", Category::Psychologist, n, &head);
        one.windows = vec![window(&[a, b, c], 14, 3, &all), window(&[b], 9, 3, &all), window(&[c], 9, 3, &["phone", "in_person"])];
        match n {
            2 => one.windows[1].weeks = Some(Weeks::Odd),
            4 => one.windows[2].weeks = Some(Weeks::Even),
            _ => {}
        }
        if n % 2 == 0 {
            one.windows.push(WeeklyWindow { reserve: true, ..window(&[Mon, Wed, Fri], 17, 1, &["phone"]) });
        }
        one.load = Load { day: Some(5 + n as u32 % 2), week: Some(15) };
        staff.push(one);
    }
    for n in 0..4 {
        let [a, b, c] = weeks[n + 1];
        let mut one = person(format!("speech-{}", n + 1), "учитель-логопед", Category::SpeechTherapist, 6 + n, &head);
        one.windows = vec![window(&[a, b], 13, 3, &all), window(&[c], 10, 2, &["in_person"]), window(&[b], 9, 3, &["phone", "in_person"])];
        one.classes = vec![ClassRange::parse(if n < 2 { "1-4" } else { "1-6" }).unwrap()];
        one.load = Load { day: Some(4), week: Some(12) };
        staff.push(one);
    }
    for n in 0..4 {
        let [a, b, c] = weeks[n + 2];
        let mut one = person(format!("social-{}", n + 1), "социальный педагог", Category::SocialPedagogue, 10 + n, &head);
        one.windows = vec![window(&[a, c], 15, 3, &["phone", "MAX", "in_person"]), window(&[b], 9, 2, &["phone", "in_person"]), window(&[c], 10, 2, &all)];
        if n == 3 {
            one.windows[0].weeks = Some(Weeks::Odd);
        }
        one.load = Load { day: Some(4), week: Some(12) };
        staff.push(one);
    }
    for n in 0..16 {
        let subject = match n {
            0..5 => 0,
            5..9 => 1,
            9..12 => 2,
            12..14 => 3,
            14 => 4,
            _ => 5,
        };
        let [a, b, c] = weeks[n % 6];
        let mut one = person(format!("teacher-{:02}", n + 1), &format!("учитель, {}", SUBJECTS[subject].0), Category::LearningHelp, 14 + n, &head);
        one.subjects = vec![SUBJECTS[subject].0.to_owned()];
        if n % 4 == 1 {
            one.classes = vec![ClassRange::parse("5-8").unwrap()];
        }
        let from = 14 + n as u32 % 3;
        for (begin, end) in quarters() {
            for (days, hour) in [([a, b], from), ([c, a], from + 1)] {
                let days = if hour == from { &days[..] } else { &days[..1] };
                one.windows.push(WeeklyWindow { valid_from: Some(begin), valid_to: Some(end), ..window(days, hour, 2, &all[..2 + n % 2]) });
            }
        }
        one.load = Load { day: Some(3), week: Some(6) };
        staff.push(one);
    }
    for (n, one) in staff.iter_mut().enumerate() {
        // A course or a leave that is known in September.
        let from = first() + TimeDelta::days(chance.between(20, 250));
        one.absences.push(Absence { from, to: from + TimeDelta::days(chance.between(2, 9)) });
        if matches!(n, 6 | 7 | 15 | 19 | 24) {
            // Quarantine in the classes of these: a week by telephone and screen, in the afternoon.
            let days = (8..13).map(|d| day(2027, 2, d));
            let hours = DayHours { from: time(14, 0), to: time(16, 0), channels: vec!["phone".into(), "Сферум".into()], place: None };
            one.exceptions.extend(days.map(|date| DayException { date, hours: Some(hours.clone()) }));
        }
        if n % 5 == 3 {
            // The teachers' council.
            let councils = [day(2026, 11, 17), day(2027, 1, 26), day(2027, 3, 30)];
            one.exceptions.extend(councils.map(|date| DayException { date, hours: None }));
        }
    }
    settings.staff.extend(staff);
    settings
}

/// Days on which somebody falls ill in the morning: day, id, days.
pub fn illnesses(settings: &Settings, chance: &mut Chance) -> Vec<(NaiveDate, String, i64)> {
    let staff: Vec<&Specialist> = settings.staff.iter().filter(|s| !s.windows.is_empty() && !s.categories.is_empty()).collect();
    let mut found: Vec<_> = (0..40)
        .map(|_| {
            let date = first() + TimeDelta::days(chance.between(5, 265));
            (date, chance.of(&staff).id.clone(), chance.between(1, 9))
        })
        .filter(|(date, ..)| date.weekday().num_days_from_monday() < 5)
        .collect();
    found.sort();
    found
}
