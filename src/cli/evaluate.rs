//! `otklik evaluate`: letters that people labelled, read by the program and scored key by key.
//!
//! Not here: the scoring (`understand::scores`), the look of the table (`evaluate/table.rs`).

mod json;
mod table;

use super::WrongUse;
use super::explain::{Around, Reader};
use crate::message::{self, Message};
use crate::understand::scores::{Label, Mistake, Scores, deal, in_folds, labels};
use crate::understand::{Learned, Topics};
use anyhow::Result;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Evaluate {
    /// Labels, JSON lines (see docs/labels.md); letters are looked for beside them
    #[arg(value_name = "LABELS.jsonl")]
    labels: PathBuf,
    #[command(flatten)]
    around: Around,
    /// Deal the letters into N folds; each is judged by topics that never saw its labels
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..))]
    folds: Option<u16>,
    /// With each miss, why it was read so; quotes the letters
    #[arg(long)]
    misses: bool,
}

/// What the output says besides the scores.
struct Shown<'a> {
    labels: &'a Path,
    folds: Option<u16>,
    reasons: bool,
}

impl Evaluate {
    pub(super) fn run(self, path: Option<&Path>, json: bool, out: &mut impl Write) -> Result<()> {
        let reader = self.around.reader(path)?;
        let (labels, letters) = self.gather()?;
        let mut read = vec![None; letters.len()];
        let mut judge = |topics: &Topics, letter: usize| {
            if let (Some(place), Some(message)) = (read.get_mut(letter), letters.get(letter)) {
                *place = Some(reader.understand(topics, message));
            }
        };
        match self.folds.map(usize::from) {
            None => (0..letters.len()).for_each(|letter| judge(&reader.settings.topics, letter)),
            Some(folds) if folds > letters.len() => {
                return Err(WrongUse(format!("--folds {folds}: there are only {} letters; each fold needs one", letters.len())).into());
            }
            Some(folds) => {
                let lessons: Vec<Option<Learned>> = labels.iter().zip(&letters).map(|(label, letter)| lesson(&reader, label, letter)).collect();
                in_folds(&deal(&labels, folds), |others| trained(&reader.settings.topics, &lessons, others), judge);
            }
        }
        // Counted in the order of the labels, however the letters were dealt.
        let mut scores = Scores::default();
        for (label, read) in labels.iter().zip(&read) {
            if let Some(read) = read {
                scores.count(label, read);
            }
        }
        let shown = Shown { labels: &self.labels, folds: self.folds, reasons: self.misses };
        if json {
            writeln!(out, "{}", json::object(&scores, &shown))?
        } else {
            table::print(&scores, &shown, out)?
        }
        Ok(())
    }

    /// Labels and their letters; all that is wrong with them at once.
    fn gather(&self) -> Result<(Vec<Label>, Vec<Message>)> {
        let name = self.labels.display();
        let bytes = std::fs::read(&self.labels).map_err(|e| WrongUse(format!("{name} cannot be read: {e}")))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            let line = e.as_bytes().iter().take(e.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            WrongUse(format!("{name}:{line}: is not UTF-8; save the file in that encoding"))
        })?;
        let folder = self.labels.parent().unwrap_or(Path::new(""));
        let (labels, mut mistakes) = labels(&text);
        let mut letters = Vec::with_capacity(labels.len());
        for label in &labels {
            let path = folder.join(&label.file);
            match std::fs::read(&path) {
                Ok(bytes) => letters.push(message::read(&bytes)),
                Err(e) => mistakes.push(Mistake { line: label.line, what: format!("file: {} cannot be read: {e}", path.to_string_lossy().escape_debug()) }),
            }
        }
        if mistakes.is_empty() {
            return Ok((labels, letters));
        }
        mistakes.sort();
        let lines: String = mistakes.iter().map(|m| format!("\n  {name}:{}: {}", m.line, m.what)).collect();
        Err(WrongUse(format!("nothing was scored, the labels have mistakes:{lines}")).into())
    }
}

/// What a labelled letter teaches: all its own words, since nothing of it is kept. `None` where the label names no category.
fn lesson(reader: &Reader, label: &Label, letter: &Message) -> Option<Learned> {
    let category = label.category()?;
    let read = reader.understand(&reader.settings.topics, letter);
    Some(Learned::whole(category, &format!("{}.\n\n{}", letter.subject, read.text)))
}

/// Topics for a fold: the labels of the other folds count as corrections. Those that the school's people made are left out, since they may be of
/// the very letters that are judged.
fn trained(topics: &Topics, lessons: &[Option<Learned>], others: &[usize]) -> Topics {
    let seen: Vec<Learned> = others.iter().filter_map(|&letter| lessons.get(letter)?.clone()).collect();
    topics.learned(&seen)
}
