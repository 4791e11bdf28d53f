//! A letter understood: kind, topic, author, wishes, urgency, with reasons in Russian. Keys and values are those of docs/labels.md.
//!
//! Not here: what is done about it (`decide`). Nothing is guessed silently: `confidence` and `reasons` go with every reading.

mod answers;
mod atoms;
mod author;
mod bounce;
mod by_hand;
mod certification;
mod classes;
mod clauses;
mod contact;
mod danger;
mod days;
mod examples;
mod explain;
mod family;
mod followed;
mod forms;
mod groups;
mod hhmm;
mod hours;
mod intents;
mod kind;
mod language;
mod learned;
mod lexer;
mod likeness;
mod machine;
mod name_words;
mod names;
mod noted;
mod occurs;
mod offers;
pub mod order_absence;
mod order_ends;
pub mod order_incident;
mod order_lines;
pub mod order_list;
mod order_more;
pub mod order_report;
pub mod order_silence;
mod order_slips;
mod order_tails;
mod order_words;
pub mod orders;
mod people;
mod phrases;
mod questions;
mod quoted;
pub mod scores;
mod sent;
mod signs;
mod slot;
mod stretches;
mod stripped;
mod subjects;
mod suits;
mod survey;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_absence;
#[cfg(test)]
mod tests_answers;
#[cfg(test)]
mod tests_author;
#[cfg(test)]
mod tests_bounded;
#[cfg(test)]
mod tests_by_hand;
#[cfg(test)]
mod tests_certification;
#[cfg(test)]
mod tests_free_words;
#[cfg(test)]
mod tests_kinds;
#[cfg(test)]
mod tests_language;
#[cfg(test)]
mod tests_likeness;
#[cfg(test)]
mod tests_order_list;
#[cfg(test)]
mod tests_orders;
#[cfg(test)]
mod tests_orders_life;
#[cfg(test)]
mod tests_replies;
#[cfg(test)]
mod tests_rules;
#[cfg(test)]
mod tests_stripped;
#[cfg(test)]
mod tests_survey;
#[cfg(test)]
mod tests_times;
#[cfg(test)]
mod tests_times_fresh;
#[cfg(test)]
mod tests_times_letters;
#[cfg(test)]
mod tests_times_people;
#[cfg(test)]
mod tests_topic;
#[cfg(test)]
mod tests_urgency;
#[cfg(test)]
mod tests_urgency_first;
#[cfg(test)]
mod tests_urgency_second;
#[cfg(test)]
mod tests_urgency_third;
#[cfg(test)]
mod tests_wishes;
mod thread;
mod times;
mod topic;
mod translit;
mod urgency;
mod validate;
mod verdict;
mod whole;
mod wishes;
mod withheld;
mod words;

pub use by_hand::{Hand, by_hand, times_named};
pub use certification::before_certification;
pub use contact::plain_phone;
pub use examples::Learned;
pub use explain::explain_json;
pub use likeness::{ALIKE, Gist, common_words, compared_with, gist, gist_of, likeness};
pub use order_tails::{date as day_said, named_like, when as moment_said};
pub use questions::sorted;
pub use sent::Sent;
pub use subjects::{SubjectRule, Subjects};
pub use topic::{EMBEDDED, TopicRule, TopicRules, Topics};
pub use urgency::{EMBEDDED as EMBEDDED_URGENCY, SignKind, SignRule, Urgency, UrgencyRules};
pub use validate::{Accuracy, Taught, validate};
pub use whole::understand;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

/// Types of appeal (service.md, "Types of appeal").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of service.md")]
pub enum Category {
    Technical,
    Ejournal,
    LessonQuality,
    Equipment,
    Psychologist,
    SpeechTherapist,
    SocialPedagogue,
    LearningHelp,
    Other,
}

