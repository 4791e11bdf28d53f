//! Every letter with every sample, as its reader's program would show it: what a school looks at after it changed a template, and what the
//! test in a browser measures.
//!
//! Not here: the samples themselves (beside each letter), checking templates (`templates`).

use super::buttons::{Choice, Press};
use super::mime::Inline;
use super::page::with_pictures;
use super::templates::samples;
use super::{Composer, Picture};
use chrono::{DateTime, Utc};

/// One letter as it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Template and number of the sample: `receipt-1`.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The page, its pictures inside.
    pub html: String,
    /// For staff.
    pub staff: bool,
}

impl Composer {
    /// All letters, in the order of the templates, made at `now`. Letters to staff about an appeal show the buttons that stand below.
    pub fn previews(&self, now: DateTime<Utc>) -> Vec<Preview> {
        let mut all = Vec::new();
        for letter in samples() {
            for (index, (sample, drawn)) in letter.values.iter().zip(&letter.pictures).enumerate() {
                let about_one =
                    !APART.iter().any(|name| letter.name.starts_with(name)) && sample.get_attr("number").is_ok_and(|n| !n.is_undefined() && !n.is_none());
                let press = (letter.staff && about_one).then(|| press().bound(&self.address, letter.name, now));
                let around = self.surroundings(now, press.as_ref());
                let Some(rendered) = self.templates.render(letter.name, sample, &around) else { continue };
                let pictures: Vec<Inline> = drawn.iter().map(|p: &Picture| Inline { id: p.name.to_owned(), png: p.png.clone() }).collect();
                all.push(Preview {
                    name: format!("{}-{}", letter.name, index + 1),
                    subject: rendered.subject,
                    text: rendered.text,
                    html: with_pictures(&rendered.html, &pictures),
                    staff: letter.staff,
                });
            }
        }
        all
    }
}

/// Letters to staff that stand without further buttons: they are about no appeal, or about several.
const APART: [&str; 5] = ["announcement", "group_", "help", "confirmation", "done_list"];

/// A press of nobody: the buttons can be looked at, and a letter that they open is refused.
fn press() -> Press {
    let choices = vec![Choice::of("Не моё", "не моё"), Choice::with_room("Передать коллеге", "передать", ": ")];
    Press { number: 147, token: "preview".to_owned(), about: None, choices }
}
