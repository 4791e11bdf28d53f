//! Who does what: specialists of a category, the acting head and director, deputies. Nobody handles a matter about themselves.

use super::Round;
use crate::slots::{Presence, Specialist};
use crate::understand::Category;
use chrono::{DateTime, Utc};

impl<'a> Round<'a> {
    /// Whether somebody is there within one working day.
    pub(super) fn present(&self, person: &Specialist) -> bool {
        person.presence(&self.settings.worktime, self.now) == Presence::Present
    }

    /// Working minutes for which somebody may be silent to a proposed time.
    pub(super) fn silence_minutes(&self, person: &Specialist) -> u32 {
        person.silence_minutes.unwrap_or(self.settings.terms.silence_minutes)
    }

    /// When their silence to a time proposed now means something.
    pub(super) fn silent_at(&self, person: &Specialist) -> DateTime<Utc> {
        let worktime = &self.settings.worktime;
        worktime.add_working_minutes(worktime.next_office_moment(self.now), self.silence_minutes(person))
    }

    /// The first present of a list that the matter is not about; the first such when nobody is present.
    fn acting(&self, ids: &[String], excluded: &[String]) -> Option<&'a Specialist> {
        let mut free = ids.iter().filter(|id| !excluded.contains(id)).filter_map(|id| self.settings.person(id));
        free.clone().find(|p| self.present(p)).or_else(|| free.next())
    }

    /// Whoever decides: the head or a deputy; about the head the director; about the director their deputy.
    pub fn decider(&self, excluded: &[String]) -> Option<&'a Specialist> {
        let about_head = self.settings.head.first().is_some_and(|h| excluded.contains(h));
        if about_head { self.acting(&self.settings.director, excluded) } else { self.acting(&self.settings.head, excluded) }
            .or_else(|| self.acting(&self.settings.director, excluded))
    }

    /// The director or a deputy.
    pub(super) fn director(&self, excluded: &[String]) -> Option<&'a Specialist> {
        self.acting(&self.settings.director, excluded)
    }

    /// The head and all deputies who may know.
    pub(super) fn heads(&self, excluded: &[String]) -> Vec<&'a Specialist> {
        self.settings.head.iter().filter(|id| !excluded.contains(id)).filter_map(|id| self.settings.person(id)).collect()
    }

    /// Those who answer a category and may: on duty in the season, else by the register.
    pub(super) fn of_category(&self, category: Category, excluded: &[String]) -> Vec<&'a Specialist> {
        let today = self.date(self.now);
        let serves = |p: &&Specialist| p.categories.contains(&category) && !excluded.contains(&p.id);
        let on_duty: Vec<_> = (self.settings.seasons.iter())
            .filter(|s| s.from <= today && today <= s.to)
            .flat_map(|s| s.duty.iter())
            .filter_map(|id| self.settings.person(id))
            .filter(serves)
            .collect();
        if on_duty.is_empty() { self.settings.staff.iter().filter(serves).collect() } else { on_duty }
    }

    /// Who stands in for somebody: the register's deputy when present, else whoever decides.
    pub(super) fn deputy(&self, person: &Specialist, excluded: &[String]) -> Option<&'a Specialist> {
        (person.deputy.iter())
            .filter(|id| !excluded.contains(id))
            .filter_map(|id| self.settings.person(id))
            .find(|p| self.present(p))
            .or_else(|| self.decider(excluded).filter(|d| d.id != person.id && self.present(d)))
    }

    /// «педагог-психолог Соколова Ирина Юрьевна».
    pub(super) fn titled(person: &Specialist) -> String {
        if person.post.is_empty() { person.name.clone() } else { format!("{} {}", person.post, person.name) }
    }

    /// The season's line for receipts.
    pub(super) fn season_line(&self) -> Option<String> {
        let today = self.date(self.now);
        self.settings.seasons.iter().filter(|s| s.from <= today && today <= s.to).find_map(|s| s.line.clone())
    }
}
