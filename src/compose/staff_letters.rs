//! Letters to staff: tasks, alarms, decisions, reminders, escalations, reports, notices.

use super::Choice;
use crate::report;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// A consultation's time in a staff letter.
#[derive(Debug, Clone, Serialize)]
pub struct Slotted {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// When silence counts as consent, where it does.
    pub silent_until: Option<DateTime<Utc>>,
    /// Why this time: sentences.
    pub why: Vec<String>,
}

/// A file of the author's letter.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// Neutral name, «вложение-1.pdf».
    pub name: String,
    /// In words, «PDF, 120 КБ».
    pub what: String,
    /// Goes along with the letter; otherwise it is to be looked up in the mailbox.
    pub included: bool,
}

/// The specialist's letter: a request, or a consultation with its slot (and REQUEST).
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// Appeal number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// Second question's title.
    pub secondary: Option<String>,
    /// Receipt.
    pub received: DateTime<Utc>,
    /// Answer or invitation is due.
    pub due: DateTime<Utc>,
    /// Calendar year unknown.
    pub provisional: bool,
    /// Author as understood.
    pub name: Option<String>,
    /// «родитель», …
    pub role: String,
    /// Child.
    pub child: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// Phone, printed.
    pub phone: Option<String>,
    /// Address that answers go to.
    pub email: Option<String>,
    /// Channel and times wished, in words.
    pub wishes: Vec<String>,
    /// The author's whole text.
    pub text: String,
    /// Why it came here.
    pub reasons: Vec<String>,
    /// Files.
    pub files: Vec<Listed>,
    /// Marks in words: «срочно», «жалоба», «уточнить, представитель ли».
    pub marks: Vec<String>,
    /// The consultation's time.
    pub slot: Option<Slotted>,
    /// Who passed it on.
    pub passed_by: Option<String>,
    /// Reopened: «автор пишет, что не помогло».
    pub reopened: bool,
}

/// The specialist's consultation moved.
#[derive(Debug, Clone, Serialize)]
pub struct TaskMoved {
    /// Appeal number.
    pub number: i64,
    /// New time.
    pub slot: Slotted,
    /// Old start.
    pub old_start: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// By the specialist's own word: nothing is asked of them.
    pub agreed: bool,
}

/// The specialist's consultation will not take place.
#[derive(Debug, Clone, Serialize)]
pub struct TaskCancelled {
    /// Appeal number.
    pub number: i64,
    /// Start that is cancelled.
    pub start: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// The head must decide.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// Appeal number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// Next best guess.
    pub runner_up: Option<String>,
    /// What is to be decided, one sentence.
    pub question: String,
    /// Author's name and text, where the reader may see them.
    pub name: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// The text, where the reader may see it.
    pub text: Option<String>,
    /// What was understood.
    pub reasons: Vec<String>,
    /// What can be decided, each a button.
    pub options: Vec<Choice>,
    /// Due.
    pub due: DateTime<Utc>,
    /// Files of the author's letter, named only.
    pub files: Vec<Listed>,
}

/// A child may be in danger.
#[derive(Debug, Clone, Serialize)]
pub struct Alarm {
    /// Appeal number.
    pub number: i64,
    /// 1 for the first, 2, 3 … for repeats.
    pub round: u32,
    /// Receipt.
    pub received: DateTime<Utc>,
    /// Author.
    pub name: Option<String>,
    /// Child.
    pub child: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// The text.
    pub text: String,
    /// Words that caused the alarm.
    pub reasons: Vec<String>,
}

/// One appeal in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// Appeal number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// Specialist's name.
    pub assignee: Option<String>,
    /// What is due: «взять в работу», «ответить», «пригласить».
    pub what: String,
    /// When.
    pub due: DateTime<Utc>,
    /// The term has passed.
    pub overdue: bool,
}

/// Reminder to the specialist before a term ends.
#[derive(Debug, Clone, Serialize)]
pub struct Reminder {
    /// Appeal number.
    pub number: i64,
    /// What and when.
    pub item: Item,
}