impl Category {
    /// All of them, in the order of service.md.
    pub const ALL: [Category; 9] = [
        Category::Technical,
        Category::Ejournal,
        Category::LessonQuality,
        Category::Equipment,
        Category::Psychologist,
        Category::SpeechTherapist,
        Category::SocialPedagogue,
        Category::LearningHelp,
        Category::Other,
    ];
    /// The key in rules, schema, JSON.
    pub fn key(self) -> &'static str {
        match self {
            Category::Technical => "technical",
            Category::Ejournal => "ejournal",
            Category::LessonQuality => "lesson_quality",
            Category::Equipment => "equipment",
            Category::Psychologist => "psychologist",
            Category::SpeechTherapist => "speech_therapist",
            Category::SocialPedagogue => "social_pedagogue",
            Category::LearningHelp => "learning_help",
            Category::Other => "other",
        }
    }
    /// Its place in [`Category::ALL`]: the number of its class in the classifier.
    pub(crate) fn number(self) -> usize {
        Category::ALL.iter().position(|c| *c == self).unwrap_or_default()
    }
    /// Whether its appeals are its specialist's alone: nobody else reads names, words or topics of them (service.md, "Who sees what").
    pub fn confidential(self) -> bool {
        matches!(self, Category::Psychologist | Category::SocialPedagogue)
    }
    /// The category of a key.
    pub fn from_key(key: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|c| c.key() == key)
    }
    /// What people call it, nominative, lower case.
    pub fn title(self) -> &'static str {
        match self {
            Category::Technical => "технические вопросы",
            Category::Ejournal => "электронный журнал и дневник",
            Category::LessonQuality => "качество уроков",
            Category::Equipment => "техника для учёбы",
            Category::Psychologist => "педагог-психолог",
            Category::SpeechTherapist => "учитель-логопед",
            Category::SocialPedagogue => "социальный педагог",
            Category::LearningHelp => "помощь по предмету",
            Category::Other => "другие вопросы",
        }
    }
}

/// What the letter is (LABELS.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of LABELS.md")]
pub enum Kind {
    NewAppeal,
    ReplyToThread,
    AutoReply,
    Bounce,
    CalendarReply,
    SpamOrList,
    SurveyAnswer,
    StaffForm,
}

/// What a reply wants (LABELS.md, "Further keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of LABELS.md")]
pub enum Intent {
    Accept,
    Tentative,
    Decline,
    Reschedule,
    Withdraw,
    Question,
    Info,
    Complaint,
    NoShow,
    Thanks,
    WrongPerson,
    DataWithdrawal,
    CloseReport,
    Instruction,
    /// "Не помогло": reopens within 14 days.
    NotHelped,
    #[default]
    None,
}

/// Who the author is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of LABELS.md")]
pub enum Role {
    Parent,
    Pupil,
    Teacher,
    Staff,
    #[default]
    Unknown,
}

/// How the author would like to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of LABELS.md")]
pub enum Channel {
    Phone,
    Video,
    Messenger,
    Email,
    InPerson,
}

/// A window of time that suits (or, with `not`, does not). Absent keys do not constrain. Local to the school's zone.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Window {
    /// Days of the week; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "weekdays")]
    pub weekday: Vec<Weekday>,
    /// Not before this local time.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hhmm")]
    pub after: Option<NaiveTime>,
    /// Ended by this local time.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hhmm")]
    pub before: Option<NaiveTime>,
    /// On this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// From this date on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// To this date, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Forbidden instead of wished.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
}

/// A delivery report understood.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Bounce {
    /// `hard`, `soft` or `delayed`.
    #[serde(rename = "type")]
    pub class: BounceClass,
    /// Whom it did not reach.
    pub recipient: Option<String>,
    /// Enhanced status, `5.1.1`.
    pub status: Option<String>,
    /// Everybody else whom the same report calls failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// How bad a bounce is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceClass {
    /// The address does not work.
    Hard,
    /// Mailbox full and the like.
    Soft,
    /// Still being tried: closes nothing.
    Delayed,
}

/// A calendar answer understood; the object itself is in [`Understanding::object`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CalendarAnswer {
    /// `REPLY`, `COUNTER`, …
    pub method: String,
    /// UID of the event.
    pub uid: String,
    /// Who answers.
    pub attendee: Option<String>,
    /// `ACCEPTED`, …
    pub partstat: Option<String>,
    /// Proposed or confirmed start, RFC 3339.
    pub start: Option<DateTime<Utc>>,
}

