//! The letter that goes along with the schedule of consultations when it has changed. Not here: when that is (`decide::publish`).

use super::Letter;
use serde::Serialize;

/// To whoever keeps the school's site: new files are attached.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleChanged {
    /// The first one: nothing of it is on the site yet.
    pub first: bool,
    /// The files and what each is for.
    pub files: Vec<NamedFile>,
    /// Where they lie too.
    pub folder: Option<String>,
    /// Number or date of the order is a blank.
    pub unsigned: bool,
}

/// A file and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedFile {
    /// As attached.
    pub name: String,
    /// «страница для сайта и стенда».
    pub what: String,
}

impl Letter for ScheduleChanged {
    const NAME: &'static str = "schedule_changed";
    fn samples() -> Vec<Self> {
        let file = |name: &str, what: &str| NamedFile { name: name.to_owned(), what: what.to_owned() };
        let files = vec![file("schedule.html", "страница для сайта и стенда"), file("social-1.ics", "календарь: Никитина С. О.")];
        vec![
            ScheduleChanged { first: true, files: files.clone(), folder: None, unsigned: true },
            ScheduleChanged { first: false, files, folder: Some("/srv/site/schedule".to_owned()), unsigned: false },
        ]
    }
}