/// Terms that passed: to the head one by one, to the director one list a day.
#[derive(Debug, Clone, Serialize)]
pub struct Escalation {
    /// The appeals.
    pub items: Vec<Item>,
    /// The reader is the director.
    pub director: bool,
}

/// Work passed to a deputy.
#[derive(Debug, Clone, Serialize)]
pub struct Handover {
    /// Appeal number, where it is about one.
    pub number: Option<i64>,
    /// Who had it.
    pub from: String,
    /// Who has it now.
    pub to: String,
    /// Why.
    pub reason: String,
    /// The reader is the one who takes over.
    pub reader_takes_over: bool,
}

/// Call this number, say this.
#[derive(Debug, Clone, Serialize)]
pub struct CallTask {
    /// Appeal number.
    pub number: i64,
    /// Phone, printed.
    pub phone: String,
    /// Name to ask for.
    pub name: Option<String>,
    /// At most five short lines, nothing for a third person who picks up.
    pub say: Vec<String>,
    /// Why a call: «адреса нет», «письмо не дошло».
    pub reason: String,
    /// A call about this appeal was asked for before and not made yet: these words replace those.
    pub instead: bool,
    /// The reader chose to call, or the words are theirs.
    pub own: bool,
}

/// The author (or a colleague) wrote again.
#[derive(Debug, Clone, Serialize)]
pub struct Added {
    /// Appeal number.
    pub number: i64,
    /// «автор благодарит», «автор просит другое время», …
    pub what: String,
    /// The text.
    pub text: String,
    /// Files, named.
    pub files: Vec<Listed>,
}

/// To the operator: letters that could not be handled.
#[derive(Debug, Clone, Serialize)]
pub struct Parked {
    /// Folder and UID of each, with the moment of receipt and the reason; nothing of the letter itself.
    pub letters: Vec<String>,
}

/// A letter did not reach the author.
#[derive(Debug, Clone, Serialize)]
pub struct Undeliverable {
    /// Appeal number.
    pub number: i64,
    /// Which letter: «квитанция», «приглашение на 25 ноября».
    pub what: String,
    /// Why, in words.
    pub why: String,
    /// Phone to call.
    pub phone: Option<String>,
}

/// One line to whoever passed an appeal on.
#[derive(Debug, Clone, Serialize)]
pub struct Passed {
    /// Appeal number.
    pub number: i64,
    /// Post of the specialist, no name of the author.
    pub who: String,
    /// By when.
    pub due_date: NaiveDate,
    /// The call that a phone-only appeal needs comes to the operator.
    pub call: bool,
    /// What to say to an author who is still on the line.
    pub say: Vec<String>,
    /// The number to call back, where the talk is over and no letter can tell the author.
    pub phone: Option<String>,
}

/// A short notice to staff: a title and a few lines.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Appeal number.
    pub number: Option<i64>,
    /// Title, part of the subject.
    pub title: String,
    /// Lines.
    pub lines: Vec<String>,
}

/// What became of an order by letter, told to who gave it; or what could be ordered.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// Appeal number.
    pub number: i64,
    /// «сделано», «не сделано», «не понял поручения»: part of the subject.
    pub title: String,
    /// One sentence: what was done or why not.
    pub said: String,
    /// How things stand now, where it helps.
    pub present: Option<String>,
    /// What can be ordered, each a button.
    pub options: Vec<Choice>,
    /// Until when it can be taken back, where it can.
    pub undo_until: Option<DateTime<Utc>>,
}

/// Weekly report.
#[derive(Debug, Clone, Serialize)]
pub struct Weekly {
    /// Its data.
    pub report: report::Weekly,
    /// Its charts in words.
    pub charts: Vec<ChartWords>,
    /// «4 недели», what it is compared with.
    pub compared: String,
    /// «4 недели назад», for each period before.
    pub ago: Vec<String>,
    /// What its reader can do with the draft for the director.
    pub draft: Option<super::DraftOffer>,
}

/// A chart for whoever does not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartWords {
    /// By which the page shows it.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it says.
    pub words: String,
}
