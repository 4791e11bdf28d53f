//! First fit, for comparison: no wishes, no fairness; what the author cannot holds for it too. Nobody answers it.

use crate::oracle::{Query, Taken, free};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::settings::Settings;
use otklik::slots::Specialist;

/// What a greedy way gave each letter: specialist and start.
#[derive(Default)]
pub struct Greedy {
    pub taken: Taken,
    pub given: Vec<Option<(String, DateTime<Utc>)>>,
}

impl Greedy {
    /// The first free slot of the first specialist by id who has one; or (`anybody`) the earliest of all, the first by id among equals.
    pub fn assign(&mut self, settings: &Settings, query: &Query<'_>, index: usize, anybody: bool) {
        let mut people: Vec<&Specialist> = settings.staff.iter().filter(|p| p.categories.contains(&query.category)).collect();
        people.sort_by(|a, b| a.id.cmp(&b.id));
        let mut firsts = people.iter().filter_map(|p| free(settings, p, &self.taken, query).first().map(|at| (p.id.clone(), *at)));
        let found = if anybody { firsts.min_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0))) } else { firsts.next() };
        if let Some((id, start)) = &found {
            let end = *start + TimeDelta::minutes(i64::from(settings.terms.consultation_minutes));
            self.taken.entry(id.clone()).or_default().push((*start, end));
        }
        self.given.resize(self.given.len().max(index + 1), None);
        self.given[index] = found;
    }
}