/// The answered questionnaire (000 App. 2).
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Survey {
    /// 1 to 5.
    pub score: Option<u8>,
    /// `practice`, `theory`, `enough`.
    pub include: Option<String>,
    /// Would recommend.
    pub recommend: Option<bool>,
    /// Impression.
    pub impression: Option<String>,
    /// Wishes.
    pub wishes: Option<String>,
}

/// A member of staff whose name or address may stand in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffName {
    /// Id in `rules/specialists.toml`.
    pub id: String,
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Address, lower case.
    pub email: String,
}

/// What understanding may know besides the letter.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// Our own addresses.
    pub own: &'a [String],
    /// Domains whose senders are staff.
    pub staff_domains: &'a [String],
    /// The staff register.
    pub staff: &'a [StaffName],
    /// The school's own phones, E.164: never the author's.
    pub school_phones: &'a [String],
    /// Letters of ours that this one may answer.
    pub sent: &'a [Sent],
    /// Moment of receipt, for relative dates where the letter has no Date.
    pub received: Option<DateTime<Utc>>,
    /// The school's zone: «завтра» and proposed times are local to it. `None`: the offset of the letter's Date.
    pub zone: Option<chrono_tz::Tz>,
}

/// A letter, understood.
#[derive(Clone, Default)]
pub struct Understanding {
    /// What it is.
    pub kind: Option<Kind>,
    /// Why it is no appeal, for the reconciliation line: `auto_reply`, `list`, `spam`, `own_echo`, …
    pub ignored: Option<&'static str>,
    /// What a reply wants.
    pub intent: Intent,
    /// Who should deal with it.
    pub category: Option<Category>,
    /// The next best guess.
    pub runner_up: Option<Category>,
    /// 0 to 1.
    pub confidence: f64,
    /// A second question.
    pub secondary: Option<Category>,
    /// Waiting may harm a child.
    pub urgent: bool,
    /// «фото», «голосовое сообщение»: what the letter brought instead of words.
    pub wordless: Option<&'static str>,
    /// Death, grave illness, disaster in the family.
    pub delicate: bool,
    /// Complaint, demand to investigate.
    pub complaint: bool,
    /// Asks to talk to a specialist.
    pub wants_consultation: bool,
    /// Role of the author of the appeal.
    pub role: Role,
    /// The author's name as written.
    pub name: Option<String>,
    /// The child's name as written.
    pub child: Option<String>,
    /// `5А`, `10`.
    pub class: Option<String>,
    /// `+7XXXXXXXXXX`.
    pub phone: Option<String>,
    /// Channel wished.
    pub channel: Option<Channel>,
    /// Windows wished and forbidden.
    pub times: Vec<Window>,
    /// Where the answer goes when it is not From.
    pub contact_email: Option<String>,
    /// Ids of staff whom the letter is about (named in a complaint).
    pub about_staff: Vec<String>,
    /// The letter complains about somebody of the school whom the register does not name clearly.
    pub about_unclear: bool,
    /// Message-ID of the letter of ours that it answers.
    pub thread: Option<String>,
    /// Delivery report.
    pub bounce: Option<Bounce>,
    /// Calendar answer.
    pub calendar: Option<CalendarAnswer>,
    /// The calendar object itself.
    pub object: Option<crate::itip::Object>,
    /// Survey.
    pub survey: Option<Survey>,
    /// The language of a letter that is not in Russian, by its Russian name: «английский».
    pub language: Option<&'static str>,
    /// The appeal's own words: form field, forwarded letter or body.
    pub text: String,
    /// Sentences in Russian, each with the words that caused it.
    pub reasons: Vec<String>,
}

/// Weekdays as `mon` … `sun`.
mod weekdays {
    use chrono::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, ser::SerializeSeq};
    pub fn serialize<S: Serializer>(days: &[Weekday], s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(days.len()))?;
        days.iter().try_for_each(|d| seq.serialize_element(&d.to_string().to_lowercase()))?;
        seq.end()
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Weekday>, D::Error> {
        Vec::<String>::deserialize(d)?.iter().map(|s| s.parse().map_err(|_| serde::de::Error::custom(format!("no weekday: {s}")))).collect()
    }
}
