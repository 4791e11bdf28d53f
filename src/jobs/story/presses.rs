//! Buttons pressed in stories, and what a story says of the school's mail server.
//!
//! Not here: what a press is worth (`decide`).

use super::Teller;
use crate::compose::{InstanceKey, OlderKey, links};
use crate::settings::{SenderCheck, Settings};

/// What proves a sender, by the word of a story.
pub(super) fn profile(word: &str) -> Option<SenderCheck> {
    let named = |id: &str| SenderCheck { authserv_id: Some(id.to_owned()), ..SenderCheck::default() };
    match word {
        "mail.ru" => Some(named("mxs.mail.ru")),
        "own" => Some(named("mx.school.example")),
        "yandex" => Some(SenderCheck { dkim: true, ..SenderCheck::default() }),
        "none" => Some(SenderCheck::default()),
        "trusted" => Some(SenderCheck { trusted: true, ..SenderCheck::default() }),
        _ => None,
    }
}

impl Teller<'_> {
    /// Headers and text of the letter that opens when the button with these words is pressed: in the last letter to `of` that has one.
    pub(super) fn pressed(&self, who: &str, of: &str, first: bool, words: &str, more: &str) -> Result<(Vec<(String, String)>, String), String> {
        // «№ 4: ответ дан» names one button of a letter about several appeals.
        let meant = |(subject, body): &(String, String)| if words.starts_with('№') { subject.contains(words) } else { body.starts_with(words) };
        let mut buttons = self.got.iter().filter(|g| g.to.eq_ignore_ascii_case(of)).flat_map(|g| links(&g.raw)).filter(meant);
        let (subject, body) = if first { buttons.next() } else { buttons.next_back() }.ok_or_else(|| format!("{of} has no button «{words}»"))?;
        let from = self.name(who).map_or_else(|| who.to_owned(), |name| format!("{name} <{who}>"));
        Ok((vec![("From".to_owned(), from), ("Subject".to_owned(), subject)], format!("{body}{more}")))
    }

    /// The school's mail server from now on.
    pub(super) fn believes(&mut self, word: &str, check: &SenderCheck) -> Result<(), String> {
        let school = self.rehearsal.school();
        school.reload(Settings { sender_check: check.clone(), ..(*school.settings()).clone() });
        self.say(format!("проверка отправителя: {word}"))
    }

    /// `otklik key rotate`.
    pub(super) fn rotate(&mut self) -> Result<(), String> {
        let until = self.now()?;
        let school = self.rehearsal.school();
        let mut settings = (*school.settings()).clone();
        let old = settings.composer.key.clone();
        settings.composer.key = InstanceKey(old.0.map(|b| b.wrapping_add(1)));
        settings.composer.older = Some(OlderKey { key: old, until });
        school.reload(settings);
        self.say("новый ключ школы".to_owned())
    }
}
