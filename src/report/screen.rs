//! How much of a daily report is shown: one screen, what needs a decision before all else; of the rest «ещё N».
//!
//! Not here: how a line looks (`compose`). The counting follows the text of the letter line by line; a test holds it against the letter itself.

use super::Daily;
use serde::Serialize;

/// Lines of text that a screen holds.
pub const SCREEN_LINES: usize = 40;
/// No list is longer, however empty the rest.
const LONGEST: usize = 12;
/// Decisions that are shown whatever else there is.
const FIRST: usize = 3;
/// Header, totals, topics, load, letters, absence, and the empty lines around them.
const FRAME: usize = 11;

/// Lines shown of each list; a list of which nothing is shown is told by its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Screen {
    /// Decisions about an appeal: two lines each.
    pub decisions: usize,
    /// Questions about no appeal: two lines each.
    pub asks: usize,
    /// Terms of today.
    pub due_today: usize,
    /// Overdue.
    pub overdue: usize,
    /// Consultations.
    pub meetings: usize,
    /// Urgent ones.
    pub urgent: usize,
    /// Letters that did not arrive.
    pub undelivered: usize,
    /// Parked letters.
    pub parked: usize,
    /// The same trouble of many.
    pub incidents: usize,
    /// Letters of staff.
    pub staff_letters: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Screen {
    /// What of this report fits into so many lines: each list gets a line in the order of weight, then the next round, until the screen is full.
    pub fn of(report: &Daily, most: usize) -> Screen {
        let lengths = Screen {
            decisions: report.decisions.len(),
            asks: report.asks.len(),
            due_today: report.due_today.len(),
            overdue: report.overdue.len(),
            meetings: report.meetings.len(),
            urgent: report.urgent.len(),
            undelivered: report.undelivered.len(),
            parked: report.parked.len(),
            incidents: report.incidents.len(),
            staff_letters: report.staff_letters.len(),
            warnings: report.warnings.len(),
        };
        let marks = usize::from(report.shadow) + usize::from(report.late);
        let mut shown = Screen::default();
        // Decisions are what the letter is for: a handful of them before anything else gets room.
        for (slot, first) in [(0, FIRST), (1, 1)] {
            for _ in 0..first {
                let mut more = shown;
                let (Some(n), Some(of)) = (more.slot(slot), lengths.value(slot)) else { continue };
                *n = (*n + 1).min(of);
                if FRAME + marks + more.lines(&lengths) <= most {
                    shown = more;
                }
            }
        }
        // Then a line of each list, as far as there is room.
        for slot in 2..Screen::SLOTS {
            let mut more = shown;
            let (Some(n), Some(of)) = (more.slot(slot), lengths.value(slot)) else { continue };
            *n = of.min(1);
            if FRAME + marks + more.lines(&lengths) <= most {
                shown = more;
            }
        }
        loop {
            let mut grown = false;
            for slot in 0..Screen::SLOTS {
                let mut more = shown;
                let (Some(n), Some(of)) = (more.slot(slot), lengths.value(slot)) else { continue };
                if *n >= of.min(LONGEST) {
                    continue;
                }
                *n += 1;
                if FRAME + marks + more.lines(&lengths) <= most {
                    shown = more;
                    grown = true;
                }
            }
            if !grown {
                return shown;
            }
        }
    }

    const SLOTS: usize = 11;

    /// In the order of weight.
    fn slot(&mut self, index: usize) -> Option<&mut usize> {
        Some(match index {
            0 => &mut self.decisions,
            1 => &mut self.asks,
            2 => &mut self.overdue,
            3 => &mut self.due_today,
            4 => &mut self.urgent,
            5 => &mut self.undelivered,
            6 => &mut self.meetings,
            7 => &mut self.incidents,
            8 => &mut self.parked,
            9 => &mut self.warnings,
            10 => &mut self.staff_letters,
            _ => return None,
        })
    }

    fn value(mut self, index: usize) -> Option<usize> {
        self.slot(index).map(|n| *n)
    }

    /// Lines of the lists: an empty line, a title, the items and «ещё N»; one line alone where nothing is shown.
    fn lines(self, lengths: &Screen) -> usize {
        (0..Screen::SLOTS)
            .map(|slot| match (self.value(slot).unwrap_or(0), lengths.value(slot).unwrap_or(0), if slot < 2 { 2 } else { 1 }) {
                (_, 0, _) => 0,
                (0, _, _) => 1,
                (n, of, each) => 2 + n * each + usize::from(of > n),
            })
            .sum()
    }
}
